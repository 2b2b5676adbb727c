//! `/api/verification-codes`: contract 3.2, by each of its answers.

use std::time::Duration;

use meibo_store::db::Sql;
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{answer::Answer, client::ApiClient, inbox::Inbox, server::TestServer},
};

pub(super) const SEND: &str = "/api/verification-codes";
pub(super) const VERIFY: &str = "/api/verification-codes/verify";

pub(super) const ANN: &str = "ann@example.com";
const PHONE: &str = "819012345678";

pub(super) async fn send(caller: &ApiClient, email: &str) -> Answer {
    caller.post(SEND, json!({"email": email})).await
}

pub(super) async fn verify(caller: &ApiClient, email: &str, code: &str) -> Answer {
    let body = json!({"email": email, "verificationCode": code});
    caller.post(VERIFY, body).await
}

/// Sends a code and reads it.
pub(super) async fn code_to(caller: &ApiClient, inbox: &Inbox, email: &str) -> String {
    send(caller, email).await.expect(204);
    inbox.code_to(email).await
}

/// Six digits that are not these.
pub(super) fn other_than(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

each_setup! {
    async fn contract_3_2_a_code_is_sent_and_taken_once(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let person = server.person("sakura").await;
        let before = admin.get(&format!("/api/users/{}", person.id)).await.json();
        for (path, to) in [
            (SEND, json!({"email": "sakura@example.com"})),
            (SEND, json!({"email": "nobody@bücher.example"})),
            (SEND, json!({"phone": PHONE})),
            ("/api/verification-code", json!({"email": "guide@example.com"})),
            ("/api/verification-code", json!({"phone": "+819087654321", "email": null})),
        ] {
            let sent = admin.post(path, to.clone()).await.expect(204);
            assert!(sent.body.is_empty());
            let address = to["email"].as_str().or(to["phone"].as_str()).unwrap();
            let message = inbox.message_to(address).await;
            let channel = if to["phone"].is_null() { "email" } else { "sms" };
            assert_eq!((message.usage_type.as_str(), message.channel.as_str()), ("Generic", channel));
            let code = message.payload["code"].as_str().unwrap().to_owned();
            assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
            let mut body = to.clone();
            body["verificationCode"] = json!(code);
            let verified = admin.post(&format!("{path}/verify"), body.clone()).await.expect(204);
            assert!(verified.body.is_empty());
            let again = admin.post(&format!("{path}/verify"), body).await.expect(400);
            assert_eq!(again.code(), "verification_code.not_found");
        }
        assert_eq!(admin.get(&format!("/api/users/{}", person.id)).await.json(), before);
        assert_eq!(admin.get("/api/users").await.header("total-number"), "1", "no account is made");
    }
}

each_setup! {
    async fn both_spellings_of_the_path_mean_the_same_code(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        admin.post("/api/verification-code", json!({"email": ANN})).await.expect(204);
        let code = inbox.code_to(ANN).await;
        verify(&admin, ANN, &code).await.expect(204);
    }
}

each_setup! {
    async fn a_code_is_read_as_people_type_it(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let code = code_to(&admin, &inbox, ANN).await;
        let spaced = format!(" {} {}\u{3000}", &code[..3], &code[3..]);
        verify(&admin, "ANN@EXAMPLE.COM", &spaced).await.expect(204);
        let code = code_to(&admin, &inbox, ANN).await;
        let wide: String = code.chars().map(|digit| char::from_u32(0xFEE0 + u32::from(digit)).unwrap()).collect();
        verify(&admin, ANN, &wide).await.expect(204);
    }
}

each_setup! {
    async fn contract_3_2_without_a_connector_501(server: TestServer) {
        let admin = server.admin().await;
        for (to, kind) in [(json!({"email": ANN}), "Email"), (json!({"phone": PHONE}), "Sms")] {
            for path in [SEND, "/api/verification-code"] {
                let refused = admin.post(path, to.clone()).await.expect(501);
                assert_eq!(refused.code(), "connector.not_found");
                assert_eq!(refused.json()["data"], json!({"type": kind}));
            }
        }
    }
}

each_setup! {
    async fn contract_3_2_who_gets_a_code_is_one_recipient(server: TestServer) {
        let admin = server.admin().await;
        for (to, member) in [
            (json!({}), "email"),
            (json!({"email": null, "phone": null}), "email"),
            (json!({"email": ANN, "phone": PHONE}), "email"),
            (json!({"email": ""}), "email"),
            (json!({"email": "ann"}), "email"),
            (json!({"email": "ann@example.com\r\nBcc: all@example.com"}), "email"),
            (json!({"email": "ann@example.com\n"}), "email"),
            (json!({"email": "ann@example.com."}), "email"),
            (json!({"email": [ANN]}), "email"),
            (json!({"phone": ""}), "phone"),
            (json!({"phone": "090-1234-5678"}), "phone"),
            (json!({"phone": "0819012345678"}), "phone"),
            (json!({"phone": "99912345678"}), "phone"),
            (json!({"phone": 819_012_345_678_i64}), "phone"),
        ] {
            for path in [SEND, VERIFY] {
                let mut body = to.clone();
                body["verificationCode"] = json!("123456");
                let refused = admin.post(path, body).await.expect(400);
                assert_eq!(refused.code(), "guard.invalid_input", "{to}");
                let details = refused.json()["details"].as_str().unwrap().to_owned();
                assert!(details.starts_with(&format!("Error in key path \"{member}\": (")), "{to} {details}");
            }
        }
        for body in [json!({"email": ANN}), json!({"email": ANN, "verificationCode": null}), json!({"email": ANN, "verificationCode": 123_456})] {
            let refused = admin.post(VERIFY, body).await.expect(400);
            assert!(refused.code() == "guard.invalid_input" && refused.text().contains("verificationCode"));
        }
    }
}

each_setup! {
    async fn costly_and_short_numbers_get_no_messages(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        for phone in ["110", "911", "81110", "19002345678", "81990504512", "447012345678", "979123456789", "881612345678"] {
            let refused = admin.post(SEND, json!({"phone": phone})).await.expect(422);
            assert_eq!(refused.code(), "request.recipient_not_allowed", "{phone}");
        }
        server.app().run_due_jobs().await.unwrap();
        assert!(inbox.arrivals().is_empty());
    }
}

each_setup! {
    async fn contract_3_2_the_errors_of_a_code_in_their_order(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let refused = async |email: &str, code: &str| verify(&admin, email, code).await.expect(400).code();
        assert_eq!(refused(ANN, "123456").await, "verification_code.not_found");

        let code = code_to(&admin, &inbox, ANN).await;
        let wrong = other_than(&code);
        assert_eq!(refused("bob@example.com", &code).await, "verification_code.not_found");
        for typed in [wrong.as_str(), "", "12345", "1234567", "abcdef", "\u{1F600}"] {
            assert_eq!(refused(ANN, typed).await, "verification_code.code_mismatch", "{typed}");
        }
        server.wait(Duration::from_secs(599));
        for _ in 6..10 {
            assert_eq!(refused(ANN, &wrong).await, "verification_code.code_mismatch");
        }
        assert_eq!(refused(ANN, &wrong).await, "verification_code.exceed_max_try");
        assert_eq!(refused(ANN, &code).await, "verification_code.exceed_max_try", "also the right one");
        server.wait(Duration::from_secs(1));
        assert_eq!(refused(ANN, &code).await, "verification_code.expired", "which is looked at before the tries");

        let code = code_to(&admin, &inbox, ANN).await;
        verify(&admin, ANN, &code).await.expect(204);
    }
}

each_setup! {
    async fn contract_3_2_a_code_lives_ten_minutes(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let (first, second) = (code_to(&admin, &inbox, ANN).await, code_to(&admin, &inbox, "bob@example.com").await);
        server.wait(Duration::from_millis(599_999));
        verify(&admin, ANN, &first).await.expect(204);
        server.wait(Duration::from_millis(1));
        let late = verify(&admin, "bob@example.com", &second).await.expect(400);
        assert_eq!(late.code(), "verification_code.expired");
    }
}

each_setup! {
    async fn contract_3_2_a_new_code_takes_the_place_of_the_former(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let former = code_to(&admin, &inbox, ANN).await;
        for _ in 0..10 {
            verify(&admin, ANN, &other_than(&former)).await.expect(400);
        }
        let code = code_to(&admin, &inbox, ANN).await;
        assert_ne!(former, code);
        assert_eq!(verify(&admin, ANN, &former).await.expect(400).code(), "verification_code.code_mismatch");
        verify(&admin, ANN, &code).await.expect(204);
        assert_eq!(verify(&admin, ANN, &former).await.expect(400).code(), "verification_code.not_found");
    }
}

each_setup! {
    async fn a_code_is_good_for_its_recipient_only(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let (ann, bob) = (code_to(&admin, &inbox, ANN).await, code_to(&admin, &inbox, "bob@example.com").await);
        assert_ne!(ann, bob);
        assert_eq!(verify(&admin, "bob@example.com", &ann).await.expect(400).code(), "verification_code.code_mismatch");
        let body = json!({"phone": PHONE, "verificationCode": ann});
        assert_eq!(admin.post(VERIFY, body).await.expect(400).code(), "verification_code.not_found");
        verify(&admin, "bob@example.com", &bob).await.expect(204);
        verify(&admin, ANN, &ann).await.expect(204);
    }
}

each_setup! {
    async fn contract_3_2_the_eleventh_message_in_600_seconds_429(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        for second in 0..10 {
            // Spellings of one address count as one; a code that was used counts too.
            let email = if second % 2 == 0 { ANN } else { "Ann@EXAMPLE.com" };
            let code = code_to(&admin, &inbox, email).await;
            verify(&admin, ANN, &code).await.expect(204);
            server.wait(Duration::from_secs(1));
        }
        let refused = send(&admin, ANN).await.expect(429);
        assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("request.message_rate_limited", "591"));
        assert_eq!(inbox.arrivals().len(), 10);
        send(&admin, "bob@example.com").await.expect(204);
        admin.post(SEND, json!({"phone": PHONE})).await.expect(204);

        server.wait(Duration::from_secs(589));
        send(&admin, ANN).await.expect(429);
        server.wait(Duration::from_secs(1));
        send(&admin, ANN).await.expect(204);
        send(&admin, ANN).await.expect(429);
        server.wait(Duration::from_secs(600));
        let code = code_to(&admin, &inbox, ANN).await;
        verify(&admin, ANN, &code).await.expect(204);
    }
}

