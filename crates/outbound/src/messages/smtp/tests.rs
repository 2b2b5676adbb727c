//! Mails to a mail server that speaks SMTP: by every way of TLS, and when things go wrong.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::FutureExt as _;
use meibo_domain::{
    connector::{check_config, find_factory},
    email::EmailAddress,
    message::{Payload, UsageType},
    recipient::Recipient,
};
use serde_json::{Value, json};

use super::{
    peer::{Mail, MailServer, Manner, Security},
    *,
};
use crate::{Lookup, OutboundAllow, OutboundConfig, messages::render};

const NOW: Timestamp = Timestamp(1_767_323_045_000);

const SHORT: Patience = Patience {
    step: Duration::from_millis(400),
    whole: Duration::from_millis(600),
};

/// A configuration for `server`, with `more` members in it.
fn config_for(server: &MailServer, more: Value) -> Value {
    let mut config = json!({
        "host": "127.0.0.1", "port": server.address.port(), "fromEmail": "Shop <shop@example.com>",
        "templates": [{"usageType": "Generic", "subject": "Your code", "content": "Code {{code}} for {{user.name}}"}],
    });
    let Value::Object(more) = more else {
        panic!("{more}")
    };
    for (name, value) in more {
        config[name] = value;
    }
    config
}

fn outbound() -> Outbound {
    Outbound::new(OutboundConfig {
        allow: OutboundAllow::loopback(),
        ..OutboundConfig::default()
    })
    .unwrap()
}

async fn send_to(to: &str, config: &Value, name: &str) -> Result<(), SendError> {
    send_by(&outbound(), to, config, name, Patience::USUAL).await
}

async fn send_by(
    outbound: &Outbound,
    to: &str,
    config: &Value,
    name: &str,
    patience: Patience,
) -> Result<(), SendError> {
    let factory = find_factory("simple-mail-transfer-protocol").unwrap();
    let config = check_config(factory, config.as_object().unwrap()).unwrap();
    let payload: Payload = [
        ("code".to_owned(), json!("012345")),
        ("user".to_owned(), json!({"name": name})),
    ]
    .into_iter()
    .collect();
    let message = Message {
        id: "msg1",
        to: &Recipient::Email(EmailAddress::parse(to).unwrap()),
        usage_type: UsageType::SignIn,
        payload: &payload,
        language_tag: "en",
    };
    let rendered = render(&config, &message).unwrap();
    send(outbound, &config, &message, &rendered, NOW, patience).await
}

async fn sent(server: &MailServer, more: Value) -> Mail {
    let config = config_for(server, more);
    send_to("ann@example.com", &config, "Ann").await.unwrap();
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    mails[0].clone()
}

/// A header of a mail, unfolded.
fn header<'m>(mail: &'m Mail, name: &str) -> Option<&'m str> {
    let head = mail.data.split("\n\n").next().unwrap();
    let prefix = format!("{name}: ");
    head.lines().find_map(|line| line.strip_prefix(&prefix))
}

#[tokio::test]
async fn rfc5321_a_mail_without_tls_on_this_machine() {
    let server = MailServer::start(Manner::Taking, Security::Plain).await;
    let mail = sent(&server, json!({"replyTo": "help@example.com"})).await;
    assert_eq!(
        (mail.from.as_str(), mail.to.as_str()),
        ("FROM:<shop@example.com>", "TO:<ann@example.com>")
    );
    assert!(!mail.is_encrypted && mail.login.is_none());
    for (name, value) in [
        ("From", "Shop <shop@example.com>"),
        ("To", "ann@example.com"),
        ("Reply-To", "help@example.com"),
        ("Subject", "Your code"),
        ("Message-ID", "<msg1@example.com>"),
        ("Date", "Fri, 02 Jan 2026 03:04:05 +0000"),
        ("Content-Type", "text/plain; charset=utf-8"),
    ] {
        assert_eq!(header(&mail, name), Some(value), "{}", mail.data);
    }
    assert!(
        mail.data.contains("\n\nCode 012345 for Ann\n"),
        "{}",
        mail.data
    );
}

