//! The profile page: a form filled from the ID token and userinfo, saved through the back end.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::app::App;
use crate::back_end::Refusal;
use crate::language::Language;
use crate::pages::{Contact, Frame, Input, ProfilePage, message, page};
use crate::profile::Profile;
use crate::random;
use crate::visits::{Notice, SignedIn, id_in, with_id};
use crate::words::Words;

const PATH: &str = "/profile";

/// Why a page is not simply the profile.
#[derive(Clone, Copy)]
enum Alert {
    /// Fields that cannot be saved are marked.
    Marked,
    /// The identity server refused without naming a field.
    Refused,
    /// Not saved, since the identity server is away.
    Unavailable,
    /// Shown from the ID token, since userinfo is away.
    OutOfDate,
}

impl Alert {
    fn text(self, words: &'static Words) -> &'static str {
        match self {
            Self::Marked => words.not_saved,
            Self::Refused => words.refused,
            Self::Unavailable => words.unavailable_save,
            Self::OutOfDate => words.unavailable_read,
        }
    }
}

/// `GET /profile`.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    language: Language,
    jar: CookieJar,
) -> Response {
    let Some((id, person)) = signed_in(&app, &jar) else {
        return Redirect::to("/").into_response();
    };
    let (claims, alert) = match person.session.fetch_user_info().await {
        Ok(claims) => (claims, None),
        Err(error) if error.is_signed_out() => return session_ended(&app, jar, &id),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "userinfo");
            (person.known_claims(), Some(Alert::OutOfDate))
        }
    };
    let frame = Frame::new(language, Some(&person), PATH);
    let words = frame.words;
    let view = ProfilePage {
        csrf: person.csrf,
        is_saved: app.visits.take_notice(&id) == Some(Notice::Saved),
        alert: alert.map(|alert| alert.text(words)),
        fields: Input::all(words, &Profile::from(&claims), &[]),
        contacts: Contact::all(words, &claims),
        frame,
    };
    page(StatusCode::OK, &view)
}

/// The form as the browser sends it.
#[derive(Deserialize)]
pub(crate) struct SaveForm {
    csrf: String,
    #[serde(flatten)]
    profile: Profile,
}

/// `POST /profile`: 303 to the page when saved, else the page again with what was typed.
pub(crate) async fn save(
    State(app): State<Arc<App>>,
    language: Language,
    jar: CookieJar,
    form: Result<Form<SaveForm>, FormRejection>,
) -> Response {
    let Some((id, person)) = signed_in(&app, &jar) else {
        return Redirect::to("/").into_response();
    };
    let Ok(Form(form)) = form else {
        return message(StatusCode::BAD_REQUEST, language, |words| {
            (words.bad_form, (PATH, words.try_again))
        });
    };
    if !random::is_equal(&form.csrf, &person.csrf) {
        return message(StatusCode::FORBIDDEN, language, |words| {
            (words.stale_form, (PATH, words.try_again))
        });
    }
    let profile = form.profile.trimmed();
    let (status, alert, problems) = match save_as(&app, &person, &profile).await {
        Ok(()) => {
            app.visits.notify(&id, Notice::Saved);
            return Redirect::to(PATH).into_response();
        }
        Err(Refusal::Unauthorized | Refusal::Gone) => return session_ended(&app, jar, &id),
        Err(Refusal::Invalid(problems)) => {
            let alert = if problems.is_empty() {
                Alert::Refused
            } else {
                Alert::Marked
            };
            (StatusCode::UNPROCESSABLE_ENTITY, alert, problems)
        }
        Err(Refusal::Unavailable) => (
            StatusCode::SERVICE_UNAVAILABLE,
            Alert::Unavailable,
            Vec::new(),
        ),
    };
    let frame = Frame::new(language, Some(&person), PATH);
    let words = frame.words;
    let view = ProfilePage {
        contacts: Contact::all(words, &person.known_claims()),
        csrf: person.csrf,
        is_saved: false,
        alert: Some(alert.text(words)),
        fields: Input::all(words, &profile, &problems),
        frame,
    };
    page(status, &view)
}

/// Saves through the back end's own door, with the person's access token for it.
async fn save_as(app: &App, person: &SignedIn, profile: &Profile) -> Result<(), Refusal> {
    let token = match person
        .session
        .get_access_token(Some(&app.api_resource))
        .await
    {
        Ok(token) => token,
        Err(error) if error.is_signed_out() => return Err(Refusal::Unauthorized),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "access token for the back end"
            );
            return Err(Refusal::Unavailable);
        }
    };
    let person = app.back_end.authorize(&token).await?;
    app.back_end.save_profile(&person, profile).await
}

fn signed_in(app: &App, jar: &CookieJar) -> Option<(String, SignedIn)> {
    let id = id_in(jar, app.is_https)?;
    app.visits
        .signed_in(id)
        .map(|person| (id.to_owned(), person))
}

/// The identity server has ended the session: so does this app.
fn session_ended(app: &App, jar: CookieJar, id: &str) -> Response {
    match app.visits.end(id, Notice::SessionEnded) {
        Ok(id) => (with_id(jar, app.is_https, id), Redirect::to("/")).into_response(),
        Err(_) => Redirect::to("/").into_response(),
    }
}
