//! Asking for consent: OpenID Connect Core sections 3.1.2.1, 3.1.2.4 and 3.1.2.6.

use meibo_domain::application::{ApplicationType, CustomClientMetadata};
use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::{authorize_path, field_of, parameter},
        fixtures::PASSWORD,
        server::TestServer,
        tokens::text,
    },
};

each_setup! {
    async fn oidc_core_3_1_2_4_a_third_party_gets_nothing_before_the_person_agrees(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, page) = browser.asked(&client, "sakura", &[]).await;
        let shown = page.text();
        for words in [
            "Test application", "Sakura 桜", "know that it is you", "see your profile", "while you are away",
        ] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(!shown.contains("see your email address"), "not asked for: {shown}");
        let back = browser.decide(&path, &page, "allow").await.elsewhere();
        assert_eq!(parameter(&back, "state").as_deref(), Some("some-state"));
        let code = parameter(&back, "code").unwrap();
        let tokens = server.redeem(&client, &code, &[]).await.expect(200).json();
        assert_eq!(tokens["scope"], "offline_access openid profile");
        assert!(tokens["refresh_token"].is_string());
    }
}

each_setup! {
    async fn rfc6749_4_1_2_1_a_no_is_access_denied_and_ends_the_sign_in(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, page) = browser.asked(&client, "sakura", &[("response_mode", "fragment")]).await;
        let back = browser.decide(&path, &page, "deny").await.elsewhere();
        let answer = back.fragment().unwrap();
        assert!(answer.contains("error=access_denied"), "{back}");
        assert!(answer.contains("state=some-state") && answer.contains("iss=http"), "{back}");
        browser.get(&path).await.expect(400);
        browser.post(&path, &[("decision", "allow")]).await.expect(400);
        // Nothing is remembered: the person is asked again, and may say yes.
        let (path, page) = browser.asked(&client, "sakura", &[("prompt", "")]).await;
        let back = browser.decide(&path, &page, "allow").await.elsewhere();
        assert!(parameter(&back, "code").is_some());
    }
}

each_setup! {
    async fn every_kind_that_signs_people_in_asks_and_the_businesss_own_do_not(server: TestServer) {
        server.person("sakura").await;
        for kind in [ApplicationType::Native, ApplicationType::Spa, ApplicationType::Traditional] {
            let custom = CustomClientMetadata::default();
            let client = server.third_party_with(kind, custom.clone()).await;
            server.browser().asked(&client, "sakura", &[]).await;
            let own = server.application(kind, custom).await;
            let back = server.browser().sign_in(&own, "sakura", &[("prompt", "consent")]).await;
            assert!(parameter(&back, "code").is_some());
        }
    }
}

