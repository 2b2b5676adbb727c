//! `GET` and `PUT /api/profile`: the back end's own API, for the bearer's own profile.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::http::header::{
    AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::back_end::{Person, Refusal};
use crate::profile::Profile;

/// 200 with the profile.
pub(crate) async fn read(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let outcome = async {
        let person = authorize(&app, &headers).await?;
        app.back_end.read_profile(&person).await
    };
    match outcome.await {
        Ok(profile) => json_body(StatusCode::OK, &profile),
        Err(refusal) => refuse(refusal),
    }
}

/// Replaces the whole profile: 200 with the profile as saved.
pub(crate) async fn replace(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let person = match authorize(&app, &headers).await {
        Ok(person) => person,
        Err(refusal) => return refuse(refusal),
    };
    let body = match body {
        Ok(body) => body,
        Err(rejection) => {
            return error(
                rejection.status(),
                "bad_body",
                "The body could not be read.",
                None,
            );
        }
    };
    let profile = match serde_json::from_slice::<Profile>(&body) {
        Ok(profile) => profile.trimmed(),
        Err(problem) => {
            return error(
                StatusCode::BAD_REQUEST,
                "bad_json",
                &problem.to_string(),
                None,
            );
        }
    };
    match app.back_end.save_profile(&person, &profile).await {
        Ok(()) => json_body(StatusCode::OK, &profile),
        Err(refusal) => refuse(refusal),
    }
}

/// The bearer (RFC 6750 section 2.1).
async fn authorize(app: &App, headers: &HeaderMap) -> Result<Person, Refusal> {
    let header = headers
        .get(AUTHORIZATION)
        .and_then(|header| header.to_str().ok());
    let token = header.and_then(|header| {
        let (scheme, token) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    match token {
        Some(token) => app.back_end.authorize(token).await,
        None => Err(Refusal::Unauthorized),
    }
}

fn refuse(refusal: Refusal) -> Response {
    match refusal {
        Refusal::Unauthorized => {
            let message = "An access token of a person for this API is required.";
            let mut response = error(StatusCode::UNAUTHORIZED, "unauthorized", message, None);
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            response
        }
        Refusal::Invalid(problems) => {
            let members: Value = problems
                .iter()
                .map(|(field, problem)| (field.name(), problem.code()))
                .collect();
            error(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid_profile",
                "The profile cannot be saved.",
                Some(members),
            )
        }
        Refusal::Gone => error(
            StatusCode::NOT_FOUND,
            "no_such_account",
            "The account no longer exists.",
            None,
        ),
        Refusal::Unavailable => {
            let message = "The identity server is unavailable; nothing was changed.";
            let mut response = error(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                message,
                None,
            );
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("5"));
            response
        }
    }
}

fn error(status: StatusCode, code: &str, message: &str, members: Option<Value>) -> Response {
    let mut body = json!({ "code": code, "message": message });
    if let (Some(members), Some(body)) = (members, body.as_object_mut()) {
        body.insert("members".to_owned(), members);
    }
    json_body(status, &body)
}

fn json_body(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_string(body) {
        Ok(text) => (status, [(CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