#[tokio::test]
async fn rfc3207_starttls_with_a_private_authority_and_a_login() {
    let server = MailServer::start(Manner::Taking, Security::StartTls).await;
    let more = json!({"requireTLS": true, "tls": {"ca": server.authority}, "auth": {"user": "u", "pass": "p"}});
    let mail = sent(&server, more).await;
    assert!(mail.is_encrypted);
    assert_eq!(mail.login.as_deref(), Some(" u p"));
}

#[tokio::test]
async fn rfc8314_tls_from_the_first_byte() {
    let server = MailServer::start(Manner::Taking, Security::Implicit).await;
    let mail = sent(
        &server,
        json!({"secure": true, "tls": {"ca": server.authority}}),
    )
    .await;
    assert!(mail.is_encrypted);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    let another = MailServer::start(Manner::Taking, Security::Plain).await;
    for security in [Security::StartTls, Security::Implicit] {
        let server = MailServer::start(Manner::Taking, security).await;
        let secure = security == Security::Implicit;
        for more in [
            json!({"secure": secure}),
            json!({"secure": secure, "requireTLS": true}),
            json!({"secure": secure, "tls": {"ca": another.authority}}),
        ] {
            let config = config_for(&server, more.clone());
            let error = send_to("ann@example.com", &config, "Ann")
                .await
                .unwrap_err();
            assert!(error.is_temporary(), "{security:?} {more}: {error}");
            assert!(
                error
                    .to_string()
                    .contains("no trusted TLS connection: invalid peer certificate"),
                "{error}"
            );
        }
        assert!(server.mails().is_empty(), "{security:?}");
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_trusted() {
    let server = MailServer::start(Manner::Taking, Security::Implicit).await;
    let lookup: Lookup = Arc::new(|_| async { Ok(vec![[127, 0, 0, 1].into()]) }.boxed());
    let outbound = Outbound::new(OutboundConfig {
        allow: OutboundAllow::loopback(),
        lookup,
        ..OutboundConfig::default()
    })
    .unwrap();
    let more = json!({"host": "localhost", "secure": true, "tls": {"ca": server.authority}});
    let mut config = config_for(&server, more);
    send_by(
        &outbound,
        "ann@example.com",
        &config,
        "Ann",
        Patience::USUAL,
    )
    .await
    .unwrap();
    config["host"] = json!("mail.example");
    let refused = send_by(
        &outbound,
        "ann@example.com",
        &config,
        "Ann",
        Patience::USUAL,
    )
    .await;
    assert!(refused.unwrap_err().is_temporary());
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing_where_tls_is_demanded() {
    let server = MailServer::start(Manner::Taking, Security::Plain).await;
    let config = config_for(&server, json!({"requireTLS": true}));
    let error = send_to("ann@example.com", &config, "Ann")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("does not offer TLS"), "{error}");
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn what_the_server_answers_decides_whether_to_try_again() {
    for (manner, is_temporary, said) in [
        (Manner::FirstAnswering("451 come back"), true, "reply 451"),
        (
            Manner::FirstAnswering("421 too busy for ann@example.com"),
            true,
            "reply 421",
        ),
        (
            Manner::FirstAnswering("550 ann@example.com is unknown"),
            false,
            "reply 550",
        ),
        (Manner::DroppingAfterData, true, "broke"),
    ] {
        let server = MailServer::start(manner, Security::Plain).await;
        let config = config_for(&server, json!({}));
        let error = send_to("ann@example.com", &config, "Ann")
            .await
            .unwrap_err();
        assert_eq!(error.is_temporary(), is_temporary, "{manner:?}: {error}");
        let shown = error.to_string();
        assert!(
            shown.contains(said) && !shown.contains("ann@"),
            "{manner:?}: {shown}"
        );
        assert!(server.mails().is_empty());
        if manner != Manner::DroppingAfterData {
            send_to("ann@example.com", &config, "Ann").await.unwrap();
            assert_eq!(server.mails().len(), 1, "{manner:?}");
        }
    }
}

#[tokio::test]
async fn a_refused_login_says_what_to_look_at() {
    let server = MailServer::start(Manner::RefusingLogin, Security::Plain).await;
    let config = config_for(&server, json!({"auth": {"user": "u", "pass": "p"}}));
    let error = send_to("ann@example.com", &config, "Ann")
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("reply 535: it does not take this user and password"),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left() {
    let server = MailServer::start(Manner::Hanging, Security::Plain).await;
    let config = config_for(&server, json!({}));
    let sent = send_by(&outbound(), "ann@example.com", &config, "Ann", SHORT).await;
    let error = sent.unwrap_err();
    assert!(
        error.is_temporary() && error.to_string().contains("no answer in time"),
        "{error}"
    );
}

#[tokio::test]
async fn a_name_begins_no_header_and_fills_no_placeholder() {
    let server = MailServer::start(Manner::Taking, Security::Plain).await;
    let template = json!([{"usageType": "Generic", "subject": "For {{user.name}}", "content": "Dear {{user.name}}"}]);
    let config = config_for(&server, json!({"templates": template}));
    let names = [
        "x\r\nBcc: everybody@example.com\r\n\r\nbody".to_owned(),
        "{{code}} {{user.name}}".to_owned(),
        "\u{202e}さくら<b>".to_owned(),
        "x".repeat(10_000),
        ".\r\n.\r\nRCPT TO:<everybody@example.com>".to_owned(),
    ];
    for name in &names {
        send_to("ann@example.com", &config, name).await.unwrap();
    }
    let mails = server.mails();
    assert_eq!(mails.len(), names.len());
    for mail in mails {
        assert_eq!(mail.to, "TO:<ann@example.com>");
        assert_eq!(header(&mail, "Bcc"), None, "{}", mail.data);
        assert!(!mail.data.contains("012345"), "{}", mail.data);
        let longest = mail.data.lines().map(str::len).max().unwrap();
        assert!(longest <= 998, "RFC 5322 2.1.1: {longest}");
    }
}

#[tokio::test]
async fn rfc5890_a_domain_in_another_script_travels_in_ascii() {
    let server = MailServer::start(Manner::Taking, Security::Plain).await;
    let config = config_for(&server, json!({"fromEmail": "店 <shop@店.example>"}));
    send_to("ann@bücher.example", &config, "Ann").await.unwrap();
    let mail = server.mails()[0].clone();
    assert_eq!(mail.to, "TO:<ann@xn--bcher-kva.example>");
    assert_eq!(mail.from, "FROM:<shop@xn--hxt.example>");
    let from = header(&mail, "From").unwrap();
    let word = STANDARD.encode("店");
    assert!(from.contains(&word) && from.is_ascii(), "{from}");
}

#[tokio::test]
async fn rfc6531_a_mailbox_in_another_script_needs_a_server_that_takes_it() {
    for has_utf8 in [false, true] {
        let server = MailServer::start_with(Manner::Taking, Security::Plain, has_utf8).await;
        let config = config_for(&server, json!({}));
        let sent = send_to("さくら@example.com", &config, "Ann").await;
        match has_utf8 {
            true => {
                sent.unwrap();
                assert_eq!(server.mails()[0].to, "TO:<さくら@example.com>");
            }
            false => {
                assert!(
                    !sent.unwrap_err().is_temporary(),
                    "another try fares no better"
                );
                assert!(server.mails().is_empty());
            }
        }
    }
}

#[tokio::test]
async fn of_several_addresses_one_that_answers_is_taken() {
    let server = MailServer::start(Manner::Taking, Security::Plain).await;
    let lookup: Lookup =
        Arc::new(|_| async { Ok(vec!["::1".parse().unwrap(), [127, 0, 0, 1].into()]) }.boxed());
    let outbound = Outbound::new(OutboundConfig {
        allow: OutboundAllow::loopback(),
        lookup,
        ..OutboundConfig::default()
    })
    .unwrap();
    let config = config_for(&server, json!({"host": "localhost"}));
    send_by(
        &outbound,
        "ann@example.com",
        &config,
        "Ann",
        Patience::USUAL,
    )
    .await
    .unwrap();
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn an_address_that_is_not_public_must_be_allowed() {
    let server = MailServer::start(Manner::Taking, Security::Plain).await;
    let guarded = Outbound::new(OutboundConfig::default()).unwrap();
    let config = config_for(&server, json!({}));
    let refused = send_by(&guarded, "ann@example.com", &config, "Ann", Patience::USUAL).await;
    assert!(
        matches!(refused, Err(SendError::Call(OutboundError::Refused(_)))),
        "{refused:?}"
    );
    assert!(server.mails().is_empty());
}
