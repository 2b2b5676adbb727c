//! Signing in with a code by email.

use meibo_domain::sign_in_experience::SignInMode;

use crate::{
    each_setup,
    support::{
        browser::{field_of, parameter},
        fixtures::PASSWORD,
        passwordless::page_of,
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
        let mut sakura = server.code_for("sakura").await;
        server.change_settings(|settings| {
            settings.sign_in_mode = SignInMode::SignIn;
            for method in &mut settings.sign_in.methods {
                method.verification_code = false;
            }
        }).await;
        let closed = sakura.browser.get(&sakura.page).await.expect(422).text();
        assert!(closed.contains("turned off") && !closed.contains("<form"), "{closed}");
        let password = page_of(&sakura.page, "sign-in");
        assert!(closed.contains(&format!(r#"<a href="{password}">Sign in with a password</a>"#)), "{closed}");
        sakura.browser.post(&sakura.page, &[("identifier", SAKURA)]).await.expect(422);
        let answer = sakura.type_it().await.expect(422);
        assert!(answer.text().contains("turned off"), "{}", answer.text());
        sakura.browser.submit(&page_of(&sakura.page, "sign-in"), &[("identifier", "sakura"), ("password", PASSWORD)]).await.elsewhere();
    }
}

each_setup! {
    async fn while_sign_in_is_closed_people_are_led_to_what_is_open(server: TestServer) {
        let mut sakura = server.code_for("sakura").await;
        server.change_settings(|settings| settings.sign_in_mode = SignInMode::Register).await;
        let register = page_of(&sakura.page, "register");
        for answer in [
            sakura.browser.get(&sakura.page).await,
            sakura.browser.post(&sakura.page, &[("identifier", SAKURA)]).await,
            sakura.type_it().await,
        ] {
            let shown = answer.expect(422).text();
            assert!(shown.contains("turned off") && !shown.contains("<form"), "{shown}");
            assert!(shown.contains(&format!(r#"<a href="{register}">Create an account</a>"#)), "{shown}");
        }
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
        // Where the settings do not listen to browsers, theirs is not a language that was asked for.
        server.change_settings(|settings| settings.language_info.auto_detect = false).await;
        let mut browser = server.browser();
        let page = browser.begin(&client, CODE).await;
        browser.ask_for_code(&page, SAKURA).await;
        assert_eq!(text(&inbox.message_to(SAKURA).await.payload, "locale"), "ja");
    }
}

each_setup! {
    async fn a_code_is_sent_on_one_node_and_typed_on_another_after_a_restart(server: TestServer) {
        let mut sakura = server.code_for("sakura").await;
        sakura.browser.server = server.restarted().await;
        sakura.type_it().await.expect(303);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_register_cannot_be_written_the_form_says_so() {
    let server = TestServer::start(Setup::Sqlite).await;
    let mut sakura = server.code_for("sakura").await;
    server.faults.fail_commits(true);
    for answer in [
        sakura
            .browser
            .post(&sakura.page, &[("identifier", SAKURA)])
            .await,
        sakura.type_it().await,
    ] {
        let answer = answer.expect(503);
        assert!(answer.text().contains("<form"), "{}", answer.text());
        assert!(answer.text().contains(SAKURA) && answer.text().contains("role=\"alert\""));
    }
    server.faults.fail_commits(false);
    sakura.type_it().await.expect(303);
}
