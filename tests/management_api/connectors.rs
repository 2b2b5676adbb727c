//! `/api/connectors` and `/api/connector-factories` (contract 3.4): set up, changed, tried out.

use futures_util::future::join_all;
use http::Request;
use insta::assert_json_snapshot;
use meibo_domain::connector::MASK;
use meibo_store::db::Sql;
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        answer::Answer,
        client::ApiClient,
        inbox::{Inbox, Reception},
        server::TestServer,
        tokens::text,
    },
};

const PATH: &str = "/api/connectors";

fn smtp() -> Value {
    json!({
        "host": "mail.example", "port": 587, "auth": {"user": "u", "pass": "hidden-value"}, "logger": true,
        "fromEmail": "Shop <shop@example.com>",
        "templates": [{"usageType": "Generic", "contentType": "text/plain", "subject": "Code", "content": "{{code}}"}],
    })
}

async fn create(admin: &ApiClient, factory: &str, config: Value) -> Answer {
    admin
        .post(PATH, json!({"connectorId": factory, "config": config}))
        .await
}

/// The column of every row, put together.
async fn column(server: &TestServer, sql: &'static str) -> String {
    let rows = server.app().database().query(&Sql::from(sql), &[]).await;
    let texts = rows.unwrap().into_iter();
    texts
        .map(|row| row.opt_text(0).unwrap().unwrap_or_default())
        .collect()
}

