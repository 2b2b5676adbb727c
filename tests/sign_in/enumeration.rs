//! Nobody learns from the sign-in page who has an account.

use std::collections::BTreeSet;

use meibo_domain::{user::NewUser, username::Username};

use crate::{
    each_setup,
    support::{
        browser::Browser,
        fixtures::Client,
        server::{TestServer, operator},
    },
};

/// What a failed sign-in shows: status, body without what was typed, cookies, and hashes made.
async fn failure(
    browser: &mut Browser,
    client: &Client,
    identifier: &str,
    password: &str,
) -> (u16, String, BTreeSet<String>, u64) {
    let (path, _) = browser.authorize(client, &[]).await.page();
    let before = browser.server.hashes();
    let answer = browser
        .post(&path, &[("identifier", identifier), ("password", password)])
        .await;
    let id = path.split("id=").nth(1).unwrap();
    let body = answer
        .text()
        .replace(id, "ID")
        .replace(&format!(r#"value="{identifier}""#), r#"value="TYPED""#);
    let cookies = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|line| line.to_str().unwrap().to_owned())
        .collect();
    (
        answer.status.as_u16(),
        body,
        cookies,
        browser.server.hashes() - before,
    )
}

each_setup! {
    async fn unknown_people_and_wrong_passwords_look_the_same(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let username = Some(Username::parse("no_password").unwrap());
        let without_password = NewUser { username, ..NewUser::default() };
        server.app().create_user(&operator(), without_password, None).await.unwrap();
        let suspended = server.person("suspended").await;
        server.app().set_suspension(&operator(), &suspended.id, true).await.unwrap();
        let mut browser = server.browser();
        let expected = failure(&mut browser, &client, "sakura", "not the password").await;
        assert_eq!((expected.0, expected.3), (422, 1), "one hash");
        for (identifier, password) in [
            ("unknown", "not the password"),
            ("unknown@example.com", "not the password"),
            ("sakura@example.com", "not the password"),
            ("no_password", "not the password"),
            ("suspended", "not the password"),
            ("not an identifier", "not the password"),
            ("sakura", ""),
            ("unknown", ""),
        ] {
            let seen = failure(&mut browser, &client, identifier, password).await;
            assert_eq!(seen, expected, "{identifier}");
        }
        // Without an identifier only the focus differs.
        let empty = failure(&mut browser, &client, "", "").await;
        assert_eq!((empty.0, empty.2, empty.3), (expected.0, expected.2.clone(), expected.3));
        let long = "x".repeat(5000);
        assert_eq!(failure(&mut browser, &client, "sakura", &long).await, expected);
        assert_eq!(failure(&mut browser, &client, "unknown", &long).await, expected);
    }
}
