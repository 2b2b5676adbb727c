//! `/demo/inbox`: the messages that the demo shows instead of sending them.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::get,
};
use meibo_app::App;
use meibo_domain::{message::ReceivedMessage, recipient::Channel};
use meibo_pages::{InboxLine, InboxPage};

use crate::{page::page, page_routes::PageRoutes, respond::Failure, visit::Visit};

const PLACE: &str = "/demo/inbox";

/// The page of the demo; no other server has it.
pub(crate) fn pages() -> PageRoutes {
    PageRoutes::default().page(PLACE, get(show))
}

async fn show(State(app): State<App>, visit: Visit) -> Response {
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

fn line(received: ReceivedMessage) -> InboxLine {
    InboxLine {
        is_email: received.channel == Channel::Email,
        recipient: received.recipient,
        subject: received.message.subject,
        text: received.message.content,
        received_at: received.received_at.rfc3339(),
    }
}
