//! Vonage's SMS API: `POST /sms/json`. A refusal comes with status 200 and says so in its body.

use meibo_domain::{connector::ConnectorConfig, message::RenderedMessage};
use serde_json::Value;

use super::{FORM, Message, SendError, by_status, endpoint, form, needed};
use crate::{OutboundReply, OutboundRequest};

pub(super) fn request(
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
) -> Result<OutboundRequest, SendError> {
    let to = message.to.to_string();
    let kind = if rendered.content.is_ascii() {
        "text"
    } else {
        "unicode"
    };
    let pairs = [
        ("api_key", needed(config, "apiKey")?),
        ("api_secret", needed(config, "apiSecret")?),
        ("from", needed(config, "brandName")?),
        ("to", to.trim_start_matches('+')),
        ("text", rendered.content.as_str()),
        ("type", kind),
        ("client-ref", message.id),
    ];
    Ok(
        OutboundRequest::post(endpoint(config, "https://rest.nexmo.com", "/sms/json")?)
            .body(form(&pairs), FORM)
            .repeatable(),
    )
}

/// `messages[].status` is `0` for a message that was taken, `1` when there were too many at once.
pub(super) fn read(reply: &OutboundReply) -> Result<(), SendError> {
    by_status(reply)?;
    let answer: Value = serde_json::from_slice(&reply.body)
        .map_err(|_| SendError::Later("the answer is not JSON".to_owned()))?;
    let status = answer
        .pointer("/messages/0/status")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match status {
        "0" => Ok(()),
        "1" | "5" | "" => Err(SendError::Later(format!("status {status:.8?}"))),
        _ => Err(SendError::Refused(format!("status {status:.8?}"))),
    }
}
