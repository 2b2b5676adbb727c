//! `http-email` and `http-sms`: each message as JSON to the operator's own server (contract 3.4).

use serde_json::json;

use super::{JSON, Message, SendError, endpoint};
use crate::OutboundRequest;
use meibo_domain::connector::ConnectorConfig;

pub(super) fn request(
    config: &ConnectorConfig,
    message: &Message<'_>,
) -> Result<OutboundRequest, SendError> {
    let body = json!({
        "id": message.id,
        "to": message.to.to_string(),
        "type": message.usage_type,
        "payload": message.payload,
    });
    let request = OutboundRequest::post(endpoint(config, "", "")?)
        .header("idempotency-key", message.id)
        .body(body.to_string(), JSON)
        .repeatable();
    Ok(match config.text("authorization") {
        Some(authorization) => request.header("authorization", authorization),
        None => request,
    })
}