each_setup! {
    async fn scopes_of_resources_are_told_in_their_owners_words(server: TestServer) {
        let admin = server.admin().await;
        let client = server.third_party().await;
        server.person("sakura").await;
        let resource = json!({"name": "Web <shop>", "indicator": "https://shop.example"});
        let made = admin.post("/api/resources", resource).await.expect(201).json();
        let path = format!("/api/resources/{}/scopes", text(&made, "id"));
        for scope in [
            json!({"name": "read:orders", "description": "see what you have ordered"}),
            json!({"name": "email"}),
            json!({"name": "admin", "description": "do everything"}),
        ] {
            admin.post(&path, scope).await.expect(201);
        }
        let asked = [("scope", "openid read:orders email unknown"), ("resource", "https://shop.example")];
        let (_, page) = server.browser().asked(&client, "sakura", &asked).await;
        let shown = page.text();
        assert!(shown.contains(r#"<li data-scope="read:orders">see what you have ordered <span class="resource">Web &#60;shop&#62;</span></li>"#), "{shown}");
        // One name is two scopes, and both are told.
        assert!(shown.contains(r#"<li data-scope="email">see your email address</li>"#), "{shown}");
        assert!(shown.contains(r#"<li data-scope="email">email <span"#), "{shown}");
        assert!(!shown.contains("do everything") && !shown.contains("unknown"), "{shown}");
    }
}

each_setup! {
    async fn the_page_is_a_plain_form_in_both_languages(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        for (language, allow, deny) in [("en", "Allow", "Deny"), ("ja", "許可する", "許可しない")] {
            let mut browser = server.browser();
            browser.language = language;
            let (path, page) = browser.asked(&client, "sakura", &[]).await;
            let shown = page.text();
            assert_eq!(page.header("content-language"), language);
            assert_eq!(page.header("cache-control"), "no-store");
            assert!(!page.header("content-security-policy").contains("form-action"), "{:?}", page.headers);
            assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
            assert!(shown.contains(&format!(r#"<form id="consent" method="post" action="{path}">"#)), "{shown}");
            for (value, words) in [("allow", allow), ("deny", deny)] {
                let button = format!(r#"id="{value}" name="decision" value="{value}">{words}</button>"#);
                assert!(shown.contains(&button), "{shown}");
            }
            assert!(!shown.contains("<script"), "{shown}");
        }
        let (_, page) = server.browser().asked(&client, "sakura", &[("ui_locales", "fr ja")]).await;
        assert_eq!(page.header("content-language"), "ja");
    }
}

each_setup! {
    async fn somebody_else_may_sign_in_and_is_asked_anew(server: TestServer) {
        let client = server.third_party().await;
        let (_, kaede) = (server.person("sakura").await, server.person("kaede").await);
        let mut browser = server.browser();
        let (path, page) = browser.asked(&client, "sakura", &[]).await;
        let other = path.replace("/consent?", "/sign-in?");
        assert!(page.text().contains(&format!(r#"href="{other}""#)), "{}", page.text());
        browser.get(&other).await.expect(200);
        let fields = [("identifier", "kaede"), ("password", PASSWORD)];
        let (again, kaedes) = browser.submit(&other, &fields).await.page();
        assert_eq!(again, path);
        // The page that the first person saw says nothing for the second.
        let (again, _) = browser.decide(&path, &page, "allow").await.page();
        assert_eq!(again, path);
        let back = browser.decide(&path, &kaedes, "allow").await.elsewhere();
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let id_token = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await;
        assert_eq!(id_token.claims["sub"], kaede.id.as_str());
    }
}

each_setup! {
    async fn only_the_pages_own_form_in_the_same_browser_decides(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, page) = browser.asked(&client, "sakura", &[]).await;
        let shown = field_of(&page, "shown");
        let yes = [("shown", shown.as_str()), ("decision", "allow")];
        // Another site cannot post it for the person.
        for headers in [
            &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")][..],
            &[("origin", "null")],
        ] {
            browser.request_with(http::Method::POST, &path, &yes, headers).await.expect(403);
        }
        // Another browser can neither see nor post it, signed in or not.
        let own = server.spa().await;
        let mut other = server.browser();
        other.get(&path).await.expect(400);
        other.sign_in(&own, "sakura", &[]).await;
        other.get(&path).await.expect(400);
        other.post(&path, &yes).await.expect(400);
        // What is no answer is no answer.
        for fields in [
            &[("shown", shown.as_str())][..],
            &[("shown", shown.as_str()), ("decision", "yes")],
            &[("shown", "other"), ("decision", "allow")],
            &[("decision", "allow")],
        ] {
            let answer = browser.post(&path, fields).await.expect(303);
            assert_eq!(answer.location(), path, "{fields:?}");
        }
        // Nor can it be gone on with before there is one.
        let id = path.split("id=").nth(1).unwrap().to_owned();
        let (again, _) = browser.visit(&format!("/oidc/auth/{id}")).await.page();
        assert_eq!(again, path);
        browser.submit(&path, &yes).await.elsewhere();
        browser.post(&path, &yes).await.expect(400);
        browser.get("/consent?id=gone").await.expect(400);
        browser.get("/consent").await.expect(400);
    }
}

each_setup! {
    async fn a_request_that_need_not_ask_goes_on_from_the_page(server: TestServer) {
        let own = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&own, &[]).await.page();
        let page = path.replace("/sign-in?", "/consent?");
        let (again, _) = browser.visit(&page).await.page();
        assert_eq!(again, path, "first the person signs in");
        let (again, _) = browser.submit(&page, &[("decision", "allow")]).await.page();
        assert_eq!(again, path);
    }
}

each_setup! {
    async fn a_change_while_the_page_is_open_counts(server: TestServer) {
        let admin = server.admin().await;
        let resource = json!({"name": "Shop", "indicator": "https://shop.example"});
        let made = admin.post("/api/resources", resource).await.expect(201).json();
        let scopes = format!("/api/resources/{}/scopes", text(&made, "id"));
        let asked = [("scope", "openid read"), ("resource", "https://shop.example")];
        for (name, change) in [("sakura", "scope"), ("kaede", "suspended"), ("momiji", "deleted"), ("ume", "application")] {
            let client = server.third_party().await;
            let person = server.person(name).await;
            let mut browser = server.browser();
            let (path, page) = browser.asked(&client, name, &asked).await;
            let user = format!("/api/users/{}", person.id);
            match change {
                "scope" => admin.post(&scopes, json!({"name": "read"})).await.expect(201),
                "suspended" => admin.patch(&format!("{user}/is-suspended"), json!({"isSuspended": true})).await.expect(200),
                "deleted" => admin.delete(&user).await.expect(204),
                _ => admin.delete(&format!("/api/applications/{}", client.id)).await.expect(204),
            };
            let (at, answer) = browser.decide(&path, &page, "allow").await.page();
            match change {
                // What the request named exists now and was not shown: the page is shown anew.
                "scope" => assert!(at == path && answer.text().contains(r#"data-scope="read""#), "{at}"),
                "suspended" | "deleted" => assert!(at.starts_with("/sign-in?"), "{at}"),
                _ => assert!(answer.text().contains("oidc.invalid_client"), "{at} {}", answer.text()),
            }
        }
    }
}

each_setup! {
    async fn a_third_party_is_told_of_lasting_access_or_has_none(server: TestServer) {
        let custom = CustomClientMetadata { always_issue_refresh_token: Some(true), ..CustomClientMetadata::default() };
        let client = server.third_party_with(ApplicationType::Traditional, custom).await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let asked = [("scope", "openid"), ("prompt", "")];
        let (path, page) = browser.asked(&client, "sakura", &asked).await;
        assert!(!page.text().contains("while you are away"), "{}", page.text());
        let back = browser.decide(&path, &page, "allow").await.elsewhere();
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        assert_eq!(tokens.get("refresh_token"), None);
    }
}

each_setup! {
    async fn a_code_is_not_given_to_a_browser_without_cookies(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&server.spa().await, "sakura", &[]).await;
        // The binding to the browser begins here, for this browser has lost it.
        browser.cookies.remove("meibo_browser");
        let answer = browser.get(&authorize_path(&client, &[])).await.expect(303);
        assert!(answer.location().starts_with("/consent?"), "{}", answer.location());
        assert!(browser.cookies.contains_key("meibo_browser"));
        let (_, page) = browser.follow(String::new(), answer).await.page();
        page.expect(200);
    }
}
