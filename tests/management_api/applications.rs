//! `/api/applications`

use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        browser::parameter,
        client::ApiClient,
        fixtures::{Client, REDIRECT_URI},
        server::{START, TestServer},
    },
};

async fn create(admin: &ApiClient, body: Value) -> Value {
    admin
        .post("/api/applications", body)
        .await
        .expect(200)
        .json()
}

fn path_of(application: &Value) -> String {
    format!("/api/applications/{}", application["id"].as_str().unwrap())
}

each_setup! {
    async fn an_application_of_each_type_begins_empty(server: TestServer) {
        let admin = server.admin().await;
        for (kind, secrets) in [("Native", 0), ("SPA", 0), ("Traditional", 1), ("MachineToMachine", 1)] {
            let made = create(&admin, json!({"name": "名 <b>", "type": kind})).await;
            let id = made["id"].as_str().unwrap();
            assert_eq!(id.len(), 21);
            let mut expected = json!({
                "tenantId": "default", "id": id, "name": "名 <b>", "description": null, "type": kind,
                "oidcClientMetadata": {"redirectUris": [], "postLogoutRedirectUris": []},
                "customClientMetadata": {}, "protectedAppMetadata": null, "customData": {},
                "isThirdParty": false, "appLevelAccessControlEnabled": false, "createdAt": START.0,
            });
            assert_eq!(made, expected, "the secret is read elsewhere");
            expected["isAdmin"] = json!(false);
            let got = admin.get(&path_of(&made)).await.expect(200);
            assert_eq!(got.json(), expected);
            assert!(!got.header("etag").is_empty());
            let listed = admin.get(&format!("{}/secrets", path_of(&made))).await.expect(200).json();
            assert_eq!(listed.as_array().unwrap().len(), secrets, "{kind}");
        }
    }
}

each_setup! {
    async fn every_member_that_is_given_comes_back(server: TestServer) {
        let admin = server.admin().await;
        let given = json!({
            "name": "Shop", "type": "Traditional", "description": "a\nb",
            "oidcClientMetadata": {
                "redirectUris": ["https://shop.example/cb?x=1", "http://localhost:3000/cb"],
                "postLogoutRedirectUris": ["https://shop.example/"],
                "backchannelLogoutUri": "https://shop.example/bcl", "backchannelLogoutSessionRequired": true,
                "logoUri": "https://shop.example/logo.svg",
                "tokenEndpointAuthMethod": "private_key_jwt",
                "jwks": {"keys": [{
                    "kty": "EC", "crv": "P-256", "kid": "1", "more": [1],
                    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
                }]},
            },
            "customClientMetadata": {
                "corsAllowedOrigins": ["https://shop.example"], "idTokenTtl": 600, "refreshTokenTtl": 3600,
                "refreshTokenTtlInDays": 30, "alwaysIssueRefreshToken": true, "rotateRefreshToken": false,
                "idTokenSignedResponseAlg": "ES256", "userinfoSignedResponseAlg": "RS256",
            },
            "customData": {"a": {"b": [1]}},
        });
        let made = create(&admin, given.clone()).await;
        for (name, value) in given.as_object().unwrap() {
            assert_eq!(&made[name], value);
        }
        let got = admin.get(&path_of(&made)).await.expect(200).json();
        for (name, value) in made.as_object().unwrap() {
            assert_eq!(&got[name], value);
        }
        assert_eq!(admin.get("/api/applications?types=Traditional").await.json(), json!([made]));
    }
}

each_setup! {
    async fn the_right_to_call_this_api_is_shown(server: TestServer) {
        let admin = server.admin().await;
        let listed = admin.get("/api/applications?types=MachineToMachine").await.expect(200).json();
        let own = admin.get(&path_of(&listed[0])).await.expect(200).json();
        assert_eq!(own["isAdmin"], true);
        let other = server.machine(false).await;
        assert_eq!(admin.get(&format!("/api/applications/{}", other.id)).await.json()["isAdmin"], false);
    }
}

