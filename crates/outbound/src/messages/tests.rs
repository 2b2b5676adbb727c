//! Each provider's documented request, and what is made of its replies.

use meibo_domain::{
    connector::{check_config, find_factory},
    email::EmailAddress,
    phone::PhoneNumber,
};
use serde_json::{Map, Value, json};
use tokio::io::AsyncWriteExt as _;

use super::*;

const NOW: Timestamp = Timestamp(1_767_323_045_000);

fn templates(content_type: &str) -> Value {
    json!([{"usageType": "Generic", "contentType": content_type, "subject": "Your code", "content": "Code {{code}}"}])
}

fn config(factory_id: &str, members: Value) -> ConnectorConfig {
    let Value::Object(members) = members else {
        panic!("{members}")
    };
    check_config(find_factory(factory_id).unwrap(), &members).unwrap()
}

fn payload() -> Payload {
    Map::from_iter([("code".to_owned(), json!("012345"))])
}

fn email() -> Recipient {
    Recipient::Email(EmailAddress::parse("ann@example.com").unwrap())
}

fn phone() -> Recipient {
    Recipient::Phone(PhoneNumber::parse("819012345678").unwrap())
}

/// Method, address, headers and body of the call that would be made.
struct Made {
    url: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Made {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes())
            .into_owned()
            .collect()
    }
}

