//! Why a call gave no reply. What is shown never holds a path, a query or a credential.

use std::net::IpAddr;

use crate::AddressKind;

/// Why a call gave no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The rules forbid the call; nothing was sent.
    #[error("the call is refused: {0}")]
    Refused(Refusal),
    /// The name has no address.
    #[error("the host {host:?} cannot be resolved: {reason}")]
    Resolve {
        /// The name.
        host: String,
        /// The resolver's words.
        reason: String,
    },
    /// No connection came about; nothing was sent.
    #[error("no connection: {0}")]
    Connect(String),
    /// The connection cannot be trusted; nothing was sent.
    #[error("no trusted TLS connection: {0}")]
    Tls(String),
    /// The reply was not complete in time.
    #[error("no complete reply in time")]
    TimedOut,
    /// The reply is longer than it may be.
    #[error("the reply's {part} is longer than {limit} bytes")]
    TooLarge {
        /// `head` or `body`.
        part: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// As many calls are under way as may be, in all or to this host; nothing was sent.
    #[error("too many calls are under way; try again later")]
    Busy,
    /// The other side does not speak HTTP as it should, or went away in the middle.
    #[error("the reply cannot be read: {0}")]
    Protocol(String),
}

/// Which rule forbids a call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not http or https, or without a host.
    #[error("the URL is not http or https")]
    Scheme,
    /// The URL has a user name or password.
    #[error("the URL has a user name or password")]
    Credentials,
    /// A header's value cannot be sent.
    #[error("the header {0} cannot be sent")]
    Header(&'static str),
    /// The address is not public and not allowed.
    #[error("{} is {kind}; if that is meant, allow it with `outbound-allow`", named(.host, .address))]
    Address {
        /// The host as it stands in the URL.
        host: String,
        /// The address that it has.
        address: IpAddr,
        /// What is special about it.
        kind: AddressKind,
    },
}

fn named(host: &str, address: &IpAddr) -> String {
    if address.to_string() == host {
        host.to_owned()
    } else {
        format!("{host} has the address {address}, which")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_address_says_what_to_do() {
        let refused = |host: &str| {
            OutboundError::Refused(Refusal::Address {
                host: host.to_owned(),
                address: [10, 0, 0, 1].into(),
                kind: AddressKind::Private,
            })
            .to_string()
        };
        assert_eq!(
            refused("rp.example"),
            "the call is refused: rp.example has the address 10.0.0.1, which is a private address; \
             if that is meant, allow it with `outbound-allow`"
        );
        assert!(refused("10.0.0.1").contains(": 10.0.0.1 is a private address;"));
    }
}
