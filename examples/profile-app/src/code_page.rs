//! `POST /profile/{channel}/code` and `/verify`: the buttons beside a new address. Each posts the
//! whole form, so that nothing typed elsewhere is lost, and saves nothing.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, State};
use axum::response::Response;
use axum_extra::extract::CookieJar;

use crate::app::App;
use crate::back_end::{CodeRefusal, Person, Refusal};
use crate::channel::Channel;
use crate::code_problem::CodeProblem;
use crate::home;
use crate::language::Language;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::profile_form::ProfileForm;
use crate::profile_post::{again, authorize, check_code, marked, open, session_ended};
use crate::profile_view::{Alert, CodeOutcome, Visitor};
use crate::proofs::Standing;

/// Sends a code to the address in the form.
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    channel: Result<Path<Channel>, PathRejection>,
    language: Language,
    jar: CookieJar,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(Path(channel)) = channel else {
        return home::not_found(language).await;
    };
    let (visitor, form) = match open(&app, &jar, language, &body) {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let person = match authorize(&app, &visitor).await {
        Ok(person) => person,
        Err(refusal) => return not_authorized(&app, jar, &visitor, form, &refusal).await,
    };
    let field = channel.field();
    let profile = &form.submission.profile;
    let empty = match channel {
        Channel::Email => Problem::NotEmail,
        Channel::Phone => Problem::NotPhone,
    };
    let problem = match profile.get(field) {
        "" => Some(empty),
        _ => profile.problem(field),
    };
    if let Some(problem) = problem {
        return marked(&app, &visitor, form, &person, &[(field, problem)]).await;
    }
    let sent = send_code(&app, &visitor, &person, channel, profile).await;
    match sent {
        Ok(outcome) => again(&app, &visitor, form, Some(&person), None, Some(outcome)).await,
        Err(problem) => marked(&app, &visitor, form, &person, &[(field, problem)]).await,
    }
}

/// Compares the code in the form.
pub(crate) async fn verify(
    State(app): State<Arc<App>>,
    channel: Result<Path<Channel>, PathRejection>,
    language: Language,
    jar: CookieJar,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(Path(channel)) = channel else {
        return home::not_found(language).await;
    };
    let (visitor, form) = match open(&app, &jar, language, &body) {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let person = match authorize(&app, &visitor).await {
        Ok(person) => person,
        Err(refusal) => return not_authorized(&app, jar, &visitor, form, &refusal).await,
    };
    let outcome = check_code(&app, &visitor, channel, &form).await;
    again(&app, &visitor, form, Some(&person), None, Some(outcome)).await
}

async fn send_code(
    app: &App,
    visitor: &Visitor,
    person: &Person,
    channel: Channel,
    profile: &Profile,
) -> Result<CodeOutcome, Problem> {
    let address = profile.get(channel.field());
    let known = Profile::from(&visitor.person.known_claims());
    if known.get(channel.field()) == address {
        return Ok(CodeOutcome::Problem(channel, CodeProblem::Same));
    }
    if app.visits.standing(&visitor.id, channel, address) == Standing::Verified {
        return Ok(CodeOutcome::Right);
    }
    let now = app.visits.now();
    let sent = app.back_end.send_code(person, channel, address, now).await;
    let problem = match sent {
        Ok(()) => {
            app.visits
                .put_standing(&visitor.id, channel, address, Standing::CodeSent);
            return Ok(CodeOutcome::Sent(channel));
        }
        Err(CodeRefusal::Fault(fault)) => fault.into(),
        Err(CodeRefusal::NotAddress) => {
            return Err(match channel {
                Channel::Email => Problem::NotEmail,
                Channel::Phone => Problem::NotPhone,
            });
        }
        Err(CodeRefusal::Unavailable) => CodeProblem::Unavailable,
    };
    Ok(CodeOutcome::Problem(channel, problem))
}

async fn not_authorized(
    app: &App,
    jar: CookieJar,
    visitor: &Visitor,
    form: ProfileForm,
    refusal: &Refusal,
) -> Response {
    match refusal {
        Refusal::Unauthorized => session_ended(app, jar, &visitor.id),
        _ => again(app, visitor, form, None, Some(Alert::Unavailable), None).await,
    }
}
