//! Every operation of the route table: a valid path and body for each, and what it answers.

use std::collections::BTreeSet;

use http::Method;
use meibo_web::{
    management_api::routes,
    routes::{Access, Route},
};
use serde_json::{Value, json};

use super::document::Document;
use crate::{
    each_setup,
    support::{
        answer::Answer, client::ApiClient, fixtures::Client, inbox::Inbox, server::TestServer,
        tokens::text,
    },
};

/// Stands in bodies for the address of [`Things::inbox`].
const ENDPOINT: &str = "http://inbox.invalid";

/// Stand in bodies for [`Things::reader`] and [`Things::code`].
const READER: &str = "reader@example.com";
const CODE: &str = "000000";

/// One thing of each kind, for the parameters of paths.
pub(super) struct Things {
    pub(super) user: String,
    pub(super) application: Client,
    pub(super) resource: String,
    pub(super) scope: String,
    /// A previous signing key.
    pub(super) key: String,
    pub(super) session: String,
    pub(super) grant: String,
    /// A third-party application that the user allowed something.
    pub(super) allowed: String,
    /// Where test messages go.
    pub(super) inbox: Inbox,
    /// The connector for email.
    pub(super) connector: String,
    /// An address that was sent a code.
    pub(super) reader: String,
    /// The code.
    pub(super) code: String,
}

impl Things {
    pub(super) async fn new(server: &TestServer, admin: &ApiClient) -> Self {
        let user = admin
            .post("/api/users", json!({"password": "p"}))
            .await
            .expect(200)
            .json();
        let body =
            json!({"name": "R", "indicator": format!("urn:r:{}", user["id"].as_str().unwrap())});
        let resource = admin.post("/api/resources", body).await.expect(201).json();
        let resource = resource["id"].as_str().unwrap().to_owned();
        let scope = admin
            .post(
                &format!("/api/resources/{resource}/scopes"),
                json!({"name": "s"}),
            )
            .await
            .expect(201)
            .json();
        let user = user["id"].as_str().unwrap().to_owned();
        let path = format!("/api/users/{user}");
        let username = format!("u_{user}");
        admin
            .patch(&path, json!({"username": username}))
            .await
            .expect(200);
        let (mut browser, client) = (server.browser(), server.spa().await);
        let (page, _) = browser.authorize(&client, &[]).await.page();
        browser
            .submit(&page, &[("identifier", &username), ("password", "p")])
            .await
            .elsewhere();
        let sessions = admin.get(&format!("{path}/sessions")).await.json();
        let grants = admin.get(&format!("{path}/grants")).await.json();
        let third = server.third_party().await;
        let (page, shown) = browser.authorize(&third, &[]).await.page();
        browser.decide(&page, &shown, "allow").await.elsewhere();
        let inbox = server.with_inbox().await;
        let connectors = admin.get("/api/connectors?target=http-email").await;
        let reader = format!("{user}@example.com");
        let sent = admin.post("/api/verification-codes", json!({"email": reader}));
        sent.await.expect(204);
        Self {
            allowed: third.id,
            connector: text(&connectors.expect(200).json()[0], "id").to_owned(),
            code: inbox.code_to(&reader).await,
            reader,
            inbox,
            user,
            session: text(&sessions["sessions"][0]["payload"], "uid").to_owned(),
            grant: text(&grants["grants"][0], "id").to_owned(),
            application: server.machine(false).await,
            resource,
            scope: scope["id"].as_str().unwrap().to_owned(),
            key: previous_key(admin).await,
        }
    }

    /// The route's path with these things in it.
    pub(super) fn path(&self, route: &Route) -> String {
        self.path_with(route, "", "")
    }

    /// As [`Things::path`], but with `value` for one parameter.
    pub(super) fn path_with(&self, route: &Route, parameter: &str, value: &str) -> String {
        let id = if route.path.starts_with("/api/resources") {
            &self.resource
        } else if route.path.starts_with("/api/connectors") {
            &self.connector
        } else if route.path.starts_with("/api/connector-factories") {
            "http-email"
        } else {
            &self.application.id
        };
        let path = if parameter.is_empty() {
            route.path.to_owned()
        } else {
            route.path.replace(parameter, value)
        };
        path.replace("{userId}", &self.user)
            .replace("{id}", id)
            .replace("{scopeId}", &self.scope)
            .replace("{keyId}", &self.key)
            .replace("{sessionId}", &self.session)
            .replace("{grantId}", &self.grant)
            .replace("{applicationId}", &self.allowed)
            .replace("{factoryId}", "http-email")
            .replace("{name}", "Default%20secret")
    }
}

