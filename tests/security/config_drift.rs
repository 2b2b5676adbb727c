//! Config drift: an application is deleted or changed while a flow is open.

use meibo_domain::{
    application::{ApplicationPatch, OidcClientMetadata},
    ids::ApplicationId,
};

use crate::{
    each_setup,
    support::{
        fixtures::PASSWORD,
        server::{TestServer, operator},
    },
};

const RIGHT: [(&str, &str); 2] = [("identifier", "sakura"), ("password", PASSWORD)];

each_setup! {
    async fn an_application_that_is_deleted_under_way_gets_nothing(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let id = ApplicationId::parse(client.id.as_str()).unwrap();
        let code = server.code(&client, "sakura", &[]).await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        server.app().delete_application(&operator(), &id).await.unwrap();
        browser.get(&path).await.expect(200);
        let (_, page) = browser.submit(&path, &RIGHT).await.page();
        assert_eq!(page.status, 400);
        assert!(page.text().contains("oidc.invalid_client"), "{}", page.text());
        let answer = server.redeem(&client, &code, &[]).await.expect(401);
        assert_eq!(answer.json()["error"], "invalid_client");
    }
}

each_setup! {
    async fn an_address_that_is_taken_away_under_way_is_not_redirected_to(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let id = ApplicationId::parse(client.id.as_str()).unwrap();
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let oidc = OidcClientMetadata {
            redirect_uris: vec!["https://app.example/new".to_owned()],
            ..OidcClientMetadata::default()
        };
        let patch = ApplicationPatch { oidc: Some(oidc), ..ApplicationPatch::default() };
        server.app().update_application(&operator(), &id, patch).await.unwrap();
        let (_, page) = browser.submit(&path, &RIGHT).await.page();
        assert_eq!(page.status, 400);
        assert!(page.text().contains("oidc.invalid_redirect_uri"), "{}", page.text());
    }
}

each_setup! {
    async fn a_password_changed_while_it_is_checked_is_a_wrong_one(server: TestServer) {
        let person = server.person("sakura").await;
        let client = server.spa().await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let new = "eight green umbrellas".to_owned();
        let signing_in = browser.post(&path, &RIGHT);
        let operator = operator();
        let changing = server.app().set_password(&operator, &person.id, new.clone());
        let (answer, changed) = tokio::join!(signing_in, changing);
        changed.unwrap();
        assert!([303, 422].contains(&answer.status.as_u16()), "{}", answer.text());
        // Whoever was first, the old password leaves no session behind.
        let back = browser.authorize(&client, &[("prompt", "none")]).await.elsewhere();
        assert!(back.query().unwrap().contains("error=login_required"), "{back}");
        browser.post(&path, &RIGHT).await.expect(422);
        browser.submit(&path, &[("identifier", "sakura"), ("password", &new)]).await.elsewhere();
    }
}
