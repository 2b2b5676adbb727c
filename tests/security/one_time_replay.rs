//! One-time artefacts used again, also on the other node: codes, sign-ins, set-up links.

use crate::{
    each_setup,
    support::{fixtures::PASSWORD, server::TestServer},
};

each_setup! {
    async fn each_is_used_once_whichever_node_is_asked(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        // Requests go to the nodes in turn; one more request in between shifts the turn.
        for shift in [false, true] {
            let code = server.code(&client, "sakura", &[]).await;
            server.redeem(&client, &code, &[]).await.expect(200);
            if shift {
                server.get("/oidc/jwks").await.expect(200);
            }
            server.redeem(&client, &code, &[]).await.expect(400);

            let mut browser = server.browser();
            let (path, _) = browser.authorize(&client, &[]).await.page();
            let fields = [("identifier", "sakura"), ("password", PASSWORD)];
            let next = browser.post(&path, &fields).await.expect(303).location().to_owned();
            browser.get(&next).await.expect(303);
            if shift {
                server.get("/oidc/jwks").await.expect(200);
            }
            browser.get(&next).await.expect(400);
        }
        let link = server.app().issue_setup_link().await.unwrap().unwrap();
        let path = link.strip_prefix("http://id.example").unwrap();
        let mut browser = server.browser();
        browser.post(path, &[("username", "owner"), ("password", PASSWORD)]).await.expect(200);
        for name in ["second", "third"] {
            browser.post(path, &[("username", name), ("password", PASSWORD)]).await.expect(404);
        }
    }
}
