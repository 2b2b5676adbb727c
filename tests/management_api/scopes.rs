//! `/api/resources/{id}/scopes`

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        client::ApiClient,
        server::{START, TestServer},
    },
};

async fn new_resource(admin: &ApiClient, name: &str) -> String {
    let body = json!({"name": name, "indicator": format!("https://{name}.example")});
    admin.post("/api/resources", body).await.expect(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

each_setup! {
    async fn scopes_are_made_listed_changed_and_deleted(server: TestServer) {
        let admin = server.admin().await;
        let resource = new_resource(&admin, "shop").await;
        let path = format!("/api/resources/{resource}/scopes");
        assert_eq!(admin.get(&path).await.expect(200).json(), json!([]));
        let made = admin.post(&path, json!({"name": "read:orders", "description": "注文を読む"})).await.expect(201).json();
        assert_eq!(made["id"].as_str().unwrap().len(), 21);
        let mut expected = json!({
            "tenantId": "default", "id": made["id"], "resourceId": resource, "name": "read:orders",
            "description": "注文を読む", "createdAt": START.0,
        });
        assert_eq!(made, expected);
        server.wait(Duration::from_millis(1));
        let second = admin.post(&path, json!({"name": "write", "description": ""})).await.expect(201).json();
        assert_eq!(second["description"], Value::Null);
        assert_eq!(admin.get(&path).await.expect(200).json(), json!([made, second]));
        let page = admin.get(&format!("{path}?page=2&page_size=1")).await.expect(200);
        assert_eq!((page.json(), page.header("total-number")), (json!([second]), "2"));

        let one = format!("{path}/{}", made["id"].as_str().unwrap());
        assert_eq!(admin.patch(&one, json!({})).await.expect(200).json(), expected);
        for (body, name, description) in [
            (json!({"name": "read"}), "read", json!("注文を読む")),
            (json!({"description": null}), "read", json!(null)),
            (json!({"description": "x"}), "read", json!("x")),
            (json!({"description": ""}), "read", json!(null)),
        ] {
            expected["name"] = json!(name);
            expected["description"] = description;
            assert_eq!(admin.patch(&one, body).await.expect(200).json(), expected);
        }
        assert!(admin.delete(&one).await.expect(204).body.is_empty());
        assert_eq!(admin.get(&path).await.json(), json!([second]));
        for answer in [admin.delete(&one).await, admin.patch(&one, json!({"name": "x"})).await] {
            assert_eq!(answer.expect(404).code(), "entity.not_exists_with_id");
        }
    }
}

each_setup! {
    async fn a_name_is_a_scope_token_unique_in_its_resource(server: TestServer) {
        let admin = server.admin().await;
        let (one, other) = (new_resource(&admin, "one").await, new_resource(&admin, "other").await);
        let path = format!("/api/resources/{one}/scopes");
        let read = admin.post(&path, json!({"name": "read"})).await.expect(201).json();
        let write = admin.post(&path, json!({"name": "write"})).await.expect(201).json();
        assert_eq!(admin.post(&path, json!({"name": "read"})).await.expect(422).code(), "scope.name_exists");
        let write_path = format!("{path}/{}", write["id"].as_str().unwrap());
        assert_eq!(admin.patch(&write_path, json!({"name": "read"})).await.expect(422).code(), "scope.name_exists");
        admin.post(&format!("/api/resources/{other}/scopes"), json!({"name": "read"})).await.expect(201);
        for name in ["", "a b", "a\"b", "a\\b", "名", "a\n", &"x".repeat(257)] {
            let error = admin.post(&path, json!({"name": name})).await.expect(400).json();
            assert!(error["details"].as_str().unwrap().starts_with("Error in key path \"name\""), "{error}");
            admin.patch(&write_path, json!({"name": name})).await.expect(400);
        }
        let error = admin.post(&path, json!({"name": "x", "description": "x".repeat(1025)})).await.expect(400).json();
        assert!(error["details"].as_str().unwrap().starts_with("Error in key path \"description\""), "{error}");

        // A scope is reached through its own resource only.
        let through_other = format!("/api/resources/{other}/scopes/{}", read["id"].as_str().unwrap());
        admin.patch(&through_other, json!({"name": "x"})).await.expect(404);
        admin.delete(&through_other).await.expect(404);
        assert_eq!(admin.get(&path).await.json().as_array().unwrap().len(), 2);
    }
}
