//! `/api/applications/{id}/secrets`

use std::time::Duration;

use serde_json::json;

use crate::{
    each_setup,
    support::{
        answer::Answer,
        fixtures::Client,
        server::{START, TestServer},
    },
};

/// Asks for a token with a secret.
async fn authenticate(server: &TestServer, client: &Client, secret: &str) -> Answer {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", client.id.as_str()),
        ("client_secret", secret),
        ("resource", "https://default.logto.app/api"),
    ];
    server.post_form("/oidc/token", &fields).await
}

each_setup! {
    async fn secrets_are_made_listed_renamed_and_deleted(server: TestServer) {
        let admin = server.admin().await;
        let client = server.machine(false).await;
        let path = format!("/api/applications/{}/secrets", client.id);
        let first = json!({
            "tenantId": "default", "applicationId": client.id, "name": "Default secret", "value": client.secret(),
            "createdAt": START.0, "expiresAt": null,
        });
        let listed = admin.get(&path).await.expect(200);
        assert_eq!(listed.json(), json!([first]));
        assert_eq!(listed.header("cache-control"), "no-store");

        server.wait(Duration::from_millis(1));
        let made = admin.post(&path, json!({"name": "次の / ?", "expiresAt": START.0 + 60_000})).await.expect(201).json();
        let value = made["value"].as_str().unwrap().to_owned();
        assert!(value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{}", value.len());
        assert_eq!(made, json!({
            "tenantId": "default", "applicationId": client.id, "name": "次の / ?", "value": value,
            "createdAt": START.0 + 1, "expiresAt": START.0 + 60_000,
        }));
        assert_eq!(admin.get(&path).await.expect(200).json(), json!([first, made]));
        authenticate(&server, &client, &value).await.expect(200);
        authenticate(&server, &client, client.secret()).await.expect(200);

        let renamed = admin.patch(&format!("{path}/%E6%AC%A1%E3%81%AE%20%2F%20%3F"), json!({"name": "second"})).await.expect(200).json();
        assert_eq!((&renamed["name"], &renamed["value"]), (&json!("second"), &json!(value)));
        authenticate(&server, &client, &value).await.expect(200);

        assert!(admin.delete(&format!("{path}/Default%20secret")).await.expect(204).body.is_empty());
        for _ in 0..2 {
            let refused = authenticate(&server, &client, client.secret()).await.expect(401);
            assert_eq!(refused.json()["error"], "invalid_client");
        }
        authenticate(&server, &client, &value).await.expect(200);
        assert_eq!(admin.get(&path).await.json(), json!([renamed]));
    }
}

each_setup! {
    async fn an_expired_secret_holds_no_longer(server: TestServer) {
        let admin = server.admin().await;
        let client = server.machine(false).await;
        let path = format!("/api/applications/{}/secrets", client.id);
        let made = admin.post(&path, json!({"name": "short", "expiresAt": START.0 + 1000})).await.expect(201).json();
        let value = made["value"].as_str().unwrap();
        server.wait(Duration::from_millis(999));
        authenticate(&server, &client, value).await.expect(200);
        server.wait(Duration::from_millis(1));
        let status = authenticate(&server, &client, value).await.status.as_u16();
        assert!(status == 400 || status == 401, "{status}");
        authenticate(&server, &client, client.secret()).await.expect(200);
        for expires_at in [json!(START.0), json!(0), json!(-1), json!("tomorrow"), json!(1.5)] {
            let error = admin.post(&path, json!({"name": "x", "expiresAt": expires_at})).await.expect(400).json();
            assert!(error["details"].as_str().unwrap().starts_with("Error in key path \"expiresAt\""), "{error}");
        }
    }
}

each_setup! {
    async fn names_of_secrets_are_unique_in_an_application(server: TestServer) {
        let admin = server.admin().await;
        let client = server.machine(false).await;
        let path = format!("/api/applications/{}/secrets", client.id);
        admin.post(&path, json!({"name": "second"})).await.expect(201);
        let refused = admin.post(&path, json!({"name": "second"})).await.expect(422);
        assert_eq!(refused.code(), "application.secret_name_in_use");
        let refused = admin.patch(&format!("{path}/second"), json!({"name": "Default secret"})).await.expect(422);
        assert_eq!(refused.code(), "application.secret_name_in_use");
        for answer in [
            admin.patch(&format!("{path}/third"), json!({"name": "x"})).await,
            admin.delete(&format!("{path}/third")).await,
            admin.delete(&format!("{path}/{}", "x".repeat(256))).await,
        ] {
            assert_eq!(answer.expect(404).code(), "application.secret_not_found");
        }
        for name in ["", " ", &"x".repeat(257)] {
            let error = admin.post(&path, json!({"name": name})).await.expect(400).json();
            assert!(error["details"].as_str().unwrap().starts_with("Error in key path \"name\""), "{error}");
        }
        assert_eq!(admin.get(&path).await.json().as_array().unwrap().len(), 2);
        let other = server.machine(false).await;
        admin.post(&format!("/api/applications/{}/secrets", other.id), json!({"name": "second"})).await.expect(201);
    }
}

each_setup! {
    async fn a_public_client_has_no_secrets(server: TestServer) {
        let admin = server.admin().await;
        let path = format!("/api/applications/{}/secrets", server.spa().await.id);
        assert_eq!(admin.get(&path).await.expect(200).json(), json!([]));
        let refused = admin.post(&path, json!({"name": "x"})).await.expect(422);
        assert_eq!(refused.code(), "application.secrets_not_supported");
    }
}

each_setup! {
    async fn an_application_has_at_most_twenty_secrets(server: TestServer) {
        let admin = server.admin().await;
        let client = server.machine(false).await;
        let path = format!("/api/applications/{}/secrets", client.id);
        for number in 1..19 {
            admin.post(&path, json!({"name": format!("s{number}")})).await.expect(201);
        }
        // one place is left, and of five at once one gets it
        let names: Vec<String> = (0..5).map(|number| format!("last{number}")).collect();
        let last = names.iter().map(|name| admin.post(&path, json!({"name": name})));
        let answers = futures_util::future::join_all(last).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422, 422, 422, 422]);
        let refused = answers.iter().find(|answer| answer.status.as_u16() == 422).unwrap();
        assert_eq!(refused.json()["code"], "entity.too_many");
        assert_eq!(admin.get(&path).await.json().as_array().unwrap().len(), 20);
        admin.delete(&format!("{path}/s1")).await.expect(204);
        admin.post(&path, json!({"name": "s1"})).await.expect(201);
    }
}
