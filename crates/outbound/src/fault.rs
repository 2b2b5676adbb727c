//! What an error of the HTTP client means.

use std::{error::Error, io};

use crate::OutboundError;

/// Reads the chain of causes. The client's own words hold the URL, so only those of its causes are kept.
pub(crate) fn read(error: &reqwest::Error) -> OutboundError {
    let mut cause: &(dyn Error + 'static) = error;
    let mut said = String::new();
    loop {
        if let Some(ours) = cause.downcast_ref::<OutboundError>() {
            return ours.clone();
        }
        if let Some(tls) = tls_error(cause) {
            return OutboundError::Tls(tls.to_string());
        }
        let Some(deeper) = cause.source() else { break };
        cause = deeper;
        said = cause.to_string();
    }
    if error.is_connect() {
        // Also when it took too long: nothing was sent.
        OutboundError::Connect(said)
    } else if error.is_timeout() {
        OutboundError::TimedOut
    } else {
        OutboundError::Protocol(said)
    }
}

/// The first TLS error in a chain of causes.
pub(crate) fn find_tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(tls) = tls_error(error) {
            return Some(tls);
        }
        cause = error.source();
    }
    None
}

/// An I/O error does not name the error inside it as its cause, and may hold another I/O error.
fn tls_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    match cause.downcast_ref::<io::Error>() {
        Some(error) => tls_error(error.get_ref()?),
        None => cause.downcast_ref(),
    }
}
