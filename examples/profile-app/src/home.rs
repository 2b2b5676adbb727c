//! The first page, and the one for addresses that lead nowhere.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::CookieJar;

use crate::app::App;
use crate::language::Language;
use crate::pages::{Frame, HomePage, message, page};
use crate::profile_post::session_ended;
use crate::visits::{Notice, SignedIn, id_in};

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    language: Language,
    jar: CookieJar,
) -> Response {
    let id = id_in(&jar, app.is_https);
    let person = id.and_then(|id| app.visits.signed_in(id));
    let notice = id.and_then(|id| app.visits.take_notice(id));
    let name = match (&person, id) {
        (Some(person), Some(id)) => match name_of(person).await {
            Some(name) => Some(name),
            None => return session_ended(&app, jar.clone(), id),
        },
        _ => None,
    };
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

/// What to call a person: as the server knows them now, or as they were when they signed in. None when
/// the server has ended the session.
async fn name_of(person: &SignedIn) -> Option<String> {
    let claims = match person.session.fetch_user_info().await {
        Ok(claims) => claims,
        Err(error) if error.is_signed_out() => return None,
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "userinfo");
            person.known_claims()
        }
    };
    let names = [claims.name, claims.username, claims.email];
    Some(names.into_iter().flatten().next().unwrap_or(claims.sub))
}

pub(crate) async fn not_found(language: Language) -> Response {
    message(StatusCode::NOT_FOUND, language, |words| {
        (words.not_found, ("/", words.to_start))
    })
}