each_setup! {
    async fn a_change_keeps_what_is_absent_and_replaces_objects(server: TestServer) {
        let admin = server.admin().await;
        let made = create(&admin, json!({
            "name": "A", "type": "SPA", "description": "d", "customData": {"a": 1},
            "oidcClientMetadata": {"redirectUris": ["https://a.example/"], "logoUri": "https://a.example/l"},
            "customClientMetadata": {"idTokenTtl": 60},
        })).await;
        let path = path_of(&made);
        assert_eq!(admin.patch(&path, json!({})).await.expect(200).json(), made);
        let mut expected = made;
        for body in [
            json!({"name": "B"}),
            json!({"description": "e"}),
            json!({"customData": {"b": 2}}),
            json!({"oidcClientMetadata": {"redirectUris": ["https://b.example/"], "postLogoutRedirectUris": []}}),
            json!({"customClientMetadata": {"refreshTokenTtlInDays": 3}}),
            json!({"description": null}),
        ] {
            for (name, value) in body.as_object().unwrap() {
                expected[name] = value.clone();
            }
            assert_eq!(admin.patch(&path, body).await.expect(200).json(), expected);
        }
        assert_eq!(admin.patch(&path, json!({"description": "x"})).await.expect(200).json()["description"], "x");
        assert_eq!(admin.patch(&path, json!({"description": ""})).await.expect(200).json()["description"], Value::Null);
        let with_what_is_fixed = json!({"type": "SPA", "isThirdParty": false, "id": "x", "tenantId": "x", "createdAt": 1});
        assert_eq!(admin.patch(&path, with_what_is_fixed).await.expect(200).json(), expected);
        for body in [json!({"type": "Native"}), json!({"type": "nonsense"}), json!({"isThirdParty": true})] {
            assert_eq!(admin.patch(&path, body).await.expect(422).code(), "application.type_fixed");
        }
    }
}

