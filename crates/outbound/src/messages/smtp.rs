//! SMTP (RFC 5321), over TLS from the first byte or by STARTTLS (RFC 3207).
//!
//! The name is looked up and checked here; the connection goes to that address and TLS is told the
//! name. A password never travels without TLS, except to this machine itself.

use std::{net::IpAddr, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    message::{Mailbox, MessageBuilder, header},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use meibo_domain::{
    connector::ConnectorConfig,
    message::{ContentType, RenderedMessage},
};

use super::{Message, SendError, needed};
use crate::Outbound;

/// For each step of the conversation.
const STEP: Duration = Duration::from_secs(10);

/// For the whole conversation.
const WHOLE: Duration = Duration::from_secs(30);

/// Hands the message to the mail server and waits until it has taken it.
pub(super) async fn send(
    outbound: &Outbound,
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
) -> Result<(), SendError> {
    let host = needed(config, "host")?;
    let mail = compose(config, message, rendered)?;
    let address = outbound.pin(host).await?;
    let transport = connect(config, host, address)?;
    let sending = tokio::time::timeout(WHOLE, transport.send(mail));
    match sending.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if error.is_permanent() => Err(SendError::Refused(status(&error))),
        Ok(Err(error)) => Err(SendError::Later(status(&error))),
        Err(_) => Err(SendError::Later("no answer in time".to_owned())),
    }
}

/// The reply code, or what kind of fault it was: the server's own words may repeat the message.
fn status(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("reply {code}"),
        None if error.is_timeout() => "no answer in time".to_owned(),
        None if error.is_tls() => "no trusted TLS connection".to_owned(),
        None if error.is_client() => "the server does not offer what is configured".to_owned(),
        None => "the connection broke".to_owned(),
    }
}

fn compose(
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
) -> Result<lettre::Message, SendError> {
    let from = mailbox(config, "fromEmail")?;
    let domain = from.email.domain().to_owned();
    let to: Mailbox =
        message.to.to_string().parse().map_err(|_| {
            SendError::Refused("the address cannot be written in a header".to_owned())
        })?;
    let mut builder = MessageBuilder::new()
        .message_id(Some(format!("<{}@{domain}>", message.id)))
        .from(from)
        .to(to)
        .subject(&rendered.subject);
    if config.text("replyTo").is_some_and(|text| !text.is_empty()) {
        builder = builder.reply_to(mailbox(config, "replyTo")?);
    }
    let content_type = match rendered.content_type {
        ContentType::Text => header::ContentType::TEXT_PLAIN,
        ContentType::Html => header::ContentType::TEXT_HTML,
    };
    builder
        .header(content_type)
        .body(rendered.content.clone())
        .map_err(|_| SendError::Configuration("the message cannot be written".to_owned()))
}

fn mailbox(config: &ConnectorConfig, path: &str) -> Result<Mailbox, SendError> {
    needed(config, path)?
        .parse()
        .map_err(|_| SendError::Configuration(format!("{path} is not a mailbox")))
}

fn connect(
    config: &ConnectorConfig,
    host: &str,
    address: IpAddr,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, SendError> {
    let user = config.text("auth.user").filter(|user| !user.is_empty());
    let needs_tls = config.is_on("requireTLS") || (user.is_some() && !address.is_loopback());
    let parameters = TlsParameters::builder(host.to_owned())
        .build_rustls()
        .map_err(|_| {
            SendError::Configuration("host is not a name that TLS can check".to_owned())
        })?;
    let tls = if config.is_on("secure") {
        Tls::Wrapper(parameters)
    } else if needs_tls {
        Tls::Required(parameters)
    } else {
        Tls::Opportunistic(parameters)
    };
    let port = config
        .port("port")
        .ok_or_else(|| SendError::Configuration("port is not set".to_owned()))?;
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.to_string())
        .port(port)
        .tls(tls)
        .timeout(Some(STEP));
    Ok(match user {
        Some(user) => {
            let password = config.text("auth.pass").unwrap_or_default();
            builder.credentials(Credentials::new(user.to_owned(), password.to_owned()))
        }
        None => builder,
    }
    .build())
}
