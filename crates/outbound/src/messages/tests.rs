//! Each provider's documented request, and what is made of its replies.

mod email;
mod replies;
mod sms;

use meibo_domain::{
    connector::{check_config, find_factory},
    email::EmailAddress,
    phone::PhoneNumber,
};
use serde_json::{Map, Value, json};

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