each_setup! {
    async fn what_is_wrong_is_named(server: TestServer) {
        let admin = server.admin().await;
        let path = path_of(&create(&admin, json!({"name": "A", "type": "SPA"})).await);
        for (body, line) in [
            (json!({"name": ""}), "Error in key path \"name\": (too_short)"),
            (json!({"name": "x".repeat(257)}), "Error in key path \"name\": (too_long)"),
            (json!({"description": "x".repeat(1025)}), "Error in key path \"description\": (too_long)"),
            (json!({"oidcClientMetadata": {"redirectUris": ["https://a.example/", "*"]}}), "Error in key path \"oidcClientMetadata.redirectUris.1\": (redirect_uri)"),
            (json!({"oidcClientMetadata": {"redirectUris": ["https://*.example/cb"]}}), "Error in key path \"oidcClientMetadata.redirectUris.0\": (redirect_uri)"),
            (json!({"oidcClientMetadata": {"redirectUris": ["javascript:alert(1)"]}}), "Error in key path \"oidcClientMetadata.redirectUris.0\": (redirect_uri)"),
            (json!({"oidcClientMetadata": {"redirectUris": ["https://a.example/#f"]}}), "Error in key path \"oidcClientMetadata.redirectUris.0\": (redirect_uri)"),
            (json!({"oidcClientMetadata": {"redirectUris": "https://a.example/"}}), "Error in key path \"oidcClientMetadata.redirectUris\": (type)"),
            (json!({"oidcClientMetadata": {"postLogoutRedirectUris": ["/"]}}), "Error in key path \"oidcClientMetadata.postLogoutRedirectUris.0\": (redirect_uri)"),
            (json!({"oidcClientMetadata": {"redirectUris": vec!["https://a.example/"; 101]}}), "Error in key path \"oidcClientMetadata.redirectUris\": (too_many)"),
            (json!({"oidcClientMetadata": {"logoUri": "data:x"}}), "Error in key path \"oidcClientMetadata.logoUri\": (url)"),
            (json!({"oidcClientMetadata": {"tokenEndpointAuthMethod": "private_key_jwt"}}), "Error in key path \"oidcClientMetadata.tokenEndpointAuthMethod\": (enum)"),
            (json!({"oidcClientMetadata": {"tokenEndpointAuthMethod": "plain"}}), "Error in key path \"oidcClientMetadata.tokenEndpointAuthMethod\": (enum)"),
            (json!({"oidcClientMetadata": {"jwks": []}}), "Error in key path \"oidcClientMetadata.jwks\": (type)"),
            (json!({"oidcClientMetadata": {"jwks": {"keys": []}}}), "Error in key path \"oidcClientMetadata.jwks.keys\": (jwks)"),
            (json!({"oidcClientMetadata": {"jwks": {"keys": [{"kty": "oct", "k": "x"}]}}}), "Error in key path \"oidcClientMetadata.jwks.keys.0\": (jwks)"),
            (json!({"oidcClientMetadata": {"jwks": {"keys": [{"kty": "oct"}]}}}), "Error in key path \"oidcClientMetadata.jwks\": (jwks)"),
            (json!({"oidcClientMetadata": {"jwksUri": "/jwks"}}), "Error in key path \"oidcClientMetadata.jwksUri\": (url)"),
            (json!({"oidcClientMetadata": {"jwksUri": "http://a.example/jwks"}}), "Error in key path \"oidcClientMetadata.jwksUri\": (url)"),
            (json!({"oidcClientMetadata": {"jwksUri": "http://10.0.0.1/jwks"}}), "Error in key path \"oidcClientMetadata.jwksUri\": (url)"),
            (json!({"oidcClientMetadata": {"jwksUri": "https://a.example/", "jwks": {"keys": [{}]}}}), "Error in key path \"oidcClientMetadata.jwksUri\": (one_of)"),
            (json!({"customClientMetadata": {"userinfoSignedResponseAlg": "HS256"}}), "Error in key path \"customClientMetadata.userinfoSignedResponseAlg\": (algorithm)"),
            (json!({"customClientMetadata": {"idTokenTtl": 59}}), "Error in key path \"customClientMetadata.idTokenTtl\": (range)"),
            (json!({"customClientMetadata": {"refreshTokenTtlInDays": 181}}), "Error in key path \"customClientMetadata.refreshTokenTtlInDays\": (range)"),
            (json!({"customClientMetadata": {"rotateRefreshToken": false}}), "Error in key path \"customClientMetadata.rotateRefreshToken\": (rotation)"),
            (json!({"customClientMetadata": {"idTokenSignedResponseAlg": "none"}}), "Error in key path \"customClientMetadata.idTokenSignedResponseAlg\": (algorithm)"),
            (json!({"customClientMetadata": {"corsAllowedOrigins": ["https://a.example/x"]}}), "Error in key path \"customClientMetadata.corsAllowedOrigins.0\": (origin)"),
            (json!({"customClientMetadata": {"corsAllowedOrigins": ["*"]}}), "Error in key path \"customClientMetadata.corsAllowedOrigins.0\": (origin)"),
            (json!({"customData": {"a": "x".repeat(70_000)}}), "Error in key path \"customData\": (too_long)"),
        ] {
            let mut new = json!({"name": "N", "type": "SPA"});
            new.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
            for refused in [admin.post("/api/applications", new).await, admin.patch(&path, body.clone()).await] {
                let error = refused.expect(400).json();
                assert_eq!(error["code"], "guard.invalid_input", "{body}");
                let details = error["details"].as_str().unwrap();
                assert!(details.starts_with(line), "{details}");
            }
        }
        for (body, status, code) in [
            (json!({"type": "SPA"}), 400, "guard.invalid_input"),
            (json!({"name": "a"}), 400, "guard.invalid_input"),
            (json!({"name": "a", "type": "spa"}), 400, "guard.invalid_input"),
            (json!({"name": "a", "type": "SAML"}), 422, "application.saml.use_saml_app_api"),
            (json!({"name": "a", "type": "Protected"}), 422, "application.type_not_supported"),
            (json!({"name": "a", "type": "MachineToMachine", "isThirdParty": true}), 422, "application.invalid_third_party_application_type"),
        ] {
            assert_eq!(admin.post("/api/applications", body).await.expect(status).code(), code);
        }
        assert_eq!(admin.get("/api/applications?types=SPA").await.json().as_array().unwrap().len(), 1, "nothing was made");
    }
}

