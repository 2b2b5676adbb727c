//! Amazon SES: `POST /v2/email/outbound-emails`, signed by AWS Signature Version 4.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use meibo_crypto::digest::{hmac_sha256, sha256};
use meibo_domain::{
    connector::{ConnectorConfig, Mailbox},
    message::{ContentType, RenderedMessage},
    time::Timestamp,
};
use serde_json::json;
use time::{OffsetDateTime, macros::format_description};

use super::{JSON, Message, SendError, address_of, endpoint, needed, sender};
use crate::OutboundRequest;

const PATH: &str = "/v2/email/outbound-emails";

pub(super) fn request(
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
    now: Timestamp,
) -> Result<OutboundRequest, SendError> {
    let region = needed(config, "region")?;
    let part = json!({"Data": rendered.content, "Charset": "UTF-8"});
    let body = json!({
        "FromEmailAddress": encoded(&sender(config, "emailAddress")?),
        "Destination": {"ToAddresses": [address_of(message.to)]},
        "Content": {"Simple": {
            "Subject": {"Data": rendered.subject, "Charset": "UTF-8"},
            "Body": match rendered.content_type {
                ContentType::Text => json!({"Text": part}),
                ContentType::Html => json!({"Html": part}),
            },
        }},
        "EmailTags": [{"Name": "message-id", "Value": message.id}],
    })
    .to_string();
    let url = endpoint(
        config,
        &format!("https://email.{region}.amazonaws.com"),
        PATH,
    )?;
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => return Err(SendError::Configuration("endpoint has no host".to_owned())),
    };
    let credentials = Credentials {
        access_key_id: needed(config, "accessKeyId")?,
        secret: needed(config, "accessKeySecret")?,
        region,
    };
    let stamp = Stamp::at(now)?;
    let authorization = credentials.sign(url.path(), &host, body.as_bytes(), &stamp);
    Ok(OutboundRequest::post(url)
        .header("authorization", authorization)
        .header("x-amz-date", stamp.time)
        .body(body, JSON)
        .repeatable())
}

/// A sender in ASCII, as Amazon asks: a name in another script as encoded words (RFC 2047), each of
/// at most 75 characters.
fn encoded(sender: &Mailbox) -> String {
    let Some(name) = sender.name.as_ref().filter(|name| !name.is_ascii()) else {
        return sender.to_string();
    };
    let mut words: Vec<String> = Vec::new();
    for character in name.chars() {
        match words.last_mut() {
            Some(word) if word.len() + character.len_utf8() <= 45 => word.push(character),
            _ => words.push(character.to_string()),
        }
    }
    let words: Vec<String> = words
        .iter()
        .map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)))
        .collect();
    let address = sender.address.with_ascii_domain();
    format!("{} <{address}>", words.join(" "))
}

struct Credentials<'c> {
    access_key_id: &'c str,
    secret: &'c str,
    region: &'c str,
}

/// The time of a signature: `20260102` and `20260102T030405Z`.
struct Stamp {
    date: String,
    time: String,
}

impl Stamp {
    fn at(now: Timestamp) -> Result<Self, SendError> {
        let wrong = || SendError::Configuration("the clock gives no date".to_owned());
        let at = OffsetDateTime::from_unix_timestamp(now.seconds()).map_err(|_| wrong())?;
        let date = at
            .format(format_description!("[year][month][day]"))
            .map_err(|_| wrong())?;
        let clock = at
            .format(format_description!("[hour][minute][second]"))
            .map_err(|_| wrong())?;
        Ok(Self {
            time: format!("{date}T{clock}Z"),
            date,
        })
    }
}

impl Credentials<'_> {
    /// The `Authorization` header of a POST of `body`.
    fn sign(&self, path: &str, host: &str, body: &[u8], stamp: &Stamp) -> String {
        let signed_headers = "content-type;host;x-amz-date";
        let canonical = format!(
            "POST\n{path}\n\ncontent-type:{JSON}\nhost:{host}\nx-amz-date:{}\n\n{signed_headers}\n{}",
            stamp.time,
            hex(&sha256(body))
        );
        let scope = format!("{}/{}/ses/aws4_request", stamp.date, self.region);
        let to_sign = format!(
            "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
            stamp.time,
            hex(&sha256(canonical.as_bytes()))
        );
        let key = [&stamp.date, self.region, "ses", "aws4_request"]
            .iter()
            .fold(format!("AWS4{}", self.secret).into_bytes(), |key, part| {
                hmac_sha256(&key, part.as_bytes()).to_vec()
            });
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={signed_headers}, Signature={}",
            self.access_key_id,
            hex(&hmac_sha256(&key, to_sign.as_bytes()))
        )
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_ascii() {
        for (text, expected) in [
            ("a@b.example", "a@b.example"),
            ("Shop, Inc. <a@b.example>", "\"Shop, Inc.\" <a@b.example>"),
            ("店 <a@b.example>", "=?UTF-8?B?5bqX?= <a@b.example>"),
        ] {
            assert_eq!(encoded(&Mailbox::parse(text).unwrap()), expected);
        }
        let long = format!("{} <a@b.example>", "店".repeat(40));
        let long = encoded(&Mailbox::parse(&long).unwrap());
        assert!(
            long.is_ascii() && long.split(' ').all(|word| word.len() <= 75),
            "{long}"
        );
    }

    #[test]
    fn the_signature_equals_one_that_was_computed_apart() {
        let stamp = Stamp::at(Timestamp::from_seconds(1_767_323_045)).unwrap();
        assert_eq!(
            (stamp.date.as_str(), stamp.time.as_str()),
            ("20260102", "20260102T030405Z")
        );
        let credentials = Credentials {
            access_key_id: "AKIDEXAMPLE",
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            region: "eu-west-1",
        };
        assert_eq!(
            credentials.sign(PATH, "email.eu-west-1.amazonaws.com", br#"{"x":1}"#, &stamp),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-west-1/ses/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=ff084b177c8210ea1a811f32ab460ddbd845e0cc6810fda7ef922251f23bf757"
        );
    }
}
