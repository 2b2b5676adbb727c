//! Who has an account is told to nobody but the reader of the code.

use crate::{
    each_setup,
    support::{
        inbox::Inbox,
        server::{TestServer, operator},
    },
};

const CODE: &str = "sign-in/code";
const SAKURA: &str = "sakura@example.com";

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
