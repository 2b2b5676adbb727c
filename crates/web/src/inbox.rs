//! `/demo/inbox`: the messages that the demo shows instead of sending them.
//!
//! It shows every code, so it answers only under a name of this machine: a page elsewhere whose name
//! was turned into this machine's address (DNS rebinding) reads nothing.

use std::net::IpAddr;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{HeaderMap, Uri, header, uri::Authority};
use meibo_app::App;
use meibo_domain::{ErrorCode, message::ReceivedMessage, recipient::Channel};
use meibo_pages::{InboxLine, InboxPage};

use crate::{page::page, page_routes::PageRoutes, respond::Failure, visit::Visit};

const PLACE: &str = "/demo/inbox";

/// The page of the demo; no other server has it.
pub(crate) fn pages() -> PageRoutes {
    PageRoutes::default().page(PLACE, get(show))
}

async fn show(State(app): State<App>, uri: Uri, headers: HeaderMap, visit: Visit) -> Response {
    if !authority(&uri, &headers).is_some_and(|authority| is_loopback(authority.host())) {
        return Failure::from(ErrorCode::RouteNotFound).into_response();
    }
    match app.list_inbox().await {
        Ok(messages) => {
            let shown = InboxPage {
                layout: visit.layout(),
                lines: messages.into_iter().map(line).collect(),
                refresh_href: PLACE.to_owned(),
            };
            page(&visit, StatusCode::OK, shown.render())
        }
        Err(error) => Failure::from(error).into_response(),
    }
}

/// What the browser calls this server: by `:authority` (RFC 9113 section 8.3.1) or `Host`.
fn authority(uri: &Uri, headers: &HeaderMap) -> Option<Authority> {
    let host = || headers.get(header::HOST)?.to_str().ok()?.parse().ok();
    uri.authority().cloned().or_else(host)
}

/// Is the host, an address in brackets or a name, this machine by its own word (RFC 6761 section 6.3)?
fn is_loopback(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let is_address = |address: IpAddr| address.to_canonical().is_loopback();
    name == "localhost" || name.ends_with(".localhost") || address.parse().is_ok_and(is_address)
}

fn line(received: ReceivedMessage) -> InboxLine {
    InboxLine {
        is_email: received.channel == Channel::Email,
        recipient: received.recipient,
        subject: received.message.subject,
        text: received.message.content,
        received_at: received.received_at.rfc3339(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine() {
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST.", true),
            ("demo.localhost", true),
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("[::1]", true),
            ("[::ffff:127.0.0.1]", true),
            ("notlocalhost", false),
            ("localhost.attacker.example", false),
            ("127.0.0.1.attacker.example", false),
            ("192.168.0.7", false),
            ("0.0.0.0", false),
            ("[::]", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(host), expected, "{host}");
        }
    }
}