each_setup! {
    async fn the_list_is_narrowed_by_type(server: TestServer) {
        let admin = server.admin().await;
        for kind in ["SPA", "Native", "Traditional"] {
            create(&admin, json!({"name": kind, "type": kind})).await;
        }
        let count = async |query: &str| {
            admin.get(&format!("/api/applications?{query}")).await.expect(200).json().as_array().unwrap().len()
        };
        assert_eq!(count("").await, 4);
        assert_eq!(count("types=SPA").await, 1);
        assert_eq!(count("types=SPA&types=MachineToMachine").await, 2);
        assert_eq!(count("types%5B%5D=SPA&types%5B%5D=Native").await, 2);
        assert_eq!(count("isThirdParty=true").await, 0);
        assert_eq!(count("isThirdParty=false").await, 4);
        let paged = admin.get("/api/applications?types=SPA&types=Native&page=2&page_size=1").await.expect(200);
        assert_eq!((paged.json().as_array().unwrap().len(), paged.header("total-number")), (1, "2"));
        assert_eq!(admin.get("/api/applications?types=spa").await.expect(400).code(), "guard.invalid_input");
        for query in ["search=a", "excludeRoleId=a", "excludeOrganizationId=a"] {
            let refused = admin.get(&format!("/api/applications?{query}")).await.expect(400);
            assert_eq!(refused.code(), "request.invalid_input", "{query}");
        }
    }
}

each_setup! {
    async fn custom_data_is_merged_from_the_bare_object(server: TestServer) {
        let admin = server.admin().await;
        let made = create(&admin, json!({"name": "A", "type": "SPA", "customData": {"a": {"x": 1}, "b": 2}})).await;
        let path = format!("{}/custom-data", path_of(&made));
        let merged = admin.patch(&path, json!({"a": {"y": 2}, "customData": null})).await.expect(200).json();
        assert_eq!(merged, json!({"a": {"y": 2}, "b": 2, "customData": null}));
        assert_eq!(admin.get(&path_of(&made)).await.json()["customData"], merged);
        admin.patch(&path, json!({"c": "x".repeat(70_000)})).await.expect(400);
        admin.patch("/api/applications/nobody/custom-data", json!({})).await.expect(404);
    }
}

each_setup! {
    async fn a_changed_redirect_uri_holds_at_once(server: TestServer) {
        let admin = server.admin().await;
        let client = server.spa().await;
        server.browser().authorize(&client, &[]).await.page();
        let path = format!("/api/applications/{}", client.id);
        let body = json!({"oidcClientMetadata": {"redirectUris": ["https://elsewhere.example/cb"]}});
        admin.patch(&path, body).await.expect(200);
        for _ in 0..2 {
            let (_, refused) = server.browser().authorize(&client, &[]).await.page();
            assert_eq!(refused.status, 400);
        }
    }
}

each_setup! {
    async fn a_deleted_application_is_gone_with_secrets_and_tokens(server: TestServer) {
        let admin = server.admin().await;
        let made = create(&admin, json!({
            "name": "A", "type": "Traditional", "oidcClientMetadata": {"redirectUris": [REDIRECT_URI]},
        })).await;
        let path = path_of(&made);
        let secrets = admin.get(&format!("{path}/secrets")).await.expect(200).json();
        let client = Client {
            id: made["id"].as_str().unwrap().to_owned(),
            secret: Some(secrets[0]["value"].as_str().unwrap().to_owned()),
        };
        server.person("sakura").await;
        let back = server.browser().sign_in(&client, "sakura", &[]).await;
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();

        assert!(admin.delete(&path).await.expect(204).body.is_empty());
        for answer in [
            admin.get(&path).await,
            admin.patch(&path, json!({"name": "x"})).await,
            admin.delete(&path).await,
            admin.patch(&format!("{path}/custom-data"), json!({})).await,
            admin.get(&format!("{path}/secrets")).await,
            admin.post(&format!("{path}/secrets"), json!({"name": "x"})).await,
            admin.patch(&format!("{path}/secrets/Default%20secret"), json!({"name": "x"})).await,
            admin.delete(&format!("{path}/secrets/Default%20secret")).await,
        ] {
            assert_eq!(answer.expect(404).code(), "entity.not_exists_with_id");
        }
        server.bearer(tokens["access_token"].as_str().unwrap()).get("/oidc/me").await.expect(401);
        let refused = server.refresh(&client, tokens["refresh_token"].as_str().unwrap(), &[]).await.expect(401);
        assert_eq!(refused.json()["error"], "invalid_client");
        let (_, page) = server.browser().authorize(&client, &[]).await.page();
        assert_eq!(page.status, 400);
    }
}
