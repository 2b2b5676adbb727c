//! A verification code is for the purpose that it was sent for, whichever door it is tried at.

use serde_json::json;

use crate::{
    each_setup,
    support::{passwordless::wrong, server::TestServer},
};

const SAKURA: &str = "sakura@example.com";
const VERIFY: &str = "/api/verification-codes/verify";

each_setup! {
    async fn a_code_of_a_sign_in_and_one_of_a_back_end_are_not_exchanged(server: TestServer) {
        let (admin, client, inbox) = (server.admin().await, server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        let typed = |code: &str| json!({"email": SAKURA, "verificationCode": code});
        let mut browser = server.browser();
        let page = browser.begin(&client, "sign-in/code").await;
        let verify = browser.ask_for_code(&page, SAKURA).await;
        let of_sign_in = inbox.code_to(SAKURA).await;

        let refused = admin.post(VERIFY, typed(&of_sign_in)).await.expect(400);
        assert_eq!(refused.code(), "verification_code.not_found", "only a sign-in was sent one");
        admin.post("/api/verification-codes", json!({"email": SAKURA})).await.expect(204);
        let of_back_end = inbox.code_to(SAKURA).await;
        assert_ne!(of_sign_in, of_back_end);
        let refused = admin.post(VERIFY, typed(&of_sign_in)).await.expect(400);
        assert_eq!(refused.code(), "verification_code.code_mismatch");
        browser.type_code(&verify, SAKURA, &of_back_end).await.expect(400);

        // Tries with one do not use the other up, and neither replaced the other.
        for _ in 0..9 {
            admin.post(VERIFY, typed(&wrong(&of_back_end))).await.expect(400);
        }
        let refused = admin.post(VERIFY, typed(&of_back_end)).await.expect(400);
        assert_eq!(refused.code(), "verification_code.exceed_max_try");
        browser.type_code(&verify, SAKURA, &of_sign_in).await.expect(303);
    }
}
