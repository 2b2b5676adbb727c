//! What every request around the profile form shares: who it is, the form, and the page again with
//! what was typed.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use meibo_sdk::UserClaims;

use crate::app::App;
use crate::back_end::{CodeRefusal, Person, Refusal};
use crate::channel::Channel;
use crate::code_problem::CodeProblem;
use crate::field::Field;
use crate::language::Language;
use crate::pages::message;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::profile_form::ProfileForm;
use crate::profile_view::{Alert, CodeOutcome, PATH, Shown, Visitor, show as show_page};
use crate::proofs::Standing;
use crate::random;
use crate::visits::{Notice, id_in, with_id};

/// The browser, when somebody is signed in there.
pub(crate) fn visitor(app: &App, jar: &CookieJar, language: Language) -> Option<Visitor> {
    let id = id_in(jar, app.is_https)?;
    let person = app.visits.signed_in(id)?;
    Some(Visitor {
        id: id.to_owned(),
        person,
        language,
    })
}

/// The visitor and the form, or the answer to one that cannot be taken.
#[allow(
    clippy::result_large_err,
    reason = "the error is the answer, made once a request"
)]
pub(crate) fn open(
    app: &App,
    jar: &CookieJar,
    language: Language,
    body: &Result<Bytes, BytesRejection>,
) -> Result<(Visitor, ProfileForm), Response> {
    let Some(visitor) = visitor(app, jar, language) else {
        return Err(Redirect::to("/").into_response());
    };
    let Some(form) = ProfileForm::read(body, language) else {
        return Err(message(StatusCode::BAD_REQUEST, language, |words| {
            (words.bad_form, (PATH, words.try_again))
        }));
    };
    if !random::is_equal(&form.csrf, &visitor.person.csrf) {
        return Err(message(StatusCode::FORBIDDEN, language, |words| {
            (words.stale_form, (PATH, words.try_again))
        }));
    }
    Ok((visitor, form))
}

/// What the identity server says of the person now. It is asked before anything of the person is
/// shown or changed: the tokens that this app keeps say nothing of access that has ended since.
pub(crate) async fn ask_register(visitor: &Visitor) -> Result<UserClaims, Refusal> {
    match visitor.person.session.fetch_user_info().await {
        Ok(claims) => Ok(claims),
        Err(error) if error.is_signed_out() => Err(Refusal::Unauthorized),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "userinfo");
            Err(Refusal::Unavailable)
        }
    }
}

/// The person of a visit that goes on, through the back end's own door.
pub(crate) async fn authorize(app: &App, visitor: &Visitor) -> Result<Person, Refusal> {
    ask_register(visitor).await?;
    enter(app, visitor).await
}

/// Through the back end's own door, with the person's access token for it.
pub(crate) async fn enter(app: &App, visitor: &Visitor) -> Result<Person, Refusal> {
    let session = &visitor.person.session;
    match session.get_access_token(Some(&app.api_resource)).await {
        Ok(token) => app.back_end.authorize(&token).await,
        Err(error) if error.is_signed_out() => Err(Refusal::Unauthorized),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "access token for the back end"
            );
            Err(Refusal::Unavailable)
        }
    }
}

/// The identity server has ended the session: so does this app.
pub(crate) fn session_ended(app: &App, jar: CookieJar, id: &str) -> Response {
    match app.visits.end(id, Notice::SessionEnded) {
        Ok(id) => (with_id(jar, app.is_https, id), Redirect::to("/")).into_response(),
        Err(_) => Redirect::to("/").into_response(),
    }
}

/// The page with what was typed. Numbers have to be typed again.
pub(crate) async fn again(
    app: &App,
    visitor: &Visitor,
    form: ProfileForm,
    person: Option<&Person>,
    alert: Option<Alert>,
    code: Option<CodeOutcome>,
) -> Response {
    let shown = Shown {
        alert,
        code,
        ..typed(app, form, person).await
    };
    show_page(app, visitor, &shown)
}

/// The page with what was typed and what is wrong in it.
pub(crate) async fn marked(
    app: &App,
    visitor: &Visitor,
    form: ProfileForm,
    person: &Person,
    problems: &[(Field, Problem)],
) -> Response {
    let number_problems = form.number_problems.clone();
    let shown = Shown {
        alert: Some(Alert::Marked),
        problems,
        number_problems: &number_problems,
        ..typed(app, form, Some(person)).await
    };
    show_page(app, visitor, &shown)
}

/// What was typed, beside what the app's own database has.
async fn typed<'a>(app: &App, form: ProfileForm, person: Option<&Person>) -> Shown<'a> {
    let known = match person {
        Some(person) => app.back_end.combine(person, Profile::default()).await.ok(),
        None => None,
    };
    Shown {
        profile: form.submission.profile,
        version: form.submission.version.unwrap_or_default(),
        business: known.map(|known| known.business),
        ..Shown::default()
    }
}

/// Compares the code in the form with the one that was sent to the address in the form.
pub(crate) async fn check_code(
    app: &App,
    visitor: &Visitor,
    channel: Channel,
    form: &ProfileForm,
) -> CodeOutcome {
    let address = form.submission.profile.get(channel.field());
    let problem = match app.visits.standing(&visitor.id, channel, address) {
        Standing::Verified => return CodeOutcome::Right,
        // Codes that other browsers asked for are not guessed at through this one.
        Standing::Unknown => CodeProblem::NoCode,
        Standing::CodeSent if form.code(channel).is_empty() => CodeProblem::Empty,
        Standing::CodeSent => {
            let code = form.code(channel);
            match app.back_end.check_code(channel, address, code).await {
                Ok(()) => {
                    app.visits
                        .put_standing(&visitor.id, channel, address, Standing::Verified);
                    return CodeOutcome::Right;
                }
                Err(CodeRefusal::Fault(fault)) => fault.into(),
                Err(CodeRefusal::NotAddress) => CodeProblem::Wrong,
                Err(CodeRefusal::Unavailable) => CodeProblem::Unavailable,
            }
        }
    };
    CodeOutcome::Problem(channel, problem)
}
