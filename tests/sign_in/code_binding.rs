//! A code belongs to one browser, sign-in, address and purpose.

use std::time::Duration;

use crate::{
    each_setup,
    support::{browser::field_of, passwordless::page_of, server::TestServer},
};

const CODE: &str = "sign-in/code";
const SAKURA: &str = "sakura@example.com";

each_setup! {
    async fn a_code_is_good_for_its_browser_sign_in_address_and_purpose_only(server: TestServer) {
        let mut sakura = server.code_for("sakura").await;
        let (client, mut other) = (server.spa().await, server.browser());
        let (verify, code) = (sakura.verify.clone(), sakura.code.clone());

        let others = other.begin(&client, CODE).await;
        other.type_code(&verify, SAKURA, &code).await.expect(400);
        assert!(!other.cookies.contains_key("meibo_session"));
        let answer = other.type_code(&page_of(&others, "sign-in/code/verify"), SAKURA, &code).await.expect(400);
        assert!(answer.text().contains("No code was sent there"), "{}", answer.text());
        let second = sakura.browser.begin(&client, "sign-in/code/verify").await;
        sakura.browser.type_code(&second, SAKURA, &code).await.expect(400);
        for purpose in ["register/code/verify", "forgot-password/verify"] {
            let answer = sakura.browser.type_code(&page_of(&verify, purpose), SAKURA, &code).await;
            assert!(answer.status.is_client_error(), "{purpose} {}", answer.status);
        }
        sakura.type_it().await.expect(303);
    }
}

each_setup! {
    async fn two_tabs_with_two_addresses_are_told_apart(server: TestServer) {
        let mut sakura = server.code_for("sakura").await;
        server.person("ren").await;
        server.wait(Duration::from_millis(1));
        sakura.browser.ask_for_code(&sakura.page, "ren@example.com").await;
        let second = sakura.inbox.code_to("ren@example.com").await;
        let answer = sakura.type_it().await.expect(400);
        assert!(answer.text().contains("sent to another email address"), "{}", answer.text());
        assert_eq!(field_of(&answer, "identifier"), SAKURA, "the form stays the first tab's");
        let answer = sakura.type_code(&second).await.expect(400);
        assert!(answer.text().contains("sent to another email address"), "{}", answer.text());
        sakura.browser.type_code(&sakura.verify, "ren@example.com", &second).await.expect(303);
    }
}
