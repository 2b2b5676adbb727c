//! The pages: what each template is given.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::inputs::{ContactInput, Input, NumberInput};
use crate::language::Language;
use crate::visits::SignedIn;
use crate::words::{Message, Words};

/// What the frame around every page needs.
pub(crate) struct Frame {
    pub(crate) words: &'static Words,
    pub(crate) lang: &'static str,
    /// The form token when someone is signed in: the page then offers to sign out.
    pub(crate) csrf: Option<String>,
    /// Where the language links lead back to.
    pub(crate) path: &'static str,
}

impl Frame {
    pub(crate) fn new(language: Language, person: Option<&SignedIn>, path: &'static str) -> Self {
        Self {
            words: Words::of(language),
            lang: language.tag(),
            csrf: person.map(|person| person.csrf.clone()),
            path,
        }
    }
}

#[derive(Template)]
#[template(path = "home.html")]
pub(crate) struct HomePage {
    pub(crate) frame: Frame,
    /// The name to greet, when someone is signed in.
    pub(crate) person: Option<String>,
    pub(crate) has_session_ended: bool,
}

#[derive(Template)]
#[template(path = "profile.html")]
pub(crate) struct ProfilePage {
    pub(crate) frame: Frame,
    pub(crate) csrf: String,
    /// Names the state that the page shows.
    pub(crate) version: String,
    pub(crate) is_saved: bool,
    /// What went well.
    pub(crate) notice: Option<String>,
    /// Why nothing was saved, or not everything, or why the page may be out of date.
    pub(crate) alert: Option<&'static str>,
    pub(crate) contacts: Vec<ContactInput>,
    pub(crate) about: Vec<Input>,
    pub(crate) address: Vec<Input>,
    pub(crate) business: Vec<Input>,
    pub(crate) numbers: Vec<NumberInput>,
    /// (value, words, whether it is this one).
    pub(crate) sources: Vec<(&'static str, &'static str, bool)>,
}

#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct MessagePage {
    pub(crate) frame: Frame,
    pub(crate) message: Message,
    /// Where to go from here, and the words for it.
    pub(crate) link: (&'static str, &'static str),
}

/// Renders.
pub(crate) fn page(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page with one message and one way on.
pub(crate) fn message(
    status: StatusCode,
    language: Language,
    choose: impl FnOnce(&'static Words) -> (Message, (&'static str, &'static str)),
) -> Response {
    let (message, link) = choose(Words::of(language));
    page(
        status,
        &MessagePage {
            frame: Frame::new(language, None, "/"),
            message,
            link,
        },
    )
}
