//! Signing in and out.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use meibo_sdk::{CallbackFault, Error, SignInOptions};
use serde::Deserialize;

use crate::app::App;
use crate::language::Language;
use crate::pages::message;
use crate::random;
use crate::visits::{id_in, with_id, without_id};

/// `GET /sign-in`: to the identity server, in the language of this app.
pub(crate) async fn start(
    State(app): State<Arc<App>>,
    language: Language,
    jar: CookieJar,
) -> Response {
    let options = SignInOptions {
        ui_locales: Some(language.tag().to_owned()),
        ..SignInOptions::default()
    };
    let sign_in = match app.client.sign_in_url_with(&options).await {
        Ok(sign_in) => sign_in,
        Err(error) => return failed(language, &error),
    };
    match app
        .visits
        .begin_sign_in(id_in(&jar, app.is_https), sign_in.session)
    {
        Ok(id) => (
            with_id(jar, app.is_https, id),
            Redirect::to(sign_in.url.as_str()),
        )
            .into_response(),
        Err(_) => failed(language, &Error::Entropy),
    }
}

/// `GET /callback`: back from the identity server.
pub(crate) async fn finish(
    State(app): State<Arc<App>>,
    language: Language,
    jar: CookieJar,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(id) = id_in(&jar, app.is_https).map(str::to_owned) else {
        return failed(language, &CallbackFault::State.into());
    };
    let Some(sign_in) = app.visits.take_sign_in(&id) else {
        // A reloaded callback of a sign-in that worked.
        return match app.visits.signed_in(&id) {
            Some(_) => Redirect::to("/profile").into_response(),
            None => failed(language, &CallbackFault::State.into()),
        };
    };
    let tokens = match app
        .client
        .handle_callback(&sign_in, &query.unwrap_or_default())
        .await
    {
        Ok(tokens) => tokens,
        Err(error) => return failed(language, &error),
    };
    match app.visits.sign_in(&id, app.client.session(tokens)) {
        Ok(id) => (with_id(jar, app.is_https, id), Redirect::to("/profile")).into_response(),
        Err(_) => failed(language, &Error::Entropy),
    }
}

#[derive(Deserialize)]
pub(crate) struct SignOutForm {
    csrf: String,
}

/// `POST /sign-out`: out of this app, then out of the identity server.
pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    language: Language,
    jar: CookieJar,
    form: Result<Form<SignOutForm>, FormRejection>,
) -> Response {
    let id = id_in(&jar, app.is_https).map(str::to_owned);
    let Some((id, person)) = id.and_then(|id| app.visits.signed_in(&id).map(|person| (id, person)))
    else {
        return Redirect::to("/").into_response();
    };
    let Ok(Form(form)) = form else {
        return message(StatusCode::BAD_REQUEST, language, |words| {
            (words.bad_form, ("/", words.to_start))
        });
    };
    if !random::is_equal(&form.csrf, &person.csrf) {
        return message(StatusCode::FORBIDDEN, language, |words| {
            (words.stale_form, ("/", words.to_start))
        });
    }
    app.visits.remove(&id);
    // Without the identity server the person is at least signed out here.
    let next = match person.session.sign_out_url().await {
        Ok(url) => Redirect::to(url.as_str()),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "sign-out at the identity server"
            );
            Redirect::to("/")
        }
    };
    (without_id(jar, app.is_https), next).into_response()
}

/// The page for a sign-in that did not work; what exactly went wrong is for the log.
fn failed(language: Language, error: &Error) -> Response {
    tracing::info!(error = error as &dyn std::error::Error, "sign-in failed");
    match error {
        Error::Callback(CallbackFault::Denied { error, .. }) if error == "access_denied" => {
            message(StatusCode::OK, language, |words| {
                (words.denied, ("/", words.to_start))
            })
        }
        error if error.is_unavailable() => {
            message(StatusCode::SERVICE_UNAVAILABLE, language, |words| {
                (words.unavailable, ("/sign-in", words.try_again))
            })
        }
        Error::Callback(_) => message(StatusCode::BAD_REQUEST, language, |words| {
            (words.sign_in_failed, ("/sign-in", words.try_again))
        }),
        _ => message(StatusCode::BAD_GATEWAY, language, |words| {
            (words.sign_in_failed, ("/sign-in", words.try_again))
        }),
    }
}
