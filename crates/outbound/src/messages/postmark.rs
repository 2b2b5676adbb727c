//! Postmark's Email API: `POST /email`.

use meibo_domain::{
    connector::ConnectorConfig,
    message::{ContentType, RenderedMessage},
};
use serde_json::json;

use super::{JSON, Message, SendError, address_of, endpoint, needed, sender};
use crate::OutboundRequest;

pub(super) fn request(
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
) -> Result<OutboundRequest, SendError> {
    let content = match rendered.content_type {
        ContentType::Text => "TextBody",
        ContentType::Html => "HtmlBody",
    };
    let body = json!({
        "From": sender(config, "fromEmail")?.to_string(),
        "To": address_of(message.to),
        "Subject": rendered.subject,
        "Metadata": {"message-id": message.id},
        content: rendered.content,
    });
    let url = endpoint(config, "https://api.postmarkapp.com", "/email")?;
    Ok(OutboundRequest::post(url)
        .header("accept", JSON)
        .header("x-postmark-server-token", needed(config, "serverToken")?)
        .body(body.to_string(), JSON)
        .repeatable())
}
