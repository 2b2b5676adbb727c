//! Handing a message over: one file a provider, each by its documented API.
//!
//! A provider is a pure function from configuration and message to the call to make, and one that
//! reads the reply. The guarded client makes the call; SMTP is the exception and speaks for itself.

mod http_message;
mod mailgun;
mod postmark;
mod retry_after;
mod sendgrid;
mod ses;
mod smtp;
mod twilio;
mod vonage;

use std::time::Duration;

use meibo_domain::{
    connector::{ConnectorConfig, Mailbox},
    message::{Payload, RenderedMessage, UsageType, choose},
    recipient::Recipient,
    time::Timestamp,
};
use serde_json::Value;
use url::Url;

use crate::{Outbound, OutboundError, OutboundReply, OutboundRequest};

/// A message on its way.
#[derive(Debug, Clone)]
pub struct Message<'m> {
    /// Stays the same when the message is handed over again, so that a receiver can tell.
    pub id: &'m str,
    /// Who gets it.
    pub to: &'m Recipient,
    /// What it is for.
    pub usage_type: UsageType,
    /// What the template is filled with.
    pub payload: &'m Payload,
    /// The recipient's language (BCP 47).
    pub language_tag: &'m str,
}

/// Why a message was not handed over. No text in it repeats a secret or the message.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The configuration does not do; another try would fare no better.
    #[error("{0}")]
    Configuration(String),
    /// The provider refuses this message; another try would fare no better.
    #[error("the provider refused the message ({0})")]
    Refused(String),
    /// The provider asks for patience or fails; another try may succeed.
    #[error("the provider could not take the message ({0})")]
    Later(String),
    /// As [`SendError::Later`], and it says how long to wait.
    #[error("the provider could not take the message ({0})")]
    LaterThan(String, Duration),
    /// The call did not come about or was not answered; another try may succeed.
    #[error(transparent)]
    Call(#[from] OutboundError),
}

impl SendError {
    /// May another try succeed?
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Later(_) | Self::LaterThan(..) | Self::Call(_))
    }
}

impl Outbound {
    /// Hands `message` over by the connector of `factory_id`.
    ///
    /// # Errors
    /// See [`SendError`].
    pub async fn send_message(
        &self,
        factory_id: &str,
        config: &ConnectorConfig,
        message: &Message<'_>,
        now: Timestamp,
    ) -> Result<(), SendError> {
        if factory_id == "simple-mail-transfer-protocol" {
            let rendered = render(config, message)?;
            let patience = smtp::Patience::USUAL;
            return smtp::send(self, config, message, &rendered, now, patience).await;
        }
        let (request, read): (OutboundRequest, ReadReply) = match factory_id {
            "http-email" | "http-sms" => (http_message::request(config, message)?, by_status),
            "mailgun-email" => (
                mailgun::request(config, message, &render(config, message)?)?,
                by_status,
            ),
            "postmark-mail" => (
                postmark::request(config, message, &render(config, message)?)?,
                by_status,
            ),
            "sendgrid-email-service" => (
                sendgrid::request(config, message, &render(config, message)?)?,
                by_status,
            ),
            "aws-ses-mail" => (
                ses::request(config, message, &render(config, message)?, now)?,
                by_status,
            ),
            "twilio-short-message-service" => (
                twilio::request(config, message, &render(config, message)?)?,
                by_status,
            ),
            "vonage-sms" => (
                vonage::request(config, message, &render(config, message)?)?,
                vonage::read,
            ),
            other => {
                return Err(SendError::Configuration(format!(
                    "there is no connector {other:?}"
                )));
            }
        };
        let reply = self.send(request).await?;
        read(&reply).map_err(|error| retry_after::asked(error, &reply, now))
    }
}

type ReadReply = fn(&OutboundReply) -> Result<(), SendError>;

/// 2xx is a success, 408, 425, 429 and 5xx pass, the rest stays as it is.
fn by_status(reply: &OutboundReply) -> Result<(), SendError> {
    let status = reply.status;
    match status {
        200..=299 => Ok(()),
        408 | 425 | 429 | 500..=599 => Err(SendError::Later(format!("status {status}"))),
        401 | 403 => Err(SendError::Refused(format!(
            "status {status}: it does not take the credentials"
        ))),
        _ => Err(SendError::Refused(match error_number(&reply.body) {
            Some(number) => format!("status {status}, its error {number}"),
            None => format!("status {status}"),
        })),
    }
}

/// The number that a provider gives what is wrong (Twilio's `code`, Postmark's `ErrorCode`), to be
/// looked up in its documentation. Its words are left: they may repeat the message.
fn error_number(body: &[u8]) -> Option<i64> {
    let body: Value = serde_json::from_slice(body).ok()?;
    ["code", "ErrorCode"]
        .iter()
        .find_map(|name| body.get(name)?.as_i64())
}

/// A recipient as providers take it: the domain of an email address in ASCII.
fn address_of(to: &Recipient) -> String {
    match to {
        Recipient::Email(email) => email.with_ascii_domain(),
        Recipient::Phone(phone) => phone.to_string(),
    }
}

/// A sender of the configuration that its factory asks for.
fn sender(config: &ConnectorConfig, path: &str) -> Result<Mailbox, SendError> {
    config
        .mailbox(path)
        .ok_or_else(|| SendError::Configuration(format!("{path} is not a mailbox")))
}

fn render(config: &ConnectorConfig, message: &Message<'_>) -> Result<RenderedMessage, SendError> {
    choose(config.templates(), message.usage_type, message.language_tag)
        .map(|template| template.render(message.payload))
        .map_err(|_| SendError::Configuration("the connector has no template for this".to_owned()))
}

/// A text of the configuration that its factory asks for.
fn needed<'c>(config: &'c ConnectorConfig, path: &str) -> Result<&'c str, SendError> {
    config
        .text(path)
        .ok_or_else(|| SendError::Configuration(format!("{path} is not set")))
}

/// The address of a call below the provider's endpoint, which `endpoint` may replace.
fn endpoint(config: &ConnectorConfig, usual: &str, path: &str) -> Result<Url, SendError> {
    let base = config.text("endpoint");
    let text = format!("{}{path}", base.unwrap_or(usual).trim_end_matches('/'));
    Url::parse(&text).map_err(|_| SendError::Configuration("endpoint is not a URL".to_owned()))
}

/// `Basic` credentials.
fn basic(user: &str, password: &str) -> String {
    use base64::Engine as _;
    let credentials = format!("{user}:{password}");
    format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(credentials)
    )
}

/// `application/x-www-form-urlencoded`.
fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// The media type of JSON.
const JSON: &str = "application/json";

#[cfg(test)]
mod tests;
