//! What a third-party application cannot have, and how it loses what it has.

use futures_util::future::join;
use meibo_domain::{
    application::{ApplicationType, CustomClientMetadata},
    resource::MANAGEMENT_API_INDICATOR,
};
use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::{authorize_path, parameter},
        server::TestServer,
        tokens::text,
    },
};

each_setup! {
    /// An owner's click must not hand over the register.
    async fn an_api_of_this_server_is_not_for_third_parties(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        for indicator in [MANAGEMENT_API_INDICATOR, "urn:meibo:resource:login-api"] {
            let asked = [("resource", indicator), ("scope", "openid all offline_access")];
            let back = server.browser().authorize(&client, &asked).await.elsewhere();
            assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_target"));
        }
        let own = server.spa().await;
        let back = server.browser().sign_in(&own, "sakura", &[("resource", MANAGEMENT_API_INDICATOR)]).await;
        assert!(parameter(&back, "code").is_some());
    }
}

each_setup! {
    async fn a_revoked_consent_takes_every_grant_along(server: TestServer) {
        let (admin, client) = (server.admin().await, server.third_party().await);
        let person = server.person("sakura").await;
        let path = format!("/api/users/{}", person.id);
        let asked = [("scope", "openid offline_access"), ("prompt", "consent")];
        let mut refresh_tokens = Vec::new();
        for _ in 0..2 {
            let mut browser = server.browser();
            let (page, shown) = browser.asked(&client, "sakura", &asked).await;
            let back = browser.decide(&page, &shown, "allow").await.elsewhere();
            let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
            refresh_tokens.push(text(&tokens, "refresh_token").to_owned());
        }
        let consents = admin.get(&format!("{path}/consents")).await.expect(200).json();
        assert_eq!(consents.as_array().unwrap().len(), 1);
        assert_eq!(consents[0]["applicationId"], client.id);
        assert_eq!(consents[0]["scope"], "offline_access openid");
        let consent = format!("{path}/consents/{}", client.id);
        admin.delete(&consent).await.expect(204);
        for token in &refresh_tokens {
            assert_eq!(server.refresh(&client, token, &[]).await.expect(400).json()["error"], "invalid_grant");
        }
        assert_eq!(admin.get(&format!("{path}/consents")).await.json(), json!([]));
        admin.delete(&consent).await.expect(404);
    }
}

each_setup! {
    async fn one_revoked_grant_of_a_third_party_takes_the_others_along(server: TestServer) {
        let (admin, client) = (server.admin().await, server.third_party().await);
        let person = server.person("sakura").await;
        let path = format!("/api/users/{}/grants", person.id);
        let asked = [("scope", "openid offline_access"), ("prompt", "consent")];
        for _ in 0..2 {
            let mut browser = server.browser();
            let (page, shown) = browser.asked(&client, "sakura", &asked).await;
            browser.decide(&page, &shown, "allow").await.elsewhere();
        }
        let grants = admin.get(&path).await.expect(200).json();
        assert_eq!(grants["grants"].as_array().unwrap().len(), 2);
        admin.delete(&format!("{path}/{}", text(&grants["grants"][0], "id"))).await.expect(204);
        assert_eq!(admin.get(&path).await.json()["grants"], json!([]));
    }
}

each_setup! {
    async fn rfc8252_8_6_a_native_application_of_others_is_asked_about_each_time(server: TestServer) {
        let client = server.third_party_with(ApplicationType::Native, CustomClientMetadata::default()).await;
        server.person("sakura").await;
        let mut browser = server.browser();
        for _ in 0..2 {
            let (page, shown) = browser.asked(&client, "sakura", &[("prompt", "")]).await;
            let back = browser.decide(&page, &shown, "allow").await.elsewhere();
            assert!(parameter(&back, "code").is_some());
        }
        let back = browser.authorize(&client, &[("prompt", "none")]).await.elsewhere();
        assert_eq!(parameter(&back, "error").as_deref(), Some("consent_required"));
    }
}

each_setup! {
    /// Each authorization makes a grant; whoever goes on asking must not outrun an administrator.
    async fn nobody_keeps_a_suspension_away_by_asking_for_codes(server: TestServer) {
        let admin = server.admin().await;
        let (client, person) = (server.spa().await, server.person("sakura").await);
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        let ask = authorize_path(&client, &[("prompt", "none")]);
        let asking = async {
            let mut codes = 0;
            for _ in 0..200 {
                let arrival = browser.get(&ask).await;
                if !arrival.headers["location"].to_str().unwrap().contains("code=") {
                    return codes;
                }
                codes += 1;
            }
            codes
        };
        let suspending = async {
            let path = format!("/api/users/{}/is-suspended", person.id);
            admin.patch(&path, json!({"isSuspended": true})).await.expect(200);
        };
        let (codes, ()) = join(asking, suspending).await;
        assert!(codes < 200, "the session ended while codes were asked for");
    }
}
