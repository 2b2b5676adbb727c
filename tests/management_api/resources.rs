//! `/api/resources`

use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{client::ApiClient, fixtures::Client, server::TestServer},
};

async fn create(admin: &ApiClient, body: Value) -> Value {
    admin.post("/api/resources", body).await.expect(201).json()
}

fn path_of(resource: &Value) -> String {
    format!("/api/resources/{}", resource["id"].as_str().unwrap())
}

/// A token request of a machine that names no resource, or this one.
async fn ask_token(
    server: &TestServer,
    client: &Client,
    resource: Option<&str>,
) -> Result<Value, Value> {
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_id", client.id.as_str()),
        ("client_secret", client.secret()),
    ];
    fields.extend(resource.map(|resource| ("resource", resource)));
    let answer = server.post_form("/oidc/token", &fields).await;
    if answer.status == 200 {
        Ok(answer.json())
    } else {
        Err(answer.expect(400).json()["error"].clone())
    }
}

each_setup! {
    async fn a_resource_is_made_read_and_changed(server: TestServer) {
        let admin = server.admin().await;
        let made = create(&admin, json!({"name": "店 API", "indicator": "https://shop.example/api?v=1"})).await;
        assert_eq!(made["id"].as_str().unwrap().len(), 21);
        let mut expected = json!({
            "tenantId": "default", "id": made["id"], "name": "店 API", "indicator": "https://shop.example/api?v=1",
            "isDefault": false, "accessTokenTtl": 3600,
        });
        assert_eq!(made, expected);
        let path = path_of(&made);
        assert_eq!(admin.get(&path).await.expect(200).json(), expected);
        let body = json!({"name": "B", "accessTokenTtl": 60, "indicator": "https://other.example", "isDefault": true});
        let changed = admin.patch(&path, body).await.expect(200).json();
        expected["name"] = json!("B");
        expected["accessTokenTtl"] = json!(60);
        assert_eq!(changed, expected, "the indicator stays, and the default is set elsewhere");
        assert_eq!(admin.patch(&path, json!({})).await.expect(200).json(), expected);
        assert_eq!(admin.get(&path).await.expect(200).json(), expected);
        assert_eq!(create(&admin, json!({"name": "C", "indicator": "urn:c", "accessTokenTtl": 86_400})).await["accessTokenTtl"], 86_400);
    }
}

each_setup! {
    async fn an_indicator_belongs_to_one_resource(server: TestServer) {
        let admin = server.admin().await;
        create(&admin, json!({"name": "A", "indicator": "https://a.example"})).await;
        for indicator in ["https://a.example", "https://default.logto.app/api"] {
            let refused = admin.post("/api/resources", json!({"name": "B", "indicator": indicator})).await.expect(422);
            assert_eq!(refused.code(), "resource.resource_identifier_in_use");
        }
    }
}

each_setup! {
    async fn what_is_wrong_is_named(server: TestServer) {
        let admin = server.admin().await;
        let path = path_of(&create(&admin, json!({"name": "A", "indicator": "https://a.example"})).await);
        for (body, line) in [
            (json!({"indicator": "https://b.example"}), "Error in key path \"name\": (required)"),
            (json!({"name": "B"}), "Error in key path \"indicator\": (required)"),
            (json!({"name": "", "indicator": "https://b.example"}), "Error in key path \"name\": (too_short)"),
            (json!({"name": "B", "indicator": ""}), "Error in key path \"indicator\": (url)"),
            (json!({"name": "B", "indicator": "b"}), "Error in key path \"indicator\": (url)"),
            (json!({"name": "B", "indicator": "https://b.example#f"}), "Error in key path \"indicator\": (url)"),
            (json!({"name": "B", "indicator": "https://b.example/a b"}), "Error in key path \"indicator\": (url)"),
            (json!({"name": "B", "indicator": format!("https://b.example/{}", "x".repeat(1024))}), "Error in key path \"indicator\": (too_long)"),
            (json!({"name": "B", "indicator": "urn:b", "accessTokenTtl": 59}), "Error in key path \"accessTokenTtl\": (range)"),
            (json!({"name": "B", "indicator": "urn:b", "accessTokenTtl": 86_401}), "Error in key path \"accessTokenTtl\": (range)"),
        ] {
            let error = admin.post("/api/resources", body).await.expect(400).json();
            assert!(error["details"].as_str().unwrap().starts_with(line), "{error}");
        }
        for (body, line) in [
            (json!({"name": " "}), "Error in key path \"name\": (too_short)"),
            (json!({"name": "x".repeat(257)}), "Error in key path \"name\": (too_long)"),
            (json!({"accessTokenTtl": 0}), "Error in key path \"accessTokenTtl\": (range)"),
        ] {
            let error = admin.patch(&path, body).await.expect(400).json();
            assert!(error["details"].as_str().unwrap().starts_with(line), "{error}");
        }
        assert_eq!(admin.get("/api/resources").await.json().as_array().unwrap().len(), 3, "nothing was made");
    }
}

