//! Each posted form of a sign-in leaves one activity record: what it was for, about whom, and the code of
//! what refused it.

use meibo_store::db::Sql;

use crate::{
    each_setup,
    support::{
        fixtures::PASSWORD,
        passwordless::page_of,
        server::{TestServer, operator},
    },
};

/// Key, whether there is a user, and payload of each record, in the order of their times.
async fn records(server: &TestServer) -> Vec<String> {
    for app in server.apps() {
        app.flush_activity().await;
    }
    let sql = Sql::from(
        "SELECT key, is_success, user_id, payload FROM activity_log WHERE key LIKE 'Interaction.%' ORDER BY at",
    );
    let rows = server.app().database().query(&sql, &[]).await.unwrap();
    rows.iter()
        .map(|row| {
            let key = row.text(0).unwrap().replace("Interaction.", "");
            let is_success = row.int(1).unwrap() == 1;
            let user = row.opt_text(2).unwrap().map_or("nobody", |_| "user");
            let payload = row.text(3).unwrap();
            format!("{key} {is_success} {user} {payload}")
        })
        .collect()
}

each_setup! {
    async fn failures_are_recorded_like_successes(server: TestServer) {
        let mut sakura = server.code_for("sakura").await;
        server.wait(std::time::Duration::from_millis(1));
        let password = page_of(&sakura.page, "sign-in");
        let forgot = page_of(&sakura.page, "forgot-password/new");
        let register = page_of(&sakura.page, "register");
        let proved = page_of(&sakura.page, "register/new");
        for (page, fields) in [
            (&password, [("identifier", "sakura"), ("password", "wrong")]),
            (&password, [("identifier", "nobody"), ("password", "wrong")]),
            (&register, [("username", "sakura"), ("password", PASSWORD)]),
            (&register, [("username", "ren"), ("password", "short")]),
            (&proved, [("password", PASSWORD), ("agreement", "")]),
            (&forgot, [("password", PASSWORD), ("agreement", "")]),
            (&sakura.page, [("identifier", "110"), ("agreement", "")]),
        ] {
            let answer = sakura.browser.post(page, &fields).await;
            assert!(answer.status.is_client_error(), "{page} {}", answer.status);
            server.wait(std::time::Duration::from_millis(1));
        }
        sakura.mistype().await.expect(400);
        server.wait(std::time::Duration::from_millis(1));
        sakura.type_it().await.expect(303);
        assert_eq!(records(&server).await, [
            r#"SignIn.VerificationCode.Create true nobody {"channel":"Email"}"#,
            r#"SignIn.Submit false user {"reason":"session.invalid_credentials"}"#,
            r#"SignIn.Submit false nobody {"reason":"session.invalid_credentials"}"#,
            r#"Register.Submit false nobody {"reason":"user.username_already_in_use"}"#,
            r#"Register.Submit false nobody {"reason":"password.rejected"}"#,
            r#"Register.Submit false nobody {"reason":"verification_code.not_found"}"#,
            r#"ForgotPassword.Submit false nobody {"reason":"verification_code.not_found"}"#,
            r#"SignIn.VerificationCode.Create false nobody {"reason":"request.recipient_not_allowed"}"#,
            r#"SignIn.Submit false nobody {"reason":"verification_code.code_mismatch"}"#,
            "SignIn.Submit true user {}",
        ]);
    }
}

each_setup! {
    async fn a_password_that_could_not_be_changed_is_recorded_with_its_person(server: TestServer) {
        let mut sakura = server.code_for("sakura").await;
        sakura.page = page_of(&sakura.page, "forgot-password");
        sakura.ask_again().await;
        sakura.type_it().await.expect(303);
        let new = page_of(&sakura.page, "forgot-password/new");
        server.wait(std::time::Duration::from_millis(1));
        sakura.browser.post(&new, &[("password", "short")]).await.expect(422);
        server.app().set_suspension(&operator(), &sakura.person.id, true).await.unwrap();
        server.wait(std::time::Duration::from_millis(1));
        sakura.browser.post(&new, &[("password", PASSWORD)]).await.expect(401);
        let records = records(&server).await;
        assert_eq!(records[records.len() - 2..], [
            r#"ForgotPassword.Submit false user {"reason":"password.rejected"}"#,
            r#"ForgotPassword.Submit false nobody {"reason":"user.suspended"}"#,
        ]);
    }
}
