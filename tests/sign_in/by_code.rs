//! Signing in with a code by email.

use std::time::Duration;

use futures_util::future::join_all;
use meibo_domain::sign_in_experience::SignInMode;

use crate::{
    each_setup,
    support::{
        browser::{field_of, parameter},
        fixtures::PASSWORD,
        inbox::Inbox,
        passwordless::{page_of, wrong},
        server::{Setup, TestServer, operator},
        tokens::text,
    },
};

const CODE: &str = "sign-in/code";
const SAKURA: &str = "sakura@example.com";

each_setup! {
    async fn a_code_signs_in_and_says_so(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let person = server.person("sakura").await;
        let mut browser = server.browser();
        let (path, page) = browser.authorize(&client, &[]).await.page();
        let code_page = page_of(&path, CODE);
        assert!(page.text().contains(&format!(r#"formaction="{code_page}""#)), "{}", page.text());
        // Both fields of the password page come along; nothing typed leads to the empty page.
        let empty = browser.submit(&code_page, &[("identifier", ""), ("password", "")]).await.page();
        assert_eq!(empty.0, code_page);
        assert!(!empty.1.expect(200).text().contains("aria-invalid"));

        let verify = browser.ask_for_code(&code_page, " Sakura@Example.COM ").await;
        let message = inbox.message_to("Sakura@Example.COM").await;
        assert_eq!(message.usage_type, "SignIn");
        assert_eq!(message.payload["application"]["name"], "Test application");
        assert_eq!((&message.payload["locale"], message.payload.get("user")), (&"en".into(), None));
        let shown = browser.get(&verify).await.expect(200);
        assert!(shown.text().contains(r#"autocomplete="one-time-code""#), "{}", shown.text());
        let address = field_of(&shown, "identifier");

        let code = text(&message.payload, "code");
        let spaced = format!(" {} {}", &code[..3], &code[3..]);
        let answer = browser.type_code(&verify, &address, &spaced).await.expect(303);
        let back = browser.follow(verify.clone(), answer).await.elsewhere();
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let claims = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await.claims;
        assert_eq!(claims["sub"], person.id.as_str());
        assert_eq!(claims["amr"], serde_json::json!(["email"]));
        assert_eq!(claims["auth_time"], server.clock.now().seconds());
        // It was used: the sign-in is over, and so is the code.
        browser.type_code(&verify, &address, code).await.expect(400);
    }
}

each_setup! {
    async fn a_wrong_code_may_be_corrected_and_ten_make_one_wait(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        let mut browser = server.browser();
        let page = browser.begin(&client, CODE).await;
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let code = inbox.code_to(SAKURA).await;
        for _ in 0..9 {
            let answer = browser.type_code(&verify, SAKURA, &wrong(&code)).await.expect(400);
            assert!(answer.text().contains(r#"aria-describedby="code-error"#), "{}", answer.text());
            assert!(answer.text().contains("This code is not right."));
        }
        browser.type_code(&verify, SAKURA, &code).await.expect(303);

        let page = browser.begin(&client, CODE).await;
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let code = inbox.code_to(SAKURA).await;
        for _ in 0..10 {
            browser.type_code(&verify, SAKURA, &wrong(&code)).await.expect(400);
        }
        let answer = browser.type_code(&verify, SAKURA, &code).await.expect(429);
        assert_eq!(answer.header("retry-after"), "900");
        assert!(answer.text().contains("in 15 minutes"), "{}", answer.text());
        // From another network the same code is worthless too.
        browser.address = "203.0.113.9:1".parse().unwrap();
        let answer = browser.type_code(&verify, SAKURA, &code).await.expect(400);
        assert!(answer.text().contains("tried too often"), "{}", answer.text());
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let code = inbox.code_to(SAKURA).await;
        browser.type_code(&verify, SAKURA, &code).await.expect(303);
    }
}

each_setup! {
    async fn guesses_in_parallel_are_bounded_over_many_codes(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        let mut guesses = Vec::new();
        for _ in 0..4 {
            let mut browser = server.browser();
            let page = browser.begin(&client, CODE).await;
            let verify = browser.ask_for_code(&page, SAKURA).await;
            let code = inbox.code_to(SAKURA).await;
            for _ in 0..6 {
                let (mut browser, verify, code) = (browser.clone(), verify.clone(), wrong(&code));
                guesses.push(tokio::spawn(async move { browser.type_code(&verify, SAKURA, &code).await }));
            }
        }
        let statuses: Vec<u16> =
            join_all(guesses).await.into_iter().map(|answer| answer.unwrap().status.as_u16()).collect();
        let looked_at = statuses.iter().filter(|status| **status != 429).count();
        assert_eq!(looked_at, 10, "{statuses:?}");
    }
}

each_setup! {
    async fn a_code_ends_after_its_time(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        let mut browser = server.browser();
        let page = browser.begin(&client, CODE).await;
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let code = inbox.code_to(SAKURA).await;
        server.wait(Duration::from_secs(600));
        let answer = browser.type_code(&verify, SAKURA, &code).await.expect(400);
        assert!(answer.text().contains("This code has expired."), "{}", answer.text());
        // The page sends another, which replaces it.
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let newer = inbox.code_to(SAKURA).await;
        if newer != code {
            browser.type_code(&verify, SAKURA, &code).await.expect(400);
        }
        browser.type_code(&verify, SAKURA, &newer).await.expect(303);
    }
}

each_setup! {
    async fn a_code_is_good_for_its_browser_sign_in_address_and_purpose_only(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        let (mut browser, mut other) = (server.browser(), server.browser());
        let page = browser.begin(&client, CODE).await;
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let code = inbox.code_to(SAKURA).await;

        let others = other.begin(&client, CODE).await;
        other.type_code(&verify, SAKURA, &code).await.expect(400);
        assert!(!other.cookies.contains_key("meibo_session"));
        let answer = other.type_code(&page_of(&others, "sign-in/code/verify"), SAKURA, &code).await.expect(400);
        assert!(answer.text().contains("No code was sent there"), "{}", answer.text());
        let second = browser.begin(&client, "sign-in/code/verify").await;
        browser.type_code(&second, SAKURA, &code).await.expect(400);
        for purpose in ["register/code/verify", "forgot-password/verify"] {
            let answer = browser.type_code(&page_of(&verify, purpose), SAKURA, &code).await;
            assert!(answer.status.is_client_error(), "{purpose} {}", answer.status);
        }
        browser.type_code(&verify, SAKURA, &code).await.expect(303);
    }
}

each_setup! {
    async fn two_tabs_with_two_addresses_are_told_apart(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        server.person("ren").await;
        let mut browser = server.browser();
        let page = browser.begin(&client, CODE).await;
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let first = inbox.code_to(SAKURA).await;
        server.wait(Duration::from_millis(1));
        browser.ask_for_code(&page, "ren@example.com").await;
        let second = inbox.code_to("ren@example.com").await;
        let answer = browser.type_code(&verify, SAKURA, &first).await.expect(400);
        assert!(answer.text().contains("sent to another email address"), "{}", answer.text());
        assert_eq!(field_of(&answer, "identifier"), SAKURA, "the form stays the first tab's");
        let answer = browser.type_code(&verify, SAKURA, &second).await.expect(400);
        assert!(answer.text().contains("sent to another email address"), "{}", answer.text());
        browser.type_code(&verify, "ren@example.com", &second).await.expect(303);
    }
}

each_setup! {
    async fn of_many_posts_of_one_code_one_signs_in(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let person = server.person("sakura").await;
        let mut browser = server.browser();
        let page = browser.begin(&client, CODE).await;
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let code = inbox.code_to(SAKURA).await;
        let posts = (0..8).map(|_| {
            let (mut browser, verify, code) = (browser.clone(), verify.clone(), code.clone());
            tokio::spawn(async move { browser.type_code(&verify, SAKURA, &code).await.status.as_u16() })
        });
        let statuses: Vec<u16> = join_all(posts).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        let sessions = server.app().list_sessions(&operator(), &person.id).await.unwrap();
        assert_eq!(sessions.len(), 1);
    }
}

/// What asking for a code shows: status, where it leads, the page without what was typed, cookies, and
/// messages.
async fn asked(
    server: &TestServer,
    inbox: &Inbox,
    intent: &str,
    address: &str,
) -> (String, String, usize) {
    let client = server.spa().await;
    let mut browser = server.browser();
    let page = browser.begin(&client, intent).await;
    let before = inbox.arrivals().len();
    let sent = browser.post(&page, &[("identifier", address)]).await;
    let verify = sent.location().to_owned();
    let shown = browser.get(&verify).await;
    let wrong = browser.type_code(&verify, address, "000000x").await;
    server.app().run_due_jobs().await.unwrap();
    let id = page.split("id=").nth(1).unwrap();
    let plain = |text: String| text.replace(id, "ID").replace(address, "TYPED");
    let heads = [&sent, &shown, &wrong]
        .map(|answer| format!("{} {:?}", answer.status, answer.headers.get("set-cookie")));
    (
        format!("{heads:?} {}", plain(verify)),
        format!("{}{}", plain(shown.text()), plain(wrong.text())),
        inbox.arrivals().len() - before,
    )
}

each_setup! {
    async fn nobody_learns_from_a_code_who_has_an_account(server: TestServer) {
        let inbox = server.with_inbox().await;
        server.register_by_address(false).await;
        server.person("sakura").await;
        let suspended = server.person("suspended").await;
        server.app().set_suspension(&operator(), &suspended.id, true).await.unwrap();
        let unverified = server.person("unverified").await;
        server.unverify(&unverified).await;
        for intent in ["sign-in/code", "register/code", "forgot-password"] {
            let expected = asked(&server, &inbox, intent, SAKURA).await;
            assert_eq!(expected.2, 1, "one message");
            assert!(expected.0.contains("303") && expected.0.contains("200"), "{}", expected.0);
            for address in ["nobody@example.com", "suspended@example.com", "unverified@example.com"] {
                assert_eq!(asked(&server, &inbox, intent, address).await, expected, "{intent} {address}");
            }
        }
    }
}

each_setup! {
    async fn what_an_address_is_for_is_told_to_its_owner_only(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let suspended = server.person("suspended").await;
        server.app().set_suspension(&operator(), &suspended.id, true).await.unwrap();
        let unverified = server.person("unverified").await;
        server.unverify(&unverified).await;
        for (address, status, words) in [
            ("suspended@example.com", 401, "This account is suspended."),
            ("unverified@example.com", 404, "No account has this address."),
            ("nobody@example.com", 404, "No account has this address."),
        ] {
            let mut browser = server.browser();
            let page = browser.begin(&client, CODE).await;
            let verify = browser.ask_for_code(&page, address).await;
            let code = inbox.code_to(address).await;
            let answer = browser.type_code(&verify, address, &code).await.expect(status);
            assert!(answer.text().contains(words), "{}", answer.text());
            assert!(!browser.cookies.contains_key("meibo_session"), "{address}");
            let again = browser.type_code(&verify, address, &code).await.expect(400);
            assert!(again.text().contains("it was used already"), "{}", again.text());
        }
    }
}

each_setup! {
    async fn ten_messages_to_an_address_and_then_a_pause(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let mut browser = server.browser();
        let page = browser.begin(&client, CODE).await;
        for _ in 0..10 {
            browser.ask_for_code(&page, SAKURA).await;
        }
        let answer = browser.post(&page, &[("identifier", SAKURA)]).await.expect(429);
        assert!(answer.text().contains("Too many codes were sent. Please try again in 10 minutes."), "{}", answer.text());
        assert!(answer.text().contains(&format!(r#"value="{SAKURA}""#)), "what was typed stays");
        browser.ask_for_code(&page, "other@example.com").await;
        server.wait(Duration::from_secs(601));
        let verify = browser.ask_for_code(&page, SAKURA).await;
        // The ten others came too late to be of use; none of them is sent.
        let code = inbox.code_to(SAKURA).await;
        assert_eq!(inbox.arrivals().len(), 1);
        browser.type_code(&verify, SAKURA, &code).await.expect(404);
    }
}

each_setup! {
    async fn what_cannot_be_an_address_is_said_beside_its_field(server: TestServer) {
        let client = server.spa().await;
        let inbox = server.with_inbox().await;
        let mut browser = server.browser();
        let page = browser.begin(&client, CODE).await;
        let long = format!("{}@example.com", "a".repeat(10_000));
        for (typed, words) in [
            ("", "Please fill this in."),
            ("sakura", "Please write an email address"),
            ("a@b.example\r\nBcc: c@d.example", "Please write an email address"),
            ("<b>@example.com", "Please write an email address"),
            (&long, "This is too long."),
            ("12345678901234567890", "phone number"),
            ("110", "cannot send messages to this number"),
        ] {
            let answer = browser.post(&page, &[("identifier", typed)]).await;
            assert!(answer.status.is_client_error(), "{typed:.40} {}", answer.status);
            let page = answer.text();
            let error = page.split(r#"id="identifier-error""#).nth(1).unwrap_or_else(|| panic!("{typed:.40} {page}"));
            assert!(error.split("</p>").next().unwrap().contains(words), "{typed:.40} {page}");
        }
        browser.post(&page, &[("identifier", "a\0@example.com")]).await.expect(400);
        server.app().run_due_jobs().await.unwrap();
        assert!(inbox.arrivals().is_empty());
    }
}

each_setup! {
    async fn without_a_connector_codes_are_not_offered(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, page) = browser.authorize(&client, &[]).await.page();
        assert!(!page.text().contains("formaction") && !page.text().contains("forgot-password"), "{}", page.text());
        browser.get(&page_of(&path, CODE)).await.expect(422);
        browser.post(&page_of(&path, CODE), &[("identifier", SAKURA)]).await.expect(501);

        let inbox = server.with_inbox().await;
        let verify = browser.ask_for_code(&page_of(&path, CODE), SAKURA).await;
        let code = inbox.code_to(SAKURA).await;
        for shown in server.app().list_connectors(&operator()).await.unwrap() {
            server.app().delete_connector(&operator(), &shown.connector.id).await.unwrap();
        }
        browser.post(&page_of(&path, CODE), &[("identifier", SAKURA)]).await.expect(501);
        // The code that is in the mailbox already still signs in.
        browser.type_code(&verify, SAKURA, &code).await.expect(303);
    }
}

each_setup! {
    async fn what_the_settings_turn_off_is_refused(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        let mut browser = server.browser();
        let page = browser.begin(&client, CODE).await;
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let code = inbox.code_to(SAKURA).await;
        server.change_settings(|settings| {
            settings.sign_in_mode = SignInMode::SignIn;
            for method in &mut settings.sign_in.methods {
                method.verification_code = false;
            }
        }).await;
        browser.post(&page, &[("identifier", SAKURA)]).await.expect(422);
        let answer = browser.type_code(&verify, SAKURA, &code).await.expect(422);
        assert!(answer.text().contains("turned off"), "{}", answer.text());
        browser.submit(&page_of(&page, "sign-in"), &[("identifier", "sakura"), ("password", PASSWORD)]).await.elsewhere();
    }
}

each_setup! {
    async fn the_message_is_in_the_language_of_the_page_or_of_the_account(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let person = server.person("sakura").await;
        let profile = meibo_domain::profile::Profile { locale: Some("ja".into()), ..Default::default() };
        server.app().merge_profile(&operator(), &person.id, profile).await.unwrap();
        for (language, address, expected) in [
            ("en", SAKURA, "en"),
            ("ja", "nobody@example.com", "ja"),
            ("xx", SAKURA, "ja"),
            ("xx", "nobody@example.com", "en"),
        ] {
            let mut browser = server.browser();
            browser.language = language;
            let page = browser.begin(&client, CODE).await;
            browser.ask_for_code(&page, address).await;
            let message = inbox.message_to(address).await;
            assert_eq!(text(&message.payload, "locale"), expected, "{language} {address}");
        }
    }
}

each_setup! {
    async fn a_code_is_sent_on_one_node_and_typed_on_another_after_a_restart(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        let mut browser = server.browser();
        let page = browser.begin(&client, CODE).await;
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let code = inbox.code_to(SAKURA).await;
        browser.server = server.restarted().await;
        browser.type_code(&verify, SAKURA, &code).await.expect(303);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_register_cannot_be_written_the_form_says_so() {
    let server = TestServer::start(Setup::Sqlite).await;
    let (client, inbox) = (server.spa().await, server.with_inbox().await);
    server.person("sakura").await;
    let mut browser = server.browser();
    let page = browser.begin(&client, CODE).await;
    let verify = browser.ask_for_code(&page, SAKURA).await;
    let code = inbox.code_to(SAKURA).await;
    server.faults.fail_commits(true);
    for answer in [
        browser.post(&page, &[("identifier", SAKURA)]).await,
        browser.type_code(&verify, SAKURA, &code).await,
    ] {
        let answer = answer.expect(503);
        assert!(answer.text().contains("<form"), "{}", answer.text());
        assert!(answer.text().contains(SAKURA) && answer.text().contains("role=\"alert\""));
    }
    server.faults.fail_commits(false);
    browser.type_code(&verify, SAKURA, &code).await.expect(303);
}
