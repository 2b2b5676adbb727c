//! Phone numbers: codes by text message, and passwords.

use meibo_domain::{
    patch::Patch,
    phone::PhoneNumber,
    user::{User, UserPatch},
};

use crate::{
    each_setup,
    support::{
        browser::{field_of, parameter},
        fixtures::PASSWORD,
        server::{TestServer, operator},
        tokens::text,
    },
};

const NUMBER: &str = "+819012345678";

async fn person(server: &TestServer) -> User {
    let person = server.person("sakura").await;
    let patch = UserPatch {
        primary_phone: Patch::Set(PhoneNumber::parse(NUMBER).unwrap()),
        ..UserPatch::default()
    };
    server
        .app()
        .update_user(&operator(), &person.id, patch)
        .await
        .unwrap()
}

each_setup! {
    async fn a_code_by_text_message_signs_in(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let person = person(&server).await;
        let mut browser = server.browser();
        browser.language = "ja";
        let page = browser.begin(&client, "sign-in/code").await;
        let verify = browser.ask_for_code(&page, "090-1234-5678").await;
        let message = inbox.message_to(NUMBER).await;
        assert_eq!(message.channel, "sms");
        let shown = browser.get(&verify).await.expect(200);
        assert_eq!(field_of(&shown, "identifier"), NUMBER);
        let answer = browser.type_code(&verify, NUMBER, text(&message.payload, "code")).await.expect(303);
        let back = browser.follow(verify, answer).await.elsewhere();
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let claims = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await.claims;
        assert_eq!(claims["sub"], person.id.as_str());
        assert_eq!(claims["amr"], serde_json::json!(["sms"]));
    }
}

each_setup! {
    async fn a_number_makes_an_account(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.register_by_address(false).await;
        let mut browser = server.browser();
        let page = browser.begin(&client, "register/code").await;
        let verify = browser.ask_for_code(&page, NUMBER).await;
        let code = inbox.code_to(NUMBER).await;
        let answer = browser.type_code(&verify, NUMBER, &code).await.expect(303);
        let back = browser.follow(verify, answer).await.elsewhere();
        assert!(parameter(&back, "code").is_some());
    }
}

each_setup! {
    async fn a_number_and_a_password_sign_in_however_it_is_spelled(server: TestServer) {
        let client = server.spa().await;
        person(&server).await;
        for (language, typed) in [("ja", "090-1234-5678"), ("en", "+81 90 1234 5678"), ("ja", "０９０１２３４５６７８")] {
            let mut browser = server.browser();
            browser.language = language;
            let page = browser.begin(&client, "sign-in").await;
            browser.submit(&page, &[("identifier", typed), ("password", PASSWORD)]).await.elsewhere();
        }
        // The application's language tells the country too.
        let mut browser = server.browser();
        let (page, _) = browser.authorize(&client, &[("ui_locales", "ja")]).await.page();
        browser.submit(&page, &[("identifier", "090 1234 5678"), ("password", PASSWORD)]).await.elsewhere();
    }
}