/// A key that signs no longer, after one more rotation: the last one that did, for an earlier one may
/// have signed the caller's own token.
async fn previous_key(admin: &ApiClient) -> String {
    let keys = "/api/configs/oidc/private-keys";
    let before = admin.get(keys).await.expect(200).json();
    let is_current = |key: &&Value| key["status"] == "Current" && key["algorithm"] == "ES256";
    let current = before.as_array().unwrap().iter().find(is_current);
    let body = json!({"signingKeyAlgorithm": "EC", "rotationGracePeriod": 0});
    let rotated = admin.post(&format!("{keys}/rotate"), body).await;
    rotated.expect(200);
    text(current.unwrap(), "id").to_owned()
}

/// A body that the operation takes; none when it takes no body.
pub(super) fn body_of(route: &Route) -> Option<Value> {
    Some(match route.operation {
        "create_user" => {
            json!({"name": "N", "profile": {"address": {"country": "JP"}}, "customData": {"a": 1}})
        }
        "update_user" => json!({"name": "N2"}),
        "merge_user_custom_data" => json!({"customData": {"b": 2}}),
        "merge_user_profile" => json!({"profile": {"nickname": "n"}}),
        "set_user_password" | "verify_user_password" => json!({"password": "p"}),
        "set_user_suspension" => json!({"isSuspended": true}),
        "create_application" => json!({"name": "A", "type": "SPA"}),
        "update_application" => json!({"name": "A2"}),
        "merge_application_custom_data" => json!({"a": 1}),
        "create_application_secret" | "rename_application_secret" => json!({"name": "another"}),
        "create_resource" => json!({"name": "R2", "indicator": "urn:r2"}),
        "update_resource" => json!({"name": "R3"}),
        "set_default_resource" => json!({"isDefault": true}),
        "create_resource_scope" => json!({"name": "s2"}),
        "rotate_signing_keys" => json!({"signingKeyAlgorithm": "EC", "rotationGracePeriod": 0}),
        "update_sign_in_experience" => json!({"supportEmail": "help@example.com"}),
        "check_password" => json!({"password": "seven violet umbrellas"}),
        "update_resource_scope" => json!({"name": "s3"}),
        "create_connector" => {
            json!({"connectorId": "http-email", "config": {"endpoint": format!("{ENDPOINT}/email")}})
        }
        "update_connector" => json!({"metadata": {"a": 1}}),
        "test_connector" => {
            let config = json!({"endpoint": format!("{ENDPOINT}/email")});
            json!({"email": "tester@example.com", "config": config})
        }
        "request_verification_code" | "request_code" => json!({"email": READER}),
        "verify_verification_code" | "verify_code" => {
            json!({"email": READER, "verificationCode": CODE})
        }
        _ => return None,
    })
}

/// Calls an operation as `caller` with a valid path and body.
pub(super) async fn call(caller: &ApiClient, route: &Route, things: &Things) -> Answer {
    let fill = |body: Value| {
        let body = body.to_string().replace(ENDPOINT, things.inbox.url());
        body.replace(READER, &things.reader)
            .replace(CODE, &things.code)
    };
    let body = body_of(route).map(fill);
    caller
        .call(route.method.clone(), &things.path(route), body)
        .await
}

/// The operations that need a token.
pub(super) fn guarded() -> impl Iterator<Item = Route> {
    routes()
        .into_iter()
        .filter(|route| route.access != Access::Public)
}

#[test]
fn only_these_operations_are_public() {
    let public: BTreeSet<&str> = routes()
        .iter()
        .filter(|route| route.access == Access::Public)
        .map(|route| route.operation)
        .collect();
    assert_eq!(
        public,
        BTreeSet::from([
            "get_document",
            "get_public_sign_in_experience",
            "get_status"
        ])
    );
}

#[test]
fn there_is_a_body_here_for_each_operation_that_takes_one() {
    let document = Document::of_this_version();
    for route in routes() {
        assert_eq!(
            body_of(&route).is_some(),
            document.body_schema(&route).is_some(),
            "{}",
            route.operation
        );
    }
}

each_setup! {
    async fn every_operation_answers_what_its_document_says(server: TestServer) {
        let admin = server.admin().await;
        let document = Document::of_this_version();
        for route in routes() {
            let things = Things::new(&server, &admin).await;
            let answer = call(&admin, &route, &things).await.expect(route.status);
            let wrong = document.check_answer(&route, &answer);
            assert!(wrong.is_empty(), "{} {}: {wrong:?}\n{}", route.method, route.path, answer.text());
            let says_nosniff = answer.header("x-content-type-options") == "nosniff";
            assert!(says_nosniff && !answer.header("x-request-id").is_empty(), "{} {:?}", route.path, answer.headers);
            if route.method == Method::GET && route.status == 200 {
                let again = http::Request::head(things.path(&route));
                let head = admin.send(again, "").await.expect(200);
                assert!(head.body.is_empty(), "HEAD {}", route.path);
            }
        }
    }
}
