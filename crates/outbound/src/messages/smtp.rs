//! SMTP (RFC 5321), over TLS from the first byte (RFC 8314) or by STARTTLS (RFC 3207).
//!
//! The name is looked up and checked here; the connection goes to that address and TLS is told the
//! name. A password never travels without TLS, except to this machine itself.

use std::{
    net::IpAddr,
    time::{Duration, UNIX_EPOCH},
};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    message::{Mailbox, MessageBuilder, header},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use meibo_domain::{
    connector::{self, ConnectorConfig},
    message::{ContentType, RenderedMessage},
    time::Timestamp,
};

use super::{Message, SendError, address_of, needed};
use crate::{Outbound, OutboundError, fault};

/// How long a conversation may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Each step of it.
    step: Duration,
    /// The whole of it: less than a request of ours may take, and than a job is held.
    whole: Duration,
}

impl Patience {
    /// 10 s for a step, 25 s for all.
    pub(super) const USUAL: Self = Self {
        step: Duration::from_secs(10),
        whole: Duration::from_secs(25),
    };
}

/// Addresses of one host that are tried at most.
const MAX_ADDRESSES: usize = 4;

/// How long one of several addresses may take to answer.
const CONNECT: Duration = Duration::from_secs(2);

/// Hands the message to the mail server and waits until it has taken it.
pub(super) async fn send(
    outbound: &Outbound,
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
    now: Timestamp,
    patience: Patience,
) -> Result<(), SendError> {
    let host = needed(config, "host")?;
    let mail = compose(config, message, rendered, now)?;
    let is_ascii = mail.envelope().to().iter().all(is_ascii);
    let _place = outbound.enter(host).ok_or(OutboundError::Busy)?;
    let conversation = async {
        let port = config
            .port("port")
            .ok_or_else(|| SendError::Configuration("port is not set".to_owned()))?;
        let address = reachable(&outbound.pin(host).await?, port).await?;
        let transport = connect(config, host, (address, port), patience.step)?;
        transport.send(mail).await.map_err(|error| {
            if error.is_permanent() || error.is_client() && !is_ascii {
                SendError::Refused(status(&error))
            } else {
                SendError::Later(status(&error))
            }
        })
    };
    let answered = tokio::time::timeout(patience.whole, Box::pin(conversation)).await;
    answered
        .unwrap_or_else(|_| Err(SendError::Later("no answer in time".to_owned())))
        .map(drop)
}

fn is_ascii(address: &Address) -> bool {
    AsRef::<str>::as_ref(address).is_ascii()
}

/// The first address that takes a connection, when there is a choice.
async fn reachable(addresses: &[IpAddr], port: u16) -> Result<IpAddr, OutboundError> {
    let none = || OutboundError::Connect("no address of the host answers".to_owned());
    if let [only] = addresses {
        return Ok(*only);
    }
    for address in addresses.iter().take(MAX_ADDRESSES) {
        #[allow(
            clippy::disallowed_methods,
            reason = "the guarded client has checked this address"
        )]
        let connecting = tokio::net::TcpStream::connect((*address, port));
        if let Ok(Ok(_)) = tokio::time::timeout(CONNECT, connecting).await {
            return Ok(*address);
        }
    }
    Err(none())
}

/// The reply code, or what kind of fault it was: the server's own words may repeat the message.
fn status(error: &lettre::transport::smtp::Error) -> String {
    if let Some(tls) = fault::find_tls_error(error) {
        return OutboundError::Tls(tls.to_string()).to_string();
    }
    match error.status() {
        Some(code) => match code.to_string().as_str() {
            code @ ("530" | "534" | "535" | "538") => {
                format!("reply {code}: it does not take this user and password")
            }
            code => format!("reply {code}"),
        },
        None if error.is_timeout() => "no answer in time".to_owned(),
        None if error.is_tls() => "no trusted TLS connection".to_owned(),
        None if error.is_client() => {
            "the server does not offer TLS, a log-in, or addresses in other scripts, as this needs"
                .to_owned()
        }
        None => "no connection, or one that broke".to_owned(),
    }
}

fn compose(
    config: &ConnectorConfig,
    message: &Message<'_>,
    rendered: &RenderedMessage,
    now: Timestamp,
) -> Result<lettre::Message, SendError> {
    let from = mailbox(config, "fromEmail")?;
    let domain = from.email.domain().to_owned();
    let to: Address = address_of(message.to)
        .parse()
        .map_err(|_| SendError::Refused("the address cannot be written in a header".to_owned()))?;
    let since = Duration::from_millis(u64::try_from(now.millis()).unwrap_or(0));
    let mut builder = MessageBuilder::new()
        .message_id(Some(format!("<{}@{domain}>", message.id)))
        .date(UNIX_EPOCH + since)
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(&rendered.subject);
    if config.text("replyTo").is_some() {
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
    let wrong = || SendError::Configuration(format!("{path} is not a mailbox"));
    let connector::Mailbox { name, address } = config.mailbox(path).ok_or_else(wrong)?;
    let address = address.with_ascii_domain().parse().map_err(|_| wrong())?;
    Ok(Mailbox::new(name, address))
}

fn connect(
    config: &ConnectorConfig,
    host: &str,
    (address, port): (IpAddr, u16),
    step: Duration,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, SendError> {
    let user = config.text("auth.user");
    let needs_tls = config.is_on("requireTLS") || (user.is_some() && !address.is_loopback());
    let parameters = tls_parameters(config, host)?;
    let tls = if config.is_on("secure") {
        Tls::Wrapper(parameters)
    } else if needs_tls {
        Tls::Required(parameters)
    } else {
        Tls::Opportunistic(parameters)
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.to_string())
        .port(port)
        .tls(tls)
        .timeout(Some(step));
    Ok(match user {
        Some(user) => {
            let password = config.text("auth.pass").unwrap_or_default();
            builder.credentials(Credentials::new(user.to_owned(), password.to_owned()))
        }
        None => builder,
    }
    .build())
}

/// The public authorities are trusted, and those that the configuration names.
fn tls_parameters(config: &ConnectorConfig, host: &str) -> Result<TlsParameters, SendError> {
    let builder = TlsParameters::builder(host.to_owned());
    let builder = match config.text("tls.ca") {
        Some(pem) => {
            let unreadable = |_| SendError::Configuration("tls.ca cannot be read".to_owned());
            let certificates = Certificate::from_pem(pem.as_bytes()).map_err(unreadable)?;
            builder.add_root_certificate(certificates)
        }
        None => builder,
    };
    builder.build_rustls().map_err(|_| {
        SendError::Configuration(
            "host is not a name that TLS can check, or tls.ca holds no usable certificate"
                .to_owned(),
        )
    })
}

#[cfg(test)]
mod peer;
#[cfg(test)]
mod tests;
