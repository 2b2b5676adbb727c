//! Twilio's Programmable Messaging API: `POST /2010-04-01/Accounts/{SID}/Messages.json`.

use meibo_domain::{connector::ConnectorConfig, message::RenderedMessage};

use super::{FORM, Message, SendError, basic, endpoint, form, needed};
use crate::OutboundRequest;

pub(super) fn request(
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
) -> Result<OutboundRequest, SendError> {
    let account = needed(config, "accountSID")?;
    let path = format!("/2010-04-01/Accounts/{account}/Messages.json");
    let to = message.to.to_string();
    let mut pairs = vec![
        ("To", to.as_str()),
        (
            "MessagingServiceSid",
            needed(config, "fromMessagingServiceSID")?,
        ),
        ("Body", rendered.content.as_str()),
    ];
    if config.is_on("disableRiskCheck") {
        pairs.push(("RiskCheck", "disable"));
    }
    Ok(
        OutboundRequest::post(endpoint(config, "https://api.twilio.com", &path)?)
            .header(
                "authorization",
                basic(account, needed(config, "authToken")?),
            )
            .body(form(&pairs), FORM)
            .repeatable(),
    )
}
