//! The stub's verification codes: sent, kept, counted, taken once.
#![allow(dead_code, reason = "shared by test binaries that each use a part")]

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::wire::reply;

const MOST_SENDS: usize = 10;
const MOST_TRIES: u32 = 10;

struct Code {
    digits: String,
    tries: u32,
    is_expired: bool,
}

#[derive(Default)]
pub(crate) struct Codes {
    /// The codes that wait, by address.
    waiting: HashMap<String, Code>,
    /// Every message as (address, digits), oldest first.
    inbox: Vec<(String, String)>,
    pub(crate) has_no_connector: bool,
}

impl Codes {
    /// The code that was last sent to `address`.
    pub(crate) fn last_sent(&self, address: &str) -> Option<String> {
        let mut sent = self.inbox.iter().rev();
        sent.find(|(to, _)| to == address)
            .map(|(_, digits)| digits.clone())
    }

    pub(crate) fn expire(&mut self) {
        for code in self.waiting.values_mut() {
            code.is_expired = true;
        }
    }

    pub(crate) fn send(&mut self, body: &str) -> Response {
        let Some((kind, address)) = recipient(body) else {
            return invalid();
        };
        if self.has_no_connector {
            return refusal(501, "connector.not_found", &json!({ "type": kind }));
        }
        let sends = self.inbox.iter().filter(|(to, _)| *to == address).count();
        if sends >= MOST_SENDS {
            return refusal(429, "request.message_rate_limited", &Value::Null);
        }
        let digits = format!("{:06}", 317_000 + self.inbox.len());
        self.inbox.push((address.clone(), digits.clone()));
        let code = Code {
            digits,
            tries: 0,
            is_expired: false,
        };
        self.waiting.insert(address, code);
        StatusCode::NO_CONTENT.into_response()
    }

    pub(crate) fn verify(&mut self, body: &str) -> Response {
        let Some((_, address)) = recipient(body) else {
            return invalid();
        };
        let body: Value = serde_json::from_str(body).unwrap();
        let Some(typed) = body["verificationCode"].as_str() else {
            return invalid();
        };
        let problem = match self.waiting.get_mut(&address) {
            None => "not_found",
            Some(code) if code.is_expired => "expired",
            Some(code) if code.tries >= MOST_TRIES => "exceed_max_try",
            Some(code) if code.digits != typed => {
                code.tries += 1;
                "code_mismatch"
            }
            Some(_) => {
                self.waiting.remove(&address);
                return StatusCode::NO_CONTENT.into_response();
            }
        };
        refusal(400, &format!("verification_code.{problem}"), &Value::Null)
    }
}

/// The kind of connector, and the address: an email or the digits of a phone number, not both.
fn recipient(body: &str) -> Option<(&'static str, String)> {
    let body: Value = serde_json::from_str(body).ok()?;
    match (body["email"].as_str(), body["phone"].as_str()) {
        (Some(email), None) if email.contains('@') => Some(("Email", email.to_owned())),
        (None, Some(phone)) if phone.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(("Sms", phone.to_owned()))
        }
        _ => None,
    }
}

fn invalid() -> Response {
    refusal(400, "guard.invalid_input", &Value::Null)
}

fn refusal(status: u16, code: &str, data: &Value) -> Response {
    reply(
        status,
        &json!({ "code": code, "message": "refused", "data": data }),
    )
}
