//! `/api/sign-in-exp`

use std::time::Duration;

use futures_util::future::join_all;
use meibo_app::App;
use meibo_domain::sign_in_experience::SignInExperiencePatch;
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        server::{TestServer, operator},
        tokens::text,
    },
};

const PATH: &str = "/api/sign-in-exp";
const PUBLIC: &str = "/api/.well-known/sign-in-exp";

each_setup! {
    async fn contract_6_a_fresh_register(server: TestServer) {
        let admin = server.admin().await;
        let fresh = admin.get(PATH).await.expect(200).json();
        assert_eq!((text(&fresh, "tenantId"), text(&fresh, "id")), ("default", "default"));
        let method = |identifier: &str, code: bool| json!({
            "identifier": identifier, "password": true, "verificationCode": code, "isPasswordPrimary": true,
        });
        let methods = [method("username", false), method("email", true), method("phone", true)];
        assert_eq!(fresh["signIn"], json!({"methods": methods}));
        assert_eq!(fresh["signUp"], json!({"identifiers": ["username"], "password": true, "verify": false}));
        assert_eq!(fresh["signInMode"], "SignInAndRegister");
        assert_eq!(fresh["languageInfo"], json!({"autoDetect": true, "fallbackLanguage": "en"}));
        assert_eq!(fresh["verificationCodePolicy"], json!({"expirationDuration": 600, "maxRetryAttempts": 10}));
        assert_eq!(fresh["passwordPolicy"]["length"], json!({"min": 8, "max": 256}));
        assert_eq!((&fresh["branding"], &fresh["termsOfUseUrl"]), (&json!({}), &Value::Null));
        assert_eq!((&fresh["socialSignInConnectorTargets"], &fresh["customCss"]), (&json!([]), &Value::Null));
    }
}

each_setup! {
    async fn a_patch_replaces_what_it_names_everywhere(server: TestServer) {
        let admin = server.admin().await;
        let mut expected = admin.get(PATH).await.json();
        for (name, value, shown) in [
            ("branding", json!({"logoUrl": "https://cdn.example/a.svg", "favicon": ""}), json!({"logoUrl": "https://cdn.example/a.svg"})),
            ("branding", json!({"favicon": "https://cdn.example/f.png"}), json!({"favicon": "https://cdn.example/f.png"})),
            ("termsOfUseUrl", json!("https://shop.example/terms"), json!("https://shop.example/terms")),
            ("termsOfUseUrl", json!(""), json!(null)),
            ("supportEmail", json!("help@shop.example"), json!("help@shop.example")),
            ("color", json!({"primaryColor": "#05B", "darkPrimaryColor": "#69B1FF"}), json!({"primaryColor": "#0055bb", "isDarkModeEnabled": true, "darkPrimaryColor": "#69b1ff"})),
            ("signUp", json!({"identifiers": ["email"], "password": false, "verify": true}), json!({"identifiers": ["email"], "password": false, "verify": true})),
            ("passwordPolicy", json!({"length": {"min": 12}}), json!({
                "length": {"min": 12, "max": 256}, "characterTypes": {"min": 1},
                "rejects": {"pwned": true, "repetitionAndSequence": true, "userInfo": true, "words": []},
            })),
            ("forgotPasswordMethods", json!(["EmailVerificationCode"]), json!(["EmailVerificationCode"])),
        ] {
            expected[name] = shown;
            let answer = admin.patch(PATH, json!({ name: value })).await.expect(200);
            assert_eq!(answer.json(), expected, "{name}");
            for _ in 0..2 {
                assert_eq!(admin.get(PATH).await.expect(200).json(), expected, "{name}");
            }
        }
        assert_eq!(admin.patch(PATH, json!({})).await.expect(200).json(), expected);
        assert_eq!(admin.patch(PATH, expected.clone()).await.expect(200).json(), expected, "what was read may be written");
        let again = server.restarted().await.admin().await;
        assert_eq!(again.get(PATH).await.expect(200).json(), expected, "after a restart");
    }
}

each_setup! {
    async fn what_does_not_hold_together_is_named_and_changes_nothing(server: TestServer) {
        let admin = server.admin().await;
        let before = admin.get(PATH).await.json();
        for (body, line) in [
            (json!({"color": {"primaryColor": "#ffee00"}}), "Error in key path \"color.primaryColor\": (contrast) #ffee00 has a contrast of 1.15:1"),
            (json!({"color": {"primaryColor": "red"}}), "Error in key path \"color.primaryColor\": (type) expected a colour"),
            (json!({"signIn": {"methods": []}}), "Error in key path \"signIn.methods\": (required)"),
            (json!({"signIn": {"methods": [["email", true, true]]}}), "Error in key path \"signIn.methods.0\": (type)"),
            (json!({"signUp": {"identifiers": ["email"], "password": true, "verify": false}}), "Error in key path \"signUp.verify\": (unverified)"),
            (json!({"signUp": {"identifiers": ["nickname"], "password": true, "verify": false}}), "Error in key path \"signUp.identifiers.0\": (type) expected one of username, email, phone"),
            (json!({"signInMode": "Closed"}), "Error in key path \"signInMode\": (type) expected one of SignIn, Register, SignInAndRegister"),
            (json!({"signInMode": null}), "Error in key path \"signInMode\": (type)"),
            (json!({"mfa": {"policy": "Mandatory", "factors": ["Totp"]}}), "Error in key path \"mfa\": (not_offered)"),
            (json!({"customCss": "*{display:none}"}), "Error in key path \"customCss\": (not_offered)"),
            (json!({"termsOfUseUrl": "javascript:alert(1)"}), "Error in key path \"termsOfUseUrl\": (url)"),
            (json!({"branding": {"logoUrl": "//cdn.example/a.svg"}}), "Error in key path \"branding.logoUrl\": (url)"),
            (json!({"supportEmail": "a@b\r\nc"}), "Error in key path \"supportEmail\": (email)"),
            (json!({"verificationCodePolicy": {"maxRetryAttempts": 101}}), "Error in key path \"verificationCodePolicy.maxRetryAttempts\": (range)"),
        ] {
            let error = admin.patch(PATH, body.clone()).await.expect(400).json();
            assert_eq!(error["code"], "guard.invalid_input", "{body}");
            assert!(error["details"].as_str().unwrap().starts_with(line), "{body} {error}");
        }
        assert_eq!(admin.get(PATH).await.json(), before);
    }
}

