//! The audit log: one record for each change by an administrator, in the same batch as the change.

use http::Method;
use meibo_store::db::{Row, Sql};
use serde_json::{Value, json};

use super::operations::{Things, call, guarded};
use crate::{
    each_setup,
    support::{
        answer::Answer,
        server::{START, TestServer},
    },
};

/// The records of the log that are not in `before`.
async fn records(server: &TestServer, before: &[String]) -> Vec<Row> {
    let sql = Sql::from(
        "SELECT id, at, actor_type, actor_id, action, target_type, target_id, detail, address, request_id FROM audit_log",
    );
    let rows = server.app().database().query(&sql, &[]).await.unwrap();
    rows.into_iter()
        .filter(|row| !before.contains(&row.text(0).unwrap()))
        .collect()
}

async fn ids(server: &TestServer) -> Vec<String> {
    records(server, &[])
        .await
        .iter()
        .map(|row| row.text(0).unwrap())
        .collect()
}

/// What the operation's record says that was done, and to which kind of thing.
fn expected(operation: &str) -> Option<(&'static str, &'static str)> {
    Some(match operation {
        "create_user" => ("User.Created", "user"),
        "update_user" | "merge_user_custom_data" | "merge_user_profile" => ("User.Updated", "user"),
        "delete_user" => ("User.Deleted", "user"),
        "set_user_password" => ("User.PasswordSet", "user"),
        "set_user_suspension" => ("User.SuspensionStatusUpdated", "user"),
        "end_user_session" => ("User.SessionEnded", "user"),
        "revoke_user_consent" => ("User.ConsentRevoked", "user"),
        "revoke_user_grant" => ("User.GrantRevoked", "user"),
        "create_application" => ("Application.Created", "application"),
        "update_application" | "merge_application_custom_data" => {
            ("Application.Updated", "application")
        }
        "delete_application" => ("Application.Deleted", "application"),
        "create_application_secret" => ("Application.SecretCreated", "application"),
        "list_application_secrets" => ("Application.SecretsRead", "application"),
        "rename_application_secret" => ("Application.SecretRenamed", "application"),
        "delete_application_secret" => ("Application.SecretDeleted", "application"),
        "create_resource" => ("Resource.Created", "resource"),
        "update_resource" | "set_default_resource" => ("Resource.Updated", "resource"),
        "delete_resource" => ("Resource.Deleted", "resource"),
        "create_resource_scope" => ("Scope.Created", "scope"),
        "update_resource_scope" => ("Scope.Updated", "scope"),
        "delete_resource_scope" => ("Scope.Deleted", "scope"),
        "update_sign_in_experience" => ("SignInExperience.Updated", "sign_in_experience"),
        "rotate_signing_keys" => ("SigningKey.Rotated", "signing_key"),
        "delete_signing_key" => ("SigningKey.Deleted", "signing_key"),
        "create_connector" => ("Connector.Created", "connector"),
        "update_connector" => ("Connector.Updated", "connector"),
        "delete_connector" => ("Connector.Deleted", "connector"),
        "test_connector" => ("Connector.Tested", "connector"),
        _ => return None,
    })
}

/// The id of what the call was about.
fn target(answer: &Answer, things: &Things, operation: &str, kind: &str) -> String {
    if operation.starts_with("create_") && operation != "create_application_secret" {
        return answer.json()["id"].as_str().unwrap().to_owned();
    }
    if operation == "rotate_signing_keys" {
        let keys = answer.json();
        let is_current = |key: &&Value| key["status"] == "Current" && key["algorithm"] == "ES256";
        let current = keys.as_array().unwrap().iter().find(is_current).unwrap();
        return current["id"].as_str().unwrap().to_owned();
    }
    match kind {
        "connector" if operation == "test_connector" => "http-email".to_owned(),
        "connector" => things.connector.clone(),
        "signing_key" => things.key.clone(),
        "sign_in_experience" => "default".to_owned(),
        "user" => things.user.clone(),
        "application" => things.application.id.clone(),
        "resource" => things.resource.clone(),
        _ => things.scope.clone(),
    }
}

