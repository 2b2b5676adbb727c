//! A person signs in, an application gets tokens, a back end changes the profile.

use serde_json::json;

use crate::{
    each_setup,
    support::{browser::parameter, server::TestServer},
};

each_setup! {
    async fn the_main_job(server: TestServer) {
        let client = server.traditional().await;
        let person = server.person("sakura").await;
        let mut browser = server.browser();
        let back = browser.sign_in(&client, "sakura", &[("nonce", "n-1")]).await;
        assert_eq!(parameter(&back, "state").as_deref(), Some("some-state"));
        assert_eq!(parameter(&back, "iss").as_deref(), Some("http://id.example/oidc"));

        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let access_token = tokens["access_token"].as_str().unwrap();
        let claims = server.bearer(access_token).get("/oidc/me").await.expect(200).json();
        assert_eq!(claims["sub"], person.id.as_str());
        assert_eq!(claims["name"], "Sakura 桜");

        let admin = server.admin().await;
        let path = format!("/api/users/{}", person.id);
        admin.patch(&path, json!({"name": "桜井さくら"})).await.expect(200);
        assert_eq!(admin.get(&path).await.expect(200).json()["name"], "桜井さくら");
        let claims = server.bearer(access_token).get("/oidc/me").await.expect(200).json();
        assert_eq!(claims["name"], "桜井さくら");

        let refreshed = server.refresh(&client, tokens["refresh_token"].as_str().unwrap(), &[]).await.expect(200).json();
        assert_eq!(refreshed["token_type"], "Bearer");

        // The session is there: a second application's request comes straight back.
        let second = server.spa().await;
        assert!(parameter(&browser.authorize(&second, &[]).await.elsewhere(), "code").is_some());
    }
}
