//! SendGrid's Mail Send API: `POST /v3/mail/send`.

use meibo_domain::{connector::ConnectorConfig, message::RenderedMessage};
use serde_json::json;

use super::{JSON, Message, SendError, address_of, endpoint, needed, sender};
use crate::OutboundRequest;

pub(super) fn request(
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
) -> Result<OutboundRequest, SendError> {
    let sender = sender(config, "fromEmail")?;
    let email = sender.address.with_ascii_domain();
    let from = match config.text("fromName").or(sender.name.as_deref()) {
        Some(name) => json!({"email": email, "name": name}),
        None => json!({"email": email}),
    };
    let body = json!({
        "personalizations": [{"to": [{"email": address_of(message.to)}]}],
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
