//! The end-session endpoint: OpenID Connect RP-Initiated Logout 1.0.

use http::Method;

use crate::{
    each_setup,
    support::{
        answer::Answer,
        browser::{Browser, parameter},
        client::form,
        fixtures::{Client, POST_LOGOUT_URI},
        server::TestServer,
        tokens::text,
    },
};

const SUCCESS: &str = "/oidc/session/end/success";

fn end_path(fields: &[(&str, &str)]) -> String {
    format!("/oidc/session/end?{}", form(fields))
}

/// Is somebody signed in with this browser?
async fn is_signed_in(browser: &mut Browser, client: &Client) -> bool {
    let back = browser
        .authorize(client, &[("prompt", "none")])
        .await
        .elsewhere();
    parameter(&back, "code").is_some()
}

/// The value of the hidden field by which the question carries the request along.
fn request_of(page: &Answer) -> String {
    let text = page.text();
    let value = text
        .split(r#"name="request" value=""#)
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    value.replace("&#38;", "&").replace("&amp;", "&")
}

each_setup! {
    async fn oidc_rp_logout_2_state_goes_back_to_the_registered_address(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        let session = browser.cookies.clone();
        let fields =
            [("client_id", client.id.as_str()), ("post_logout_redirect_uri", POST_LOGOUT_URI), ("state", "s 1")];
        let answer = browser.get(&end_path(&fields)).await.expect(303);
        assert_eq!(answer.location(), "https://app.example/?state=s+1");
        assert!(!browser.cookies.contains_key("meibo_session"));
        // A copy of the cookie is worth nothing either.
        browser.cookies = session;
        assert!(!is_signed_in(&mut browser, &client).await);
        // Once more, with nobody signed in.
        let answer = browser.get(&end_path(&fields)).await.expect(303);
        assert_eq!(answer.location(), "https://app.example/?state=s+1");
    }
}

each_setup! {
    async fn oidc_rp_logout_2_without_a_proof_the_person_is_asked(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        for fields in [&[][..], &[("client_id", client.id.as_str())], &[("state", "s")]] {
            let page = browser.get(&end_path(fields)).await.expect(200);
            assert!(page.text().contains("Sakura 桜"), "says who is signed in: {}", page.text());
            let stay = browser.post("/oidc/session/end/confirm", &[("decision", "stay")]).await.expect(303);
            assert_eq!(stay.location(), "/");
            assert!(is_signed_in(&mut browser, &client).await, "{fields:?}");
        }
        let page = browser.get(&end_path(&[("client_id", &client.id)])).await.expect(200);
        let request = request_of(&page);
        let yes = [("decision", "sign_out"), ("request", request.as_str())];
        // Only our own page may say yes.
        let foreign = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
        let confirm = "/oidc/session/end/confirm";
        browser.request_with(Method::POST, confirm, &yes, &foreign).await.expect(403);
        assert!(is_signed_in(&mut browser, &client).await);
        let answer = browser.post(confirm, &yes).await.expect(303);
        assert_eq!(answer.location(), SUCCESS);
        browser.get(SUCCESS).await.expect(200);
        assert!(!is_signed_in(&mut browser, &client).await);
    }
}

each_setup! {
    async fn oidc_rp_logout_2_an_expired_id_token_is_still_a_hint(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        server.person("kaede").await;
        let mut browser = server.browser();
        let back = browser.sign_in(&client, "sakura", &[]).await;
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let hint = ("id_token_hint", text(&tokens, "id_token"));

        let mut other = server.browser();
        other.sign_in(&client, "kaede", &[]).await;
        let page = other.get(&end_path(&[hint, ("post_logout_redirect_uri", POST_LOGOUT_URI)])).await.expect(200);
        let yes = [("decision", "sign_out"), ("request", &request_of(&page))];
        let answer = other.post("/oidc/session/end/confirm", &yes).await.expect(303);
        assert_eq!(answer.location(), POST_LOGOUT_URI, "the question keeps the address");

        server.wait(std::time::Duration::from_secs(7200));
        let answer = browser.get(&end_path(&[hint, ("post_logout_redirect_uri", POST_LOGOUT_URI)])).await.expect(303);
        assert_eq!(answer.location(), POST_LOGOUT_URI);
        assert!(!is_signed_in(&mut browser, &client).await);
    }
}

each_setup! {
    async fn oidc_rp_logout_3_only_registered_addresses_are_redirected_to(server: TestServer) {
        let client = server.spa().await;
        let other = server.traditional().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let back = browser.sign_in(&client, "sakura", &[]).await;
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let id_token = text(&tokens, "id_token");
        let id = ("client_id", client.id.as_str());
        for fields in [
            &[id, ("post_logout_redirect_uri", "https://evil.example/")][..],
            &[id, ("post_logout_redirect_uri", "https://app.example")],
            &[id, ("post_logout_redirect_uri", "https://app.example/?next=//evil.example")],
            &[id, ("post_logout_redirect_uri", "https://app.example/callback")],
            &[("post_logout_redirect_uri", POST_LOGOUT_URI)],
            &[("client_id", "nobody")],
            &[("client_id", "nobody"), ("post_logout_redirect_uri", POST_LOGOUT_URI)],
            &[id, ("id_token_hint", "e30.e30.e30")],
            &[("client_id", other.id.as_str()), ("id_token_hint", id_token)],
            &[id, ("post_logout_redirect_uri", POST_LOGOUT_URI), ("post_logout_redirect_uri", POST_LOGOUT_URI)],
        ] {
            let answer = browser.get(&end_path(fields)).await.expect(400);
            assert_eq!(answer.location(), "", "{fields:?}");
            assert!(is_signed_in(&mut browser, &client).await, "{fields:?}");
        }
    }
}

each_setup! {
    async fn oidc_rp_logout_2_get_and_post(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        let fields = [("client_id", client.id.as_str()), ("post_logout_redirect_uri", POST_LOGOUT_URI)];
        let foreign = [("origin", "https://app.example"), ("sec-fetch-site", "cross-site")];
        let answer = browser.request_with(Method::POST, "/oidc/session/end", &fields, &foreign).await.expect(303);
        assert!(browser.cookies.contains_key("meibo_session"), "nothing ends before the bounce");
        let back = browser.follow("/oidc/session/end".to_owned(), answer).await.elsewhere();
        assert_eq!(back.as_str(), POST_LOGOUT_URI);
        assert!(!is_signed_in(&mut browser, &client).await);
    }
}

each_setup! {
    async fn oidc_core_11_offline_access_outlives_the_session(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let back = browser.sign_in(&client, "sakura", &[("scope", "openid")]).await;
        let online = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let back = browser.authorize(&client, &[]).await.elsewhere();
        let offline = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let fields = [("client_id", client.id.as_str()), ("post_logout_redirect_uri", POST_LOGOUT_URI)];
        browser.get(&end_path(&fields)).await.expect(303);
        server.bearer(text(&online, "access_token")).get("/oidc/me").await.expect(401);
        server.bearer(text(&offline, "access_token")).get("/oidc/me").await.expect(200);
        server.refresh(&client, text(&offline, "refresh_token"), &[]).await.expect(200);
    }
}
