//! The first page, and the one for addresses that lead nowhere.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::CookieJar;

use crate::app::App;
use crate::language::Language;
use crate::pages::{Frame, HomePage, message, page};
use crate::visits::{Notice, id_in};

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    language: Language,
    jar: CookieJar,
) -> Response {
    let id = id_in(&jar, app.is_https);
    let person = id.and_then(|id| app.visits.signed_in(id));
    let notice = id.and_then(|id| app.visits.take_notice(id));
    // The ID token is enough for a greeting: no request is made for it.
    let name = person.as_ref().map(|person| {
        let claims = person
            .session
            .get_id_token_claims()
            .map(|claims| claims.user)
            .unwrap_or_default();
        [claims.name, claims.username, claims.email]
            .into_iter()
            .flatten()
            .next()
            .unwrap_or(claims.sub)
    });
    let frame = Frame::new(language, person.as_ref(), "/");
    let has_session_ended = notice == Some(Notice::SessionEnded);
    page(
        StatusCode::OK,
        &HomePage {
            frame,
            person: name,
            has_session_ended,
        },
    )
}

pub(crate) async fn not_found(language: Language) -> Response {
    message(StatusCode::NOT_FOUND, language, |words| {
        (words.not_found, ("/", words.to_start))
    })
}
