//! Mailgun's Messages API: `POST /v3/{domain}/messages`.

use meibo_domain::{
    connector::ConnectorConfig,
    message::{ContentType, RenderedMessage},
};

use super::{FORM, Message, SendError, address_of, basic, endpoint, form, needed, sender};
use crate::OutboundRequest;

pub(super) fn request(
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
) -> Result<OutboundRequest, SendError> {
    let (from, to) = (sender(config, "from")?.to_string(), address_of(message.to));
    let content = match rendered.content_type {
        ContentType::Text => "text",
        ContentType::Html => "html",
    };
    let pairs = [
        ("from", from.as_str()),
        ("to", to.as_str()),
        ("subject", rendered.subject.as_str()),
        (content, rendered.content.as_str()),
        ("v:message-id", message.id),
    ];
    let path = format!("/v3/{}/messages", needed(config, "domain")?);
    Ok(
        OutboundRequest::post(endpoint(config, "https://api.mailgun.net", &path)?)
            .header("authorization", basic("api", needed(config, "apiKey")?))
            .body(form(&pairs), FORM)
            .repeatable(),
    )
}