each_setup! {
    async fn every_change_leaves_one_record_and_no_reading_does(server: TestServer) {
        let machine = server.machine(true).await;
        let admin = server.bearer(server.machine_token(&machine, "all").await);
        for route in guarded() {
            let things = Things::new(&server, &admin).await;
            let before = ids(&server).await;
            let answer = call(&admin, &route, &things).await.expect(route.status);
            let made = records(&server, &before).await;
            let Some((action, kind)) = expected(route.operation) else {
                let only_checks = ["verify_user_password", "check_password"].contains(&route.operation);
                // Codes leave activity records: they change nothing but themselves.
                let is_code = route.path.starts_with("/api/verification-code");
                let reads = route.method == Method::GET || only_checks || is_code;
                assert!(reads && made.is_empty(), "{}", route.operation);
                continue;
            };
            let [record] = &made[..] else { panic!("{}: {} records", route.operation, made.len()) };
            let text = |column: usize| record.opt_text(column).unwrap().unwrap_or_default();
            assert_eq!(record.int(1).unwrap(), START.0, "{}", route.operation);
            assert_eq!((text(2), text(3)), ("application".to_owned(), machine.id.clone()));
            assert_eq!((text(4).as_str(), text(5).as_str()), (action, kind), "{}", route.operation);
            assert_eq!(text(6), target(&answer, &things, route.operation, kind), "{}", route.operation);
            assert!(serde_json::from_str::<Value>(&text(7)).unwrap().is_object());
            assert_eq!((text(8).as_str(), text(9).as_str()), ("192.0.2.10", answer.header("x-request-id")));
        }
    }
}

each_setup! {
    async fn a_refused_change_leaves_no_record(server: TestServer) {
        let admin = server.admin().await;
        let things = Things::new(&server, &admin).await;
        admin.post("/api/users", json!({"username": "taken"})).await.expect(200);
        let before = ids(&server).await;
        let user = format!("/api/users/{}", things.user);
        admin.post("/api/users", json!({"username": "taken"})).await.expect(422);
        admin.patch(&user, json!({"username": "taken"})).await.expect(422);
        admin.patch(&user, json!({"username": "1"})).await.expect(400);
        admin.patch("/api/users/nobody", json!({"name": "x"})).await.expect(404);
        admin.delete("/api/resources/management-api").await.expect(422);
        server.nobody().delete(&user).await.expect(401);
        let without = server.machine(false).await;
        let known = ids(&server).await.len() - before.len();
        let token = server.machine_token(&without, "all").await;
        server.bearer(token).delete(&user).await.expect(403);
        assert_eq!(ids(&server).await.len() - before.len(), known);
        assert_eq!(known, 2, "only that an application was made and its secret read");
    }
}

each_setup! {
    async fn a_record_tells_which_members_changed_and_never_their_values(server: TestServer) {
        let admin = server.admin().await;
        let things = Things::new(&server, &admin).await;
        let path = format!("/api/users/{}", things.user);
        let before = ids(&server).await;
        let body = json!({
            "name": "hidden-value", "primaryEmail": "hidden-value@example.com", "customData": {"hidden-value": 1},
            "profile": {"nickname": "hidden-value"},
        });
        admin.patch(&path, body).await.expect(200);
        admin.patch(&format!("{path}/password"), json!({"password": "hidden-value"})).await.expect(200);
        let secrets = format!("/api/applications/{}/secrets", things.application.id);
        let secret = admin.post(&secrets, json!({"name": "s2"})).await.expect(201).json();
        let mut details: Vec<String> = records(&server, &before).await.iter().map(|row| row.text(7).unwrap()).collect();
        details.sort_unstable();
        assert_eq!(details, [
            r#"{"changed":["primaryEmail","name","profile","customData"]}"#, r#"{"name":"s2"}"#, "{}",
        ]);
        assert!(!details.concat().contains(secret["value"].as_str().unwrap()));
    }
}

each_setup! {
    async fn a_change_whose_record_cannot_be_written_is_not_made(server: TestServer) {
        let admin = server.admin().await;
        let things = Things::new(&server, &admin).await;
        let path = format!("/api/users/{}", things.user);
        let before = admin.get(&path).await.json();
        server.execute_sql("ALTER TABLE audit_log RENAME TO elsewhere").await;
        for answer in [
            admin.patch(&path, json!({"name": "x"})).await,
            admin.patch(&format!("{path}/password"), json!({"password": "x"})).await,
            admin.delete(&path).await,
            admin.post("/api/users", json!({"name": "y"})).await,
        ] {
            let error = answer.expect(500).json();
            assert_eq!(error["code"], "server.internal");
            assert!(error.get("details").is_none() && !error.to_string().contains("audit"), "{error}");
            assert!(error["data"]["requestId"].is_string());
        }
        server.execute_sql("ALTER TABLE elsewhere RENAME TO audit_log").await;
        assert_eq!(admin.get("/api/users").await.expect(200).json(), json!([before]));
        admin.patch(&path, json!({"name": "x"})).await.expect(200);
    }
}
