//! The profile page: a form filled from both models, saved through the back end.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;

use crate::app::App;
use crate::back_end::{Person, Refusal, Verified};
use crate::channel::Channel;
use crate::language::Language;
use crate::pages::message;
use crate::profile::Profile;
use crate::profile_form::ProfileForm;
use crate::profile_post::{
    again, ask_register, authorize, check_code, enter, marked, open, session_ended, visitor,
};
use crate::profile_view::{Alert, CodeOutcome, PATH, Shown, Visitor, show as show_page};
use crate::proofs::Standing;
use crate::source::Source;
use crate::visits::Notice;

/// `GET /profile`, with `?source=` for one of [`Source`].
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    language: Language,
    jar: CookieJar,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(visitor) = visitor(&app, &jar, language) else {
        return Redirect::to("/").into_response();
    };
    let source = Source::from_query(query.as_deref());
    let identity = match read_identity(&app, &visitor, source).await {
        Ok(identity) => identity,
        Err(Refusal::Unauthorized | Refusal::Gone) => return session_ended(&app, jar, &visitor.id),
        Err(_) => {
            return message(StatusCode::SERVICE_UNAVAILABLE, language, |words| {
                (words.unavailable, (PATH, words.try_again))
            });
        }
    };
    let known = match visitor.person.session.get_id_token_claims() {
        Ok(claims) => {
            let person = Person::from_id_token(&claims);
            app.back_end.combine(&person, identity).await
        }
        Err(_) => Err(Refusal::Unauthorized),
    };
    match known {
        Ok(known) => show_page(
            &app,
            &visitor,
            &Shown {
                version: known.version(),
                profile: known.profile,
                business: Some(known.business),
                source,
                is_saved: app.visits.take_notice(&visitor.id) == Some(Notice::Saved),
                ..Shown::default()
            },
        ),
        Err(Refusal::Unauthorized) => session_ended(&app, jar, &visitor.id),
        Err(_) => message(StatusCode::SERVICE_UNAVAILABLE, language, |words| {
            (words.own_unavailable, (PATH, words.try_again))
        }),
    }
}

/// The identity server's model, from where the page was asked to read it, of a visit that goes on.
async fn read_identity(app: &App, visitor: &Visitor, source: Source) -> Result<Profile, Refusal> {
    let claims = ask_register(visitor).await?;
    match source {
        Source::Userinfo => Ok(Profile::from(&claims)),
        Source::IdToken => Ok(Profile::from(&visitor.person.known_claims())),
        Source::Management => {
            let person = enter(app, visitor).await?;
            app.back_end.read(&person).await.map(|known| known.profile)
        }
    }
}

/// `POST /profile`: 303 to the page when saved, else the page again with what was typed.
pub(crate) async fn save(
    State(app): State<Arc<App>>,
    language: Language,
    jar: CookieJar,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let (visitor, form) = match open(&app, &jar, language, &body) {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let person = match authorize(&app, &visitor).await {
        Ok(person) => person,
        Err(Refusal::Unauthorized) => return session_ended(&app, jar, &visitor.id),
        Err(_) => return again(&app, &visitor, form, None, Some(Alert::Unavailable), None).await,
    };
    if !form.number_problems.is_empty() {
        let problems = form.submission.profile.problems();
        return marked(&app, &visitor, form, &person, &problems).await;
    }
    // A code that was typed and not checked yet is checked now.
    for channel in Channel::ALL {
        let address = form.submission.profile.get(channel.field());
        let standing = app.visits.standing(&visitor.id, channel, address);
        if standing == Standing::CodeSent && !form.code(channel).is_empty() {
            let outcome = check_code(&app, &visitor, channel, &form).await;
            if let CodeOutcome::Problem(..) = outcome {
                return again(
                    &app,
                    &visitor,
                    form,
                    Some(&person),
                    Some(Alert::Marked),
                    Some(outcome),
                )
                .await;
            }
        }
    }
    let verified = verified(&app, &visitor, &form);
    let outcome = app
        .back_end
        .save(&person, &form.submission, &verified)
        .await;
    let alert = match outcome {
        Ok(()) => {
            app.visits.forget_proofs(&visitor.id);
            // So that the ID token tells what was saved; when it fails, it tells it an hour later.
            let _ = visitor.person.session.refresh().await;
            app.visits.notify(&visitor.id, Notice::Saved);
            return Redirect::to(PATH).into_response();
        }
        Err(Refusal::Unauthorized | Refusal::Gone) => {
            return session_ended(&app, jar, &visitor.id);
        }
        Err(Refusal::Invalid(problems)) if problems.is_empty() => Alert::Refused,
        Err(Refusal::Invalid(problems)) => {
            return marked(&app, &visitor, form, &person, &problems).await;
        }
        Err(Refusal::Changed(known)) => {
            let shown = Shown {
                version: known.version(),
                stored: Some(&known.profile),
                business: Some(known.business.clone()),
                profile: form.submission.profile,
                alert: Some(Alert::Changed),
                ..Shown::default()
            };
            return show_page(&app, &visitor, &shown);
        }
        Err(Refusal::Unavailable) => Alert::Unavailable,
        Err(Refusal::OwnUnavailable) => Alert::OwnUnavailable,
        Err(Refusal::Uncertain) => Alert::Uncertain,
        Err(Refusal::HalfSaved) => Alert::HalfSaved,
    };
    again(&app, &visitor, form, Some(&person), Some(alert), None).await
}

/// The addresses in the form that this visit has shown to be the person's.
fn verified(app: &App, visitor: &Visitor, form: &ProfileForm) -> Verified {
    let address = |channel: Channel| form.submission.profile.get(channel.field());
    Channel::ALL
        .into_iter()
        .filter(|channel| {
            let standing = app
                .visits
                .standing(&visitor.id, *channel, address(*channel));
            standing == Standing::Verified
        })
        .map(|channel| (channel, address(channel).to_owned()))
        .collect()
}