each_setup! {
    async fn a_connector_has_the_shape_of_the_contract(server: TestServer) {
        let admin = server.admin().await;
        let body = json!({
            "connectorId": "simple-mail-transfer-protocol", "id": "mail", "config": smtp(), "metadata": {"name": {"en": "Mail"}},
            "syncProfile": false,
        });
        let made = admin.post(PATH, body).await.expect(200).json();
        assert_eq!(admin.get("/api/connectors/mail").await.expect(200).json(), made);
        assert_eq!(admin.get(PATH).await.expect(200).json(), json!([made]));
        assert_eq!(admin.get("/api/connectors?target=simple-mail-transfer-protocol").await.json(), json!([made]));
        assert_eq!(admin.get("/api/connectors?target=http-email").await.json(), json!([]));
        assert_json_snapshot!(made, {".formItems" => "…", ".configTemplate" => "…", ".logo" => "…"}, @r##"
        {
          "id": "mail",
          "connectorId": "simple-mail-transfer-protocol",
          "config": {
            "host": "mail.example",
            "port": 587,
            "auth": {
              "user": "u",
              "pass": "********"
            },
            "fromEmail": "Shop <shop@example.com>",
            "templates": [
              {
                "usageType": "Generic",
                "contentType": "text/plain",
                "subject": "Code",
                "content": "{{code}}"
              }
            ]
          },
          "metadata": {
            "name": {
              "en": "Mail"
            }
          },
          "syncProfile": false,
          "enableTokenStorage": false,
          "type": "Email",
          "target": "simple-mail-transfer-protocol",
          "platform": null,
          "name": {
            "en": "SMTP",
            "ja": "SMTP"
          },
          "description": {
            "en": "Sends email through a mail server.",
            "ja": "メールサーバーを通じてメールを送信します。"
          },
          "logo": "…",
          "logoDark": null,
          "readme": "# SMTP\n\nSends email through a mail server.\n",
          "configTemplate": "…",
          "formItems": "…",
          "isTokenStorageSupported": false
        }
        "##);
        admin.delete("/api/connectors/mail").await.expect(204);
        admin.get("/api/connectors/mail").await.expect(404);
        assert_eq!(admin.get(PATH).await.json(), json!([]));
    }
}

each_setup! {
    async fn one_connector_serves_a_channel(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let types = |list: &Value| {
            let all = list.as_array().unwrap().iter();
            all.map(|one| text(one, "connectorId").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(types(&admin.get(PATH).await.json()), ["http-email", "http-sms"]);
        create(&admin, "simple-mail-transfer-protocol", smtp()).await.expect(200);
        assert_eq!(types(&admin.get(PATH).await.json()), ["simple-mail-transfer-protocol", "http-sms"]);
        let same = json!({"connectorId": "http-sms", "id": "sms", "config": inbox.config("sms")});
        for _ in 0..2 {
            admin.post(PATH, same.clone()).await.expect(200);
        }
        let taken = json!({"connectorId": "http-email", "id": "sms", "config": inbox.config("email")});
        assert_eq!(admin.post(PATH, taken).await.expect(422).code(), "entity.unique_integrity_violation");
        assert_eq!(admin.get(PATH).await.json().as_array().unwrap().len(), 2);
    }
}

each_setup! {
    async fn of_many_at_once_one_connector_stays(server: TestServer) {
        let admin = server.admin().await;
        let inbox = Inbox::start().await;
        let calls = (0..12).map(|_| {
            let (admin, config) = (admin.clone(), inbox.config("email"));
            tokio::spawn(async move { create(&admin, "http-email", config).await })
        });
        for answer in join_all(calls).await {
            answer.unwrap().expect(200);
        }
        let all = admin.get(PATH).await.json();
        assert_eq!(all.as_array().unwrap().len(), 1);
        let path = format!("{PATH}/{}", text(&all[0], "id"));
        let calls = (0..10).map(|number| {
            let (admin, path, mut config) = (admin.clone(), path.clone(), inbox.config("email"));
            config["authorization"] = json!(MASK);
            let body = if number % 2 == 0 { json!({"config": config}) } else { json!({"metadata": {"n": number}}) };
            tokio::spawn(async move { admin.patch(&path, body).await })
        });
        for answer in join_all(calls).await {
            answer.unwrap().expect(200);
        }
        let after = admin.get(&path).await.json();
        assert!(after["metadata"]["n"].is_i64(), "{after}");
        let test = json!({"email": "ann@example.com", "config": after["config"]});
        admin.post("/api/connectors/http-email/test", test).await.expect(204);
        assert_eq!(inbox.arrivals()[0].authorization, "Bearer inbox", "the secret outlived every change");
    }
}

each_setup! {
    async fn a_secret_is_shown_to_nobody_and_stays_with_its_server(server: TestServer) {
        let admin = server.admin().await;
        let made = create(&admin, "simple-mail-transfer-protocol", smtp()).await.expect(200);
        assert!(!made.text().contains("hidden-value"));
        let path = format!("{PATH}/{}", text(&made.json(), "id"));
        let mut config = made.json()["config"].clone();
        config["replyTo"] = json!("help@example.com");
        let changed = admin.patch(&path, json!({"config": config})).await.expect(200).json();
        assert_eq!(
            (&changed["config"]["replyTo"], &changed["config"]["auth"]["pass"]),
            (&json!("help@example.com"), &json!(MASK))
        );
        let replaced = create(&admin, "simple-mail-transfer-protocol", config.clone()).await.expect(200).json();
        let path = format!("{PATH}/{}", text(&replaced, "id"));
        let elsewhere =
            [("host", json!("mail.evil.example")), ("host", json!("MAIL.example.")), ("port", json!(2525))];
        for (member, value) in elsewhere {
            let mut elsewhere = config.clone();
            elsewhere[member] = value.clone();
            let refused = admin.patch(&path, json!({"config": elsewhere})).await.expect(400);
            assert_eq!(refused.code(), "connector.invalid_config", "{value}");
            assert!(text(&refused.json(), "details").contains("config.auth.pass"), "{}", refused.text());
            let test = json!({"email": "ann@example.com", "config": elsewhere});
            let refused = admin.post("/api/connectors/simple-mail-transfer-protocol/test", test).await.expect(400);
            assert_eq!(refused.code(), "connector.invalid_config", "{value}");
        }
        config["auth"]["pass"] = json!("");
        let without = admin.patch(&path, json!({"config": config})).await.expect(200).json();
        assert_eq!(without["config"]["auth"], json!({"user": "u"}));
        for kept in [
            column(&server, "SELECT detail FROM audit_log").await,
            column(&server, "SELECT config_sealed FROM connectors").await,
        ] {
            assert!(!kept.is_empty() && !kept.contains("hidden-value"), "{kept}");
        }
    }
}

each_setup! {
    async fn what_does_not_fit_is_named_line_by_line(server: TestServer) {
        let admin = server.admin().await;
        let mut config = smtp();
        config["port"] = json!("587");
        config["fromEmail"] = json!("shop@example.com\r\nBcc: everybody@example.com");
        let refused = create(&admin, "simple-mail-transfer-protocol", config).await.expect(400);
        assert_eq!(refused.code(), "connector.invalid_config");
        let details = text(&refused.json(), "details").to_owned();
        assert!(details.contains("config.port") && details.contains("config.fromEmail"), "{details}");
        let unknown = create(&admin, "logto-email", json!({})).await.expect(422);
        assert_eq!(unknown.code(), "connector.not_found_with_connector_id");
        let social = json!({"connectorId": "http-email", "config": {"endpoint": "https://a.example/"}, "syncProfile": true});
        assert_eq!(admin.post(PATH, social).await.expect(400).code(), "guard.invalid_input");
        let huge = json!({"connectorId": "http-email", "config": {"endpoint": "https://a.example/"}, "metadata": {"a": "x".repeat(20_000)}});
        assert_eq!(admin.post(PATH, huge).await.expect(400).code(), "guard.invalid_input");
        let credentials = create(&admin, "http-email", json!({"endpoint": "https://a:b@a.example/"})).await.expect(400);
        assert!(text(&credentials.json(), "details").contains("config.endpoint"));
        assert_eq!(admin.get(PATH).await.json(), json!([]));
    }
}

each_setup! {
    async fn factories_describe_themselves(server: TestServer) {
        let admin = server.admin().await;
        let all = admin.get("/api/connector-factories").await.expect(200).json();
        let ids: Vec<&str> = all.as_array().unwrap().iter().map(|one| text(one, "id")).collect();
        assert_eq!(ids, [
            "simple-mail-transfer-protocol", "http-email", "aws-ses-mail", "sendgrid-email-service", "mailgun-email",
            "postmark-mail", "http-sms", "twilio-short-message-service", "vonage-sms",
        ]);
        for id in ids {
            let one = admin.get(&format!("/api/connector-factories/{id}")).await.expect(200).json();
            assert!(all.as_array().unwrap().contains(&one));
            let template: Value = serde_json::from_str(text(&one, "configTemplate")).unwrap();
            for item in one["formItems"].as_array().unwrap() {
                let key = format!("/{}", text(item, "key").replace('.', "/"));
                let is_in_template = template.pointer(&key).is_some();
                assert_eq!(is_in_template, item["required"] == true, "{id} {item}");
            }
        }
        let japanese = Request::get("/api/connector-factories/http-sms").header("accept-language", "ja");
        let japanese = admin.send(japanese, "").await.expect(200).json();
        assert_eq!(japanese["formItems"][0]["label"], "エンドポイント");
        assert_json_snapshot!(japanese["formItems"][1], @r#"
        {
          "key": "authorization",
          "type": "Text",
          "label": "Authorizationヘッダー",
          "required": false,
          "isConfidential": true,
          "placeholder": "<authorization>"
        }
        "#);
    }
}

each_setup! {
    async fn a_test_message_is_sent_at_once(server: TestServer) {
        let admin = server.admin().await;
        let inbox = Inbox::start().await;
        let test = |to: Value, channel: &str| {
            let mut body = to;
            body["config"] = inbox.config(channel);
            let (admin, path) = (admin.clone(), format!("{PATH}/http-{channel}/test"));
            async move { admin.post(&path, body).await }
        };
        test(json!({"email": "ann@example.com"}), "email").await.expect(204);
        test(json!({"phone": "819012345678", "locale": "ja"}), "sms").await.expect(204);
        let arrivals = inbox.arrivals();
        let seen: Vec<_> = arrivals.iter().map(|one| (one.channel.as_str(), one.to.as_str(), one.usage_type.as_str(), &one.payload)).collect();
        assert_eq!(seen, [
            ("email", "ann@example.com", "Generic", &json!({"code": "000000", "locale": "en"})),
            ("sms", "+819012345678", "Generic", &json!({"code": "000000", "locale": "ja"})),
        ]);
        assert_eq!(admin.get(PATH).await.json(), json!([]), "nothing is saved");
        for (to, channel) in [(json!({"phone": "819012345678"}), "email"), (json!({"email": "ann@example.com"}), "sms")] {
            assert_eq!(test(to, channel).await.expect(400).code(), "guard.invalid_input");
        }
        assert_eq!(inbox.arrivals().len(), 2);
        let unknown = admin.post("/api/connectors/nothing/test", json!({"email": "ann@example.com", "config": {}})).await;
        assert_eq!(unknown.expect(404).code(), "entity.not_exists_with_id");
        for _ in 1..10 {
            test(json!({"email": "Ann@EXAMPLE.com"}), "email").await.expect(204);
        }
        let refused = test(json!({"email": "ann@example.com"}), "email").await.expect(429);
        assert_eq!(refused.code(), "request.message_rate_limited");
        let audited = column(&server, "SELECT action FROM audit_log WHERE action = 'Connector.Tested'").await;
        assert_eq!(audited, "Connector.Tested".repeat(11));
        let told = column(&server, "SELECT detail FROM audit_log WHERE action = 'Connector.Tested'").await;
        assert!(!told.contains("ann@example.com") && !told.contains("Bearer"), "{told}");
    }
}

each_setup! {
    async fn a_test_tells_what_to_mend(server: TestServer) {
        let admin = server.admin().await;
        let inbox = Inbox::start().await;
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nobody = json!({"endpoint": format!("http://{}/", closed.local_addr().unwrap())});
        drop(closed);
        for (reception, config, said) in [
            (Reception::Answering(401), inbox.config("email"), "status 401"),
            (Reception::Answering(429), inbox.config("email"), "status 429"),
            (Reception::Answering(500), inbox.config("email"), "status 500"),
            (Reception::Answering(302), inbox.config("email"), "status 302"),
            (Reception::Dropping, inbox.config("email"), "cannot be read"),
            (Reception::Taking, nobody, "no connection"),
            (Reception::Taking, json!({"endpoint": "http://10.0.0.1/"}), "outbound-allow"),
        ] {
            inbox.set_reception(reception);
            let body = json!({"email": "ann@example.com", "config": config});
            let refused = admin.post("/api/connectors/http-email/test", body).await.expect(400);
            assert_eq!(refused.code(), "connector.general", "{reception:?}");
            let details = text(&refused.json(), "details").to_owned();
            assert!(details.contains(said), "{details}");
            assert!(!details.contains("Bearer") && !details.contains("000000"), "{details}");
        }
    }
}