each_setup! {
    async fn two_administrators_at_once_lose_nothing(server: TestServer) {
        let admin = server.admin().await;
        let patches = [
            json!({"supportEmail": "help@shop.example"}),
            json!({"termsOfUseUrl": "https://shop.example/terms"}),
            json!({"privacyPolicyUrl": "https://shop.example/privacy"}),
            json!({"supportWebsiteUrl": "https://shop.example/help"}),
            json!({"signInMode": "SignIn"}),
            json!({"languageInfo": {"fallbackLanguage": "ja"}}),
        ];
        let calls = patches.iter().map(|body| {
            let (admin, body) = (admin.clone(), body.clone());
            tokio::spawn(async move { admin.patch(PATH, body).await })
        });
        for answer in join_all(calls).await {
            answer.unwrap().expect(200);
        }
        let after = admin.get(PATH).await.json();
        for patch in &patches {
            for (name, value) in patch.as_object().unwrap() {
                let found = if name == "languageInfo" { json!({"fallbackLanguage": after[name]["fallbackLanguage"]}) } else { after[name].clone() };
                assert_eq!(found, *value, "{name} was lost");
            }
        }
    }
}

each_setup! {
    async fn the_public_form_tells_pages_what_they_need(server: TestServer) {
        let admin = server.admin().await;
        admin.patch(PATH, json!({"supportEmail": "help@shop.example", "forgotPasswordMethods": ["EmailVerificationCode"]})).await.expect(200);
        let answer = server.get(PUBLIC).await.expect(200);
        let mut expected = admin.get(PATH).await.json();
        let members = expected.as_object_mut().unwrap();
        members.remove("forgotPasswordMethods");
        members.remove("emailBlocklistPolicy");
        members.extend(json!({
            "forgotPassword": {"email": false, "phone": false}, "socialConnectors": [], "ssoConnectors": [],
            "customProfileFields": [], "isDevelopmentTenant": false,
        }).as_object().unwrap().clone());
        assert_eq!(answer.json(), expected, "no connector can send a code yet");
        let ask = http::Request::get(PUBLIC).header("if-none-match", answer.header("etag"));
        server.nobody().send(ask, "").await.expect(304);
        server.nobody().patch(PUBLIC, json!({})).await.expect(405);
        server.nobody().get(PATH).await.expect(401);
    }
}

each_setup! {
    async fn a_password_is_checked_and_not_kept(server: TestServer) {
        let admin = server.admin().await;
        let person = server.person("marigold").await;
        let path = format!("{PATH}/default/check-password");
        admin.patch(PATH, json!({"passwordPolicy": {"length": {"min": 10}}})).await.expect(200);
        let good = admin.post(&path, json!({"password": "seven violet umbrellas"})).await.expect(200);
        assert_eq!(good.json(), json!({"result": true}));
        let common = json!({"code": "password_rejected.pwned"});
        let short = json!({"code": "password_rejected.too_short", "interpolation": {"min": 10}});
        let own = json!({"code": "password_rejected.restricted.user_info"});
        for (body, issues) in [
            (json!({"password": "password1"}), json!([short, common])),
            (json!({"password": "", "userId": null}), json!([short])),
            (json!({"password": "marigold99", "userId": person.id.as_str()}), json!([own])),
        ] {
            let refused = admin.post(&path, body.clone()).await.expect(400);
            assert_eq!(refused.json(), json!({"result": false, "issues": issues}), "{body}");
            assert_eq!(refused.header("cache-control"), "no-store");
        }
        admin.post(&path, json!({"password": "marigold99"})).await.expect(200);
        let nobody = admin.post(&path, json!({"password": "x", "userId": "nobody"})).await.expect(404);
        assert_eq!(nobody.code(), "entity.not_exists_with_id");
    }
}

each_setup! {
    /// At once on the node that made the change, within two seconds on every other.
    async fn another_node_sees_a_change_within_two_seconds(server: TestServer) {
        let age = Duration::from_secs(2);
        let (own, other) = (server.node_with_cache(age).await, server.node_with_cache(age).await);
        let email = async |app: &App| app.sign_in_experience().await.unwrap().support_email.clone();
        assert_eq!((email(&own).await, email(&other).await), (None, None));
        let given = json!({"supportEmail": "help@shop.example"});
        let settings = serde_json::from_value(given.clone()).unwrap();
        let patch = SignInExperiencePatch::new(given.as_object().unwrap(), &settings).unwrap();
        own.update_sign_in_experience(&operator(), &patch).await.unwrap();
        let changed = Some("help@shop.example".to_owned());
        assert_eq!((email(&own).await, email(&other).await), (changed.clone(), None), "the other still remembers");
        server.wait(age);
        assert_eq!((email(&own).await, email(&other).await), (changed.clone(), changed));
    }
}
