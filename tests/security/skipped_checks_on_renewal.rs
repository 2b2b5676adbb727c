//! Checks skipped on renewal: what ended stays ended when a token is renewed.

use meibo_domain::ids::ApplicationId;

use crate::{
    each_setup,
    support::{
        fixtures::Client,
        server::{TestServer, operator},
        tokens::text,
    },
};

each_setup! {
    async fn a_deleted_application_or_a_changed_secret_renews_nothing(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let id = ApplicationId::parse(client.id.as_str()).unwrap();
        let made = server.app().create_secret(&operator(), &id, "second".to_owned(), None).await.unwrap();
        let secrets = server.app().list_secrets(&operator(), &id).await.unwrap();
        server.app().delete_secret(&operator(), &id, &secrets[0].name).await.unwrap();
        let answer = server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(401);
        assert_eq!(answer.json()["error"], "invalid_client");
        let renewed = Client { id: client.id.clone(), secret: Some(made.value) };
        server.refresh(&renewed, text(&tokens, "refresh_token"), &[]).await.expect(200);

        server.app().delete_application(&operator(), &id).await.unwrap();
        let answer = server.refresh(&renewed, text(&tokens, "refresh_token"), &[]).await.expect(401);
        assert_eq!(answer.json()["error"], "invalid_client");
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
    }
}

each_setup! {
    async fn a_removed_role_renews_no_scope(server: TestServer) {
        let person = server.person("sakura").await;
        let give = format!("INSERT INTO user_roles (user_id, role_id) VALUES ('{}', 'owner')", person.id);
        server.execute_sql(&give).await;
        let client = server.spa().await;
        let management = ("resource", meibo_domain::resource::MANAGEMENT_API_INDICATOR);
        let scope = ("scope", "openid offline_access all");
        let code = server.code(&client, "sakura", &[management, scope]).await;
        let tokens = server.redeem(&client, &code, &[management]).await.expect(200).json();
        assert_eq!(tokens["scope"], "all");
        server.bearer(text(&tokens, "access_token")).get("/api/users").await.expect(200);
        server.execute_sql("DELETE FROM user_roles").await;
        let renewed = server.refresh(&client, text(&tokens, "refresh_token"), &[management]).await.expect(200).json();
        assert_eq!(renewed["scope"], "");
        // Nor is the older token believed any longer.
        server.bearer(text(&tokens, "access_token")).get("/api/users").await.expect(403);
    }
}