each_setup! {
    async fn the_default_is_one_resource_and_that_of_requests_that_name_none(server: TestServer) {
        let admin = server.admin().await;
        let machine = server.machine(false).await;
        assert_eq!(ask_token(&server, &machine, None).await, Err(json!("invalid_target")));
        let (a, b) = (
            create(&admin, json!({"name": "A", "indicator": "https://a.example"})).await,
            create(&admin, json!({"name": "B", "indicator": "https://b.example"})).await,
        );
        for (resource, is_default) in [(&a, true), (&b, true), (&b, true)] {
            let set = admin.patch(&format!("{}/is-default", path_of(resource)), json!({"isDefault": is_default})).await;
            assert_eq!(set.expect(200).json()["isDefault"], is_default);
        }
        assert_eq!(admin.get(&path_of(&a)).await.json()["isDefault"], false);
        assert_eq!(admin.get(&path_of(&b)).await.json()["isDefault"], true);
        assert!(ask_token(&server, &machine, None).await.is_ok());
        admin.patch(&format!("{}/is-default", path_of(&b)), json!({"isDefault": false})).await.expect(200);
        for _ in 0..2 {
            assert_eq!(ask_token(&server, &machine, None).await, Err(json!("invalid_target")));
        }
        for body in [json!({}), json!({"isDefault": "yes"}), json!({"isDefault": null})] {
            admin.patch(&format!("{}/is-default", path_of(&b)), body).await.expect(400);
        }
    }
}

each_setup! {
    async fn a_token_lives_as_long_as_its_resource_says(server: TestServer) {
        let admin = server.admin().await;
        let machine = server.machine(false).await;
        let made = create(&admin, json!({"name": "A", "indicator": "https://a.example", "accessTokenTtl": 120})).await;
        let ask = async || ask_token(&server, &machine, Some("https://a.example")).await;
        assert_eq!(ask().await.unwrap()["expires_in"], 120);
        admin.patch(&path_of(&made), json!({"accessTokenTtl": 600})).await.expect(200);
        for _ in 0..2 {
            assert_eq!(ask().await.unwrap()["expires_in"], 600);
        }
        assert!(admin.delete(&path_of(&made)).await.expect(204).body.is_empty());
        for _ in 0..2 {
            assert_eq!(ask().await, Err(json!("invalid_target")));
        }
        for answer in [
            admin.get(&path_of(&made)).await,
            admin.patch(&path_of(&made), json!({"name": "x"})).await,
            admin.patch(&format!("{}/is-default", path_of(&made)), json!({"isDefault": true})).await,
            admin.delete(&path_of(&made)).await,
            admin.get(&format!("{}/scopes", path_of(&made))).await,
            admin.post(&format!("{}/scopes", path_of(&made)), json!({"name": "x"})).await,
        ] {
            assert_eq!(answer.expect(404).code(), "entity.not_exists_with_id");
        }
    }
}

each_setup! {
    async fn the_resources_of_the_product_stay(server: TestServer) {
        let admin = server.admin().await;
        for id in ["management-api", "login-api"] {
            let refused = admin.delete(&format!("/api/resources/{id}")).await.expect(422);
            assert_eq!(refused.code(), "resource.cannot_change_built_in");
            for refused in [
                admin.post(&format!("/api/resources/{id}/scopes"), json!({"name": "more"})).await,
                admin.patch(&format!("/api/resources/{id}/scopes/{id}-all"), json!({"name": "none"})).await,
                admin.delete(&format!("/api/resources/{id}/scopes/{id}-all")).await,
            ] {
                assert_eq!(refused.expect(422).code(), "resource.cannot_change_built_in");
            }
        }
        let listed = admin.get("/api/resources?includeScopes=true").await.expect(200).json();
        let own = listed.as_array().unwrap().iter().find(|one| one["id"] == "management-api").unwrap();
        assert_eq!(own["indicator"], "https://default.logto.app/api");
        assert_eq!(own["scopes"][0]["name"], "all");
        assert!(admin.get("/api/resources").await.json()[0].get("scopes").is_none());
    }
}
