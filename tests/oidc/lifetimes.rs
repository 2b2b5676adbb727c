//! How long tokens live: the application's and the resource's settings.

use std::time::Duration;

use meibo_domain::{
    application::{ApplicationType, CustomClientMetadata},
    time::Timestamp,
};
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        server::{TestServer, operator},
        tokens::{read_part, text},
    },
};

const DAY: Duration = Duration::from_secs(86_400);

each_setup! {
    async fn id_tokens_live_as_long_as_the_application_says(server: TestServer) {
        server.person("sakura").await;
        for (ttl, expected) in [(None, 3600), (Some(60), 60), (Some(86_400), 86_400)] {
            let custom = CustomClientMetadata { id_token_ttl: ttl, ..CustomClientMetadata::default() };
            let client = server.application(ApplicationType::Spa, custom).await;
            let tokens = server.tokens(&client, "sakura", &[]).await;
            let refreshed = server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200).json();
            for tokens in [&tokens, &refreshed] {
                let claims = read_part(text(tokens, "id_token"), 1);
                assert_eq!(life(&claims), expected, "{ttl:?}");
            }
        }
    }
}

each_setup! {
    async fn refresh_tokens_live_as_long_as_the_application_says(server: TestServer) {
        server.person("sakura").await;
        let custom = |days: Option<i64>, seconds: Option<i64>| CustomClientMetadata {
            refresh_token_ttl_in_days: days,
            refresh_token_ttl: seconds,
            ..CustomClientMetadata::default()
        };
        for (custom, ttl) in [
            (custom(None, None), 14 * DAY),
            (custom(Some(1), None), DAY),
            (custom(Some(180), None), 180 * DAY),
            (custom(None, Some(60)), Duration::from_secs(60)),
            (custom(Some(2), Some(60)), 2 * DAY),
        ] {
            let client = server.application(ApplicationType::Traditional, custom.clone()).await;
            for (wait, status) in [(ttl - Duration::from_millis(1), 200), (ttl, 400)] {
                let tokens = server.tokens(&client, "sakura", &[]).await;
                server.wait(wait);
                server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(status);
            }
        }
    }
}

each_setup! {
    async fn access_tokens_live_as_long_as_their_resource_says(server: TestServer) {
        let admin = server.admin().await;
        let client = server.spa().await;
        server.person("sakura").await;
        for ttl in [60, 7200, 86_400] {
            let indicator = format!("urn:lives:{ttl}");
            let resource = json!({"name": "R", "indicator": indicator, "accessTokenTtl": ttl});
            admin.post("/api/resources", resource).await.expect(201);
            let tokens = server.tokens(&client, "sakura", &[("resource", &indicator)]).await;
            assert_eq!(tokens["expires_in"], 3600, "the opaque one is for userinfo");
            let resource = [("resource", indicator.as_str())];
            let tokens = server.refresh(&client, text(&tokens, "refresh_token"), &resource).await.expect(200).json();
            assert_eq!(tokens["expires_in"], ttl);
            assert_eq!(life(&read_part(text(&tokens, "access_token"), 1)), ttl);
        }
    }
}

each_setup! {
    async fn opaque_access_tokens_live_for_an_hour(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        assert_eq!(tokens["expires_in"], 3600);
        let bearer = server.bearer(text(&tokens, "access_token"));
        server.wait(Duration::from_secs(3600) - Duration::from_millis(1));
        bearer.get("/oidc/me").await.expect(200);
        server.wait(Duration::from_millis(1));
        bearer.get("/oidc/me").await.expect(401);
    }
}

each_setup! {
    async fn what_a_person_has_dies_with_the_account_at_every_endpoint(server: TestServer) {
        let client = server.spa().await;
        for (name, is_deleted) in [("sakura", false), ("kaede", true)] {
            let person = server.person(name).await;
            let tokens = server.tokens(&client, name, &[]).await;
            let code = server.code(&client, name, &[]).await;
            let mut browser = server.browser();
            browser.sign_in(&client, name, &[]).await;
            if is_deleted {
                server.app().delete_user(&operator(), &person.id).await.unwrap();
            } else {
                server.app().set_suspension(&operator(), &person.id, true).await.unwrap();
            }
            server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
            server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(400);
            server.redeem(&client, &code, &[]).await.expect(400);
            let (path, _) = browser.authorize(&client, &[]).await.page();
            assert!(path.starts_with("/sign-in?"), "{name}: {path}");
            if !is_deleted {
                // What has ended does not come back.
                server.app().set_suspension(&operator(), &person.id, false).await.unwrap();
                server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
                server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(400);
                let admin = server.admin().await;
                for (list, what) in [("sessions", "sessions"), ("grants", "grants")] {
                    let answer = admin.get(&format!("/api/users/{}/{list}", person.id)).await.expect(200).json();
                    assert_eq!(answer[what], json!([]));
                }
            }
        }
    }
}

/// Seconds from `iat` to `exp`.
fn life(claims: &Value) -> i64 {
    let at = |name: &str| Timestamp::from_seconds(claims[name].as_i64().unwrap());
    i64::try_from((at("exp") - at("iat")).as_secs()).unwrap()
}
