//! SendGrid's Mail Send API: `POST /v3/mail/send`.

use meibo_domain::{connector::ConnectorConfig, message::RenderedMessage};
use serde_json::json;

use super::{JSON, Message, SendError, endpoint, needed};
use crate::OutboundRequest;

pub(super) fn request(
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
) -> Result<OutboundRequest, SendError> {
    let email = needed(config, "fromEmail")?;
    let from = match config.text("fromName").filter(|name| !name.is_empty()) {
        Some(name) => json!({"email": email, "name": name}),
        None => json!({"email": email}),
    };
    let body = json!({
        "personalizations": [{"to": [{"email": message.to.to_string()}]}],
        "from": from,
        "subject": rendered.subject,
        "content": [{"type": rendered.content_type, "value": rendered.content}],
        "custom_args": {"message_id": message.id},
    });
    let url = endpoint(config, "https://api.sendgrid.com", "/v3/mail/send")?;
    let authorization = format!("Bearer {}", needed(config, "apiKey")?);
    Ok(OutboundRequest::post(url)
        .header("authorization", authorization)
        .body(body.to_string(), JSON)
        .repeatable())
}