each_setup! {
    async fn contract_3_2_life_and_tries_are_a_setting(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let policy = json!({"verificationCodePolicy": {"expirationDuration": 60, "maxRetryAttempts": 2}});
        admin.patch("/api/sign-in-exp", policy).await.expect(200);
        let code = code_to(&admin, &inbox, ANN).await;
        for _ in 0..2 {
            let refused = verify(&admin, ANN, &other_than(&code)).await.expect(400);
            assert_eq!(refused.code(), "verification_code.code_mismatch");
        }
        let refused = verify(&admin, ANN, &code).await.expect(400);
        assert_eq!(refused.code(), "verification_code.exceed_max_try");
        server.wait(Duration::from_secs(60));
        let refused = verify(&admin, ANN, &code).await.expect(400);
        assert_eq!(refused.code(), "verification_code.expired");
    }
}

each_setup! {
    async fn a_restart_keeps_codes_tries_and_messages(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let code = code_to(&admin, &inbox, ANN).await;
        for _ in 0..9 {
            verify(&admin, ANN, &other_than(&code)).await.expect(400);
        }
        send(&admin, "bob@example.com").await.expect(204);

        let restarted = server.restarted().await;
        let admin = restarted.admin().await;
        verify(&admin, ANN, &code).await.expect(204);
        restarted.app().run_due_jobs().await.unwrap();
        let waiting = inbox.code_to("bob@example.com").await;
        verify(&admin, "bob@example.com", &waiting).await.expect(204);
        for _ in 0..9 {
            send(&admin, ANN).await.expect(204);
        }
        send(&admin, ANN).await.expect(429);
    }
}

