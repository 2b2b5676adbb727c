//! What the pages hold: fields, buttons, words, in both languages.

use crate::{
    each_setup,
    support::{answer::Answer, browser::authorize_path, server::TestServer},
};

/// The first form's fields by name, and its first button.
fn form_of(page: &Answer) -> (Vec<String>, String) {
    let text = page.text();
    let form = text
        .split("<form")
        .nth(1)
        .unwrap()
        .split("</form>")
        .next()
        .unwrap()
        .to_owned();
    let names = form
        .split("name=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let button = form
        .split("<button")
        .nth(1)
        .unwrap()
        .split("</button>")
        .next()
        .unwrap()
        .to_owned();
    (names, button)
}

each_setup! {
    async fn the_sign_in_page_speaks_both_languages(server: TestServer) {
        let client = server.spa().await;
        for (language, title, wrong_words) in [
            ("en", "Sign in", "The account or the password is not right."),
            ("ja", "サインイン", "アカウント"),
        ] {
            let mut browser = server.browser();
            browser.language = language;
            let (path, page) = browser.authorize(&client, &[]).await.page();
            assert_eq!(page.status, 200);
            assert_eq!(page.header("content-language"), language);
            assert!(page.text().contains(&format!(r#"<html lang="{language}">"#)));
            assert!(page.text().contains(title), "{}", page.text());
            assert!(page.text().contains("Test application"), "names the application");
            let (names, button) = form_of(&page);
            assert_eq!(names, ["identifier", "password"]);
            assert!(button.contains(r#"type="submit" class="primary""#), "{button}");

            let wrong = [("identifier", "nobody"), ("password", "wrong")];
            let answer = browser.post(&path, &wrong).await.expect(422);
            assert_eq!(answer.header("content-language"), language);
            assert!(answer.text().contains(r#"aria-invalid="true""#), "{}", answer.text());
            assert!(answer.text().contains(wrong_words), "{}", answer.text());
            assert!(answer.text().contains(r#"value="nobody""#), "what was typed stays");
            assert!(!answer.text().contains("wrong\""), "but not the password");
        }
    }
}

each_setup! {
    async fn the_registration_page_speaks_both_languages(server: TestServer) {
        let client = server.spa().await;
        for language in ["en", "ja"] {
            let mut browser = server.browser();
            browser.language = language;
            let (path, page) = browser.authorize(&client, &[("first_screen", "register")]).await.page();
            assert_eq!(page.header("content-language"), language);
            let (names, button) = form_of(&page);
            assert_eq!(names, ["username", "password"]);
            assert!(button.contains(r#"type="submit" class="primary""#), "{button}");
            // To the sign-in page and back.
            let sign_in = path.replace("/register?", "/sign-in?");
            assert!(page.text().contains(&format!(r#"href="{sign_in}""#)), "{}", page.text());
            let other = browser.get(&sign_in).await.expect(200);
            assert!(other.text().contains(&format!(r#"href="{path}""#)), "{}", other.text());
        }
    }
}

each_setup! {
    async fn errors_are_pages_with_a_code_and_an_id(server: TestServer) {
        let client = server.spa().await;
        for language in ["en", "ja"] {
            let mut browser = server.browser();
            browser.language = language;
            for (path, code) in [
                (authorize_path(&client, &[("client_id", "nobody")]), "oidc.invalid_client"),
                ("/sign-in?id=gone".to_owned(), "session.not_found"),
                ("/sign-in".to_owned(), "session.not_found"),
                ("/register?id=gone".to_owned(), "session.not_found"),
                ("/oidc/auth/gone".to_owned(), "session.not_found"),
            ] {
                let answer = browser.get(&path).await.expect(400);
                assert!(answer.header("content-type").starts_with("text/html"), "{path}");
                let text = answer.text();
                assert!(text.contains(&format!(r#"<html lang="{language}">"#)), "{path} {text}");
                assert!(text.contains(code), "{path} {text}");
                assert!(text.contains(answer.header("x-request-id")), "{path} {text}");
                assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            }
            let answer = browser.get("/nothing/here").await.expect(404);
            assert!(answer.text().contains(&format!(r#"<html lang="{language}">"#)), "{}", answer.text());
        }
    }
}

each_setup! {
    async fn assets_that_the_pages_name_are_there(server: TestServer) {
        let client = server.spa().await;
        let (_, page) = server.browser().authorize(&client, &[]).await.page();
        let text = page.text();
        let links: Vec<&str> = ["href=\"/", "src=\"/"]
            .into_iter()
            .flat_map(|start| text.split(start).skip(1))
            .map(|rest| rest.split('"').next().unwrap())
            .filter(|link| link.contains('.'))
            .collect();
        assert!(links.len() >= 3, "{links:?}");
        for link in links {
            let answer = server.get(&format!("/{link}")).await.expect(200);
            assert!(answer.header("cache-control").contains("immutable"), "{link} {:?}", answer.headers);
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
    }
}