fn made(factory_id: &str, members: Value, to: &Recipient) -> Made {
    let config = config(factory_id, members);
    let payload = payload();
    let message = Message {
        id: "msg1",
        to,
        usage_type: UsageType::SignIn,
        payload: &payload,
        language_tag: "en",
    };
    let rendered = || render(&config, &message).unwrap();
    let request = match factory_id {
        "http-email" | "http-sms" => http_message::request(&config, &message),
        "mailgun-email" => mailgun::request(&config, &message, &rendered()),
        "postmark-mail" => postmark::request(&config, &message, &rendered()),
        "sendgrid-email-service" => sendgrid::request(&config, &message, &rendered()),
        "aws-ses-mail" => ses::request(&config, &message, &rendered(), NOW),
        "twilio-short-message-service" => twilio::request(&config, &message, &rendered()),
        "vonage-sms" => vonage::request(&config, &message, &rendered()),
        other => panic!("{other}"),
    };
    let request = request.unwrap();
    assert_eq!(request.method.as_str(), "POST");
    Made {
        url: request.url.to_string(),
        headers: request.headers.clone(),
        body: String::from_utf8(request.body.to_vec()).unwrap(),
    }
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn http_email_and_http_sms_get_the_payload_as_it_is() {
    let given = json!({"endpoint": "https://shop.example/mail?x=1", "authorization": "Bearer t"});
    let made_one = made("http-email", given, &email());
    assert_eq!(made_one.url, "https://shop.example/mail?x=1");
    assert_eq!(made_one.header("authorization"), Some("Bearer t"));
    assert_eq!(made_one.header("idempotency-key"), Some("msg1"));
    assert_eq!(
        made_one.json(),
        json!({"id": "msg1", "to": "ann@example.com", "type": "SignIn", "payload": {"code": "012345"}})
    );
    let made_two = made(
        "http-sms",
        json!({"endpoint": "https://shop.example/sms"}),
        &phone(),
    );
    assert_eq!(made_two.header("authorization"), None);
    assert_eq!(made_two.json()["to"], "+819012345678");
}

#[test]
fn twilio() {
    let made = made(
        "twilio-short-message-service",
        json!({
            "accountSID": "AC1", "authToken": "t", "fromMessagingServiceSID": "MG1", "disableRiskCheck": true,
            "templates": templates("text/plain"),
        }),
        &phone(),
    );
    assert_eq!(
        made.url,
        "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"
    );
    assert_eq!(made.header("authorization"), Some("Basic QUMxOnQ="));
    assert_eq!(made.header("content-type"), Some(FORM));
    assert_eq!(
        made.form(),
        pairs(&[
            ("To", "+819012345678"),
            ("MessagingServiceSid", "MG1"),
            ("Body", "Code 012345"),
            ("RiskCheck", "disable"),
        ])
    );
}

#[test]
fn vonage() {
    let made = made(
        "vonage-sms",
        json!({"apiKey": "k", "apiSecret": "s", "brandName": "Shop", "templates": templates("text/plain")}),
        &phone(),
    );
    assert_eq!(made.url, "https://rest.nexmo.com/sms/json");
    assert_eq!(
        made.form(),
        pairs(&[
            ("api_key", "k"),
            ("api_secret", "s"),
            ("from", "Shop"),
            ("to", "819012345678"),
            ("text", "Code 012345"),
            ("type", "text"),
            ("client-ref", "msg1"),
        ])
    );
}

#[test]
fn sendgrid() {
    let made = made(
        "sendgrid-email-service",
        json!({"apiKey": "SG.k", "fromEmail": "shop@example.com", "fromName": "Shop", "templates": templates("text/html")}),
        &email(),
    );
    assert_eq!(made.url, "https://api.sendgrid.com/v3/mail/send");
    assert_eq!(made.header("authorization"), Some("Bearer SG.k"));
    assert_eq!(
        made.json(),
        json!({
            "personalizations": [{"to": [{"email": "ann@example.com"}]}],
            "from": {"email": "shop@example.com", "name": "Shop"},
            "subject": "Your code",
            "content": [{"type": "text/html", "value": "Code 012345"}],
            "custom_args": {"message_id": "msg1"},
        })
    );
}

#[test]
fn mailgun() {
    let made = made(
        "mailgun-email",
        json!({
            "endpoint": "https://api.eu.mailgun.net/", "domain": "mg.example", "apiKey": "k",
            "from": "Shop <shop@mg.example>", "templates": templates("text/plain"),
        }),
        &email(),
    );
    assert_eq!(
        made.url,
        "https://api.eu.mailgun.net/v3/mg.example/messages"
    );
    assert_eq!(made.header("authorization"), Some("Basic YXBpOms="));
    assert_eq!(
        made.form(),
        pairs(&[
            ("from", "Shop <shop@mg.example>"),
            ("to", "ann@example.com"),
            ("subject", "Your code"),
            ("text", "Code 012345"),
            ("v:message-id", "msg1"),
        ])
    );
}

#[test]
fn postmark() {
    let made = made(
        "postmark-mail",
        json!({"serverToken": "t", "fromEmail": "shop@example.com", "templates": templates("text/html")}),
        &email(),
    );
    assert_eq!(made.url, "https://api.postmarkapp.com/email");
    assert_eq!(made.header("x-postmark-server-token"), Some("t"));
    assert_eq!(
        made.json(),
        json!({
            "From": "shop@example.com", "To": "ann@example.com", "Subject": "Your code",
            "Metadata": {"message-id": "msg1"}, "HtmlBody": "Code 012345",
        })
    );
}

#[test]
fn amazon_ses() {
    let made = made(
        "aws-ses-mail",
        json!({
            "accessKeyId": "AKIDEXAMPLE", "accessKeySecret": "s", "region": "eu-west-1",
            "emailAddress": "shop@example.com", "templates": templates("text/plain"),
        }),
        &email(),
    );
    assert_eq!(
        made.url,
        "https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails"
    );
    assert_eq!(made.header("x-amz-date"), Some("20260102T030405Z"));
    let authorization = made.header("authorization").unwrap();
    assert!(
        authorization.starts_with(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-west-1/ses/aws4_request, "
        ),
        "{authorization}"
    );
    assert_eq!(
        made.json(),
        json!({
            "FromEmailAddress": "shop@example.com",
            "Destination": {"ToAddresses": ["ann@example.com"]},
            "Content": {"Simple": {
                "Subject": {"Data": "Your code", "Charset": "UTF-8"},
                "Body": {"Text": {"Data": "Code 012345", "Charset": "UTF-8"}},
            }},
            "EmailTags": [{"Name": "message-id", "Value": "msg1"}],
        })
    );
}

#[test]
fn senders_and_recipients_are_written_for_each_provider() {
    let to = Recipient::Email(EmailAddress::parse("Ann@bücher.example").unwrap());
    let written = "Ann@xn--bcher-kva.example";
    let shop = "Shop, Inc. <shop@example.com>";
    let quoted = "\"Shop, Inc.\" <shop@example.com>";
    let given = json!({"apiKey": "k", "fromEmail": shop, "templates": templates("text/plain")});
    let sendgrid = made("sendgrid-email-service", given, &to).json();
    assert_eq!(
        sendgrid["from"],
        json!({"email": "shop@example.com", "name": "Shop, Inc."})
    );
    assert_eq!(sendgrid["personalizations"][0]["to"][0]["email"], written);
    let given =
        json!({"serverToken": "t", "fromEmail": shop, "templates": templates("text/plain")});
    let postmark = made("postmark-mail", given, &to).json();
    assert_eq!(
        (&postmark["From"], &postmark["To"]),
        (&json!(quoted), &json!(written))
    );
    let given = json!({"domain": "mg.example", "apiKey": "k", "from": shop, "templates": templates("text/plain")});
    let mailgun = made("mailgun-email", given, &to).form();
    assert_eq!(mailgun[..2], pairs(&[("from", quoted), ("to", written)]));
    let given = json!({
        "accessKeyId": "k", "accessKeySecret": "s", "region": "eu-west-1", "emailAddress": "店 <shop@example.com>",
        "templates": templates("text/plain"),
    });
    let ses = made("aws-ses-mail", given, &to).json();
    assert_eq!(
        ses["FromEmailAddress"],
        "=?UTF-8?B?5bqX?= <shop@example.com>"
    );
    assert_eq!(ses["Destination"]["ToAddresses"][0], written);
    let given = json!({"endpoint": "https://shop.example/"});
    let http = made("http-email", given, &to).json();
    assert_eq!(
        http["to"], "Ann@bücher.example",
        "the operator's own server gets what was written"
    );
}

/// A reply of a provider, by way of a loopback port.
async fn reply(status: &'static str, body: &'static str) -> OutboundReply {
    let peer = crate::tests::peer::Peer::start(move |mut stream, _| async move {
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await
    })
    .await;
    let outbound = Outbound::new(crate::OutboundConfig {
        allow: crate::OutboundAllow::loopback(),
        ..crate::OutboundConfig::default()
    });
    let url = Url::parse(&format!("http://{}/", peer.address)).unwrap();
    outbound
        .unwrap()
        .send(OutboundRequest::post(url))
        .await
        .unwrap()
}

#[tokio::test]
async fn what_providers_answer() {
    type Expected = Result<(), (bool, &'static str)>;
    let cases: [(&str, &str, ReadReply, Expected); 12] = [
        ("200", "", by_status, Ok(())),
        ("202", "", by_status, Ok(())),
        ("429", "", by_status, Err((true, "status 429"))),
        ("503", "secret", by_status, Err((true, "status 503"))),
        (
            "401",
            "{\"code\":20003}",
            by_status,
            Err((false, "status 401: it does not take the credentials")),
        ),
        (
            "400",
            "{\"code\":21211,\"message\":\"+81…\"}",
            by_status,
            Err((false, "status 400, its error 21211")),
        ),
        (
            "422",
            "{\"ErrorCode\":406}",
            by_status,
            Err((false, "status 422, its error 406")),
        ),
        ("302", "<html>", by_status, Err((false, "status 302"))),
        (
            "200",
            "{\"messages\":[{\"status\":\"0\"}]}",
            vonage::read,
            Ok(()),
        ),
        (
            "200",
            "{\"messages\":[{\"status\":\"1\"}]}",
            vonage::read,
            Err((true, "status \"1\"")),
        ),
        (
            "200",
            "{\"messages\":[{\"status\":\"4\"}]}",
            vonage::read,
            Err((false, "status \"4\"")),
        ),
        ("200", "no JSON", vonage::read, Err((true, "not JSON"))),
    ];
    for (status, body, read, expected) in cases {
        let read = read(&reply(status, body).await);
        match expected {
            Ok(()) => assert!(read.is_ok(), "{status} {body}"),
            Err((is_temporary, said)) => {
                let error = read.unwrap_err();
                assert_eq!(error.is_temporary(), is_temporary, "{status} {body}");
                let shown = error.to_string();
                assert!(shown.contains(said) && !shown.contains("secret"), "{shown}");
            }
        }
    }
}

#[test]
fn what_may_be_tried_again() {
    for (error, expected) in [
        (SendError::Later(String::new()), true),
        (SendError::Call(OutboundError::TimedOut), true),
        (SendError::Refused(String::new()), false),
        (SendError::Configuration(String::new()), false),
    ] {
        assert_eq!(error.is_temporary(), expected, "{error:?}");
    }
}