each_setup! {
    async fn the_message_is_in_the_language_of_the_account(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let person = server.person("sakura").await;
        let body = json!({"profile": {"locale": "ja-JP"}, "primaryPhone": PHONE});
        admin.patch(&format!("/api/users/{}", person.id), body).await.expect(200);
        for (to, language) in [
            (json!({"email": "sakura@example.com"}), "ja-JP"),
            (json!({"phone": PHONE}), "ja-JP"),
            (json!({"email": ANN}), "en"),
        ] {
            admin.post(SEND, to.clone()).await.expect(204);
            let message = inbox.message_to(to["email"].as_str().unwrap_or(PHONE)).await;
            assert_eq!(message.payload["locale"], language, "{to}");
            let names: Vec<&String> = message.payload.as_object().unwrap().keys().collect();
            assert_eq!(names, ["code", "locale"], "nothing of the account is told");
        }
    }
}

each_setup! {
    async fn who_has_an_account_and_who_has_none_are_answered_alike(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let person = server.person("sakura").await;
        server.person("ren").await;
        admin.patch(&format!("/api/users/{}/is-suspended", person.id), json!({"isSuspended": true})).await.expect(200);
        let mut answers: Vec<Vec<Value>> = Vec::new();
        for email in ["nobody@example.com", "ren@example.com", "sakura@example.com"] {
            let mut given = vec![shown(&verify(&admin, email, "123456").await), shown(&send(&admin, email).await)];
            let code = inbox.code_to(email).await;
            given.push(shown(&verify(&admin, email, &other_than(&code)).await));
            given.push(shown(&verify(&admin, email, &code).await));
            answers.push(given);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], answers[2]);
    }
}

/// An answer without what is of the request alone.
fn shown(answer: &Answer) -> Value {
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id");
    let headers: Vec<String> = headers
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    json!([answer.status.as_u16(), headers, answer.text()])
}

each_setup! {
    async fn each_attempt_leaves_an_activity_record_without_code_and_address(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let code = code_to(&admin, &inbox, ANN).await;
        verify(&admin, ANN, &other_than(&code)).await.expect(400);
        verify(&admin, ANN, &code).await.expect(204);
        for app in server.apps() {
            app.flush_activity().await;
        }
        let sql = Sql::from("SELECT key, is_success, payload FROM activity_log WHERE key LIKE 'VerificationCode.%' AND application_id IS NOT NULL ORDER BY key, is_success");
        let rows = server.app().database().query(&sql, &[]).await.unwrap();
        let records: Vec<(String, i64, String)> =
            rows.iter().map(|row| (row.text(0).unwrap(), row.int(1).unwrap(), row.text(2).unwrap())).collect();
        let sent = r#"{"channel":"Email"}"#.to_owned();
        let failed = r#"{"channel":"Email","reason":"verification_code.code_mismatch"}"#.to_owned();
        assert_eq!(records, [
            ("VerificationCode.Send".to_owned(), 1, sent.clone()),
            ("VerificationCode.Verify".to_owned(), 0, failed),
            ("VerificationCode.Verify".to_owned(), 1, sent),
        ]);
    }
}
