//! A client cannot choose an id that looks like a person's `sub` (RFC 9700 section 4.15).

use serde_json::json;

use crate::{
    each_setup,
    support::{fixtures::Client, server::TestServer},
};

each_setup! {
    async fn rfc9700_4_15_1_client_ids_are_made_by_the_service(server: TestServer) {
        let person = server.person("sakura").await;
        let admin = server.admin().await;
        let body = json!({"id": person.id.as_str(), "name": "Sly", "type": "MachineToMachine"});
        let answer = admin.post("/api/applications", body).await;
        if answer.status == 200 {
            assert_ne!(answer.json()["id"], person.id.as_str());
        } else {
            assert!(answer.status.is_client_error(), "{}", answer.text());
        }
        // Nor is a person's id taken for an application's.
        let sly = Client { id: person.id.to_string(), secret: Some("x".to_owned()) };
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", sly.id.as_str()),
            ("client_secret", sly.secret()),
        ];
        server.post_form("/oidc/token", &fields).await.expect(401);
    }
}
