//! Headers of the pages: RFC 9700 sections 4.2.4 and 4.16, OWASP ASVS 3.4.

use crate::{
    each_setup,
    support::{answer::Answer, browser::authorize_path, fixtures::PASSWORD, server::TestServer},
};

fn check_common(name: &str, answer: &Answer) {
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{name}: {policy}");
    assert!(
        policy.contains("frame-ancestors 'none'"),
        "{name}: {policy}"
    );
    assert!(!policy.contains("unsafe"), "{name}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{name}");
    assert!(
        answer.header("cache-control").contains("no-store"),
        "{name}: {:?}",
        answer.headers
    );
    assert!(!answer.header("x-request-id").is_empty(), "{name}");
    assert_eq!(
        answer.header("strict-transport-security"),
        "",
        "{name}: only over https"
    );
    assert_eq!(answer.header("access-control-allow-origin"), "", "{name}");
    assert_eq!(answer.header("server"), "", "{name}");
}

each_setup! {
    async fn pages_are_strict_and_never_kept(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let begin = browser.get(&authorize_path(&client, &[])).await.expect(303);
        check_common("authorize", &begin);
        let path = begin.location().to_owned();
        let register = path.replace("/sign-in", "/register");
        let mut signed_in = server.browser();
        signed_in.sign_in(&client, "sakura", &[]).await;
        for path in [path.as_str(), register.as_str(), "/oidc/session/end"] {
            let browser = if path.starts_with("/oidc") { &mut signed_in } else { &mut browser };
            let page = browser.get(path).await.expect(200);
            check_common(path, &page);
            if page.status == 200 {
                // The forms end at an application, which form-action would forbid.
                assert!(!page.header("content-security-policy").contains("form-action"), "{path}");
                assert!(page.header("content-security-policy").contains("script-src 'self'"), "{path}");
            }
            let text = page.text();
            assert!(!text.contains("<script>") && !text.contains(" style=") && !text.contains(" onclick="), "{text}");
        }
        check_common("wrong", &browser.post(&path, &[("identifier", "sakura"), ("password", "wrong")]).await);
        let signed_in = browser.post(&path, &[("identifier", "sakura"), ("password", PASSWORD)]).await.expect(303);
        check_common("signed in", &signed_in);
        let back = browser.get(signed_in.location()).await.expect(303);
        check_common("back", &back);
        check_common("error", &browser.get("/sign-in?id=gone").await.expect(400));
        check_common("nothing", &browser.get("/nothing").await.expect(404));
    }
}
