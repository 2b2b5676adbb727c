//! `GET` and `PUT /api/profile`: the back end's own API, for the bearer's own profile.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::http::header::{
    AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::response::{IntoResponse, Response};
use meibo_sdk::Change;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::back_end::{Person, Refusal, Verified};
use crate::field::Field;
use crate::known::Known;
use crate::language::Language;
use crate::number::Number;
use crate::profile::{Profile, Submission};

/// 200 with the profile of both models.
pub(crate) async fn read(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let outcome = async {
        let person = authorize(&app, &headers).await?;
        app.back_end.read(&person).await
    };
    match outcome.await {
        Ok(known) => json_body(StatusCode::OK, &view(&known)),
        Err(refusal) => refuse(refusal),
    }
}

/// Replaces the whole profile: 200 with the profile as saved. A changed email or phone is refused,
/// since a new one is verified on the page.
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
    let submission = match serde_json::from_slice::<Map<_, _>>(&body).map(|body| submission(&body))
    {
        Ok(Ok(submission)) => submission,
        Ok(Err(answer)) => return *answer,
        Err(problem) => {
            return error(
                StatusCode::BAD_REQUEST,
                "bad_json",
                &problem.to_string(),
                None,
            );
        }
    };
    let outcome = async {
        app.back_end
            .save(&person, &submission, &Verified::new())
            .await?;
        app.back_end.read(&person).await
    };
    match outcome.await {
        Ok(known) => json_body(StatusCode::OK, &view(&known)),
        Err(refusal) => refuse(refusal),
    }
}

/// Every member of [`Field`] as a text; of each number the last four characters or null.
fn view(known: &Known) -> Value {
    let texts = Field::all().map(|field| (field.name(), Value::from(known.profile.get(field))));
    let numbers = Number::ALL.into_iter().map(|number| {
        (
            number.last_four_name(),
            Value::from(known.business.last_four(number)),
        )
    });
    let version = [("version", Value::from(known.version()))];
    texts.chain(numbers).chain(version).collect()
}

/// Every member of [`Field`] must be there. A number that is left out or null is kept, an empty one
/// removed. `version`, when it is there, must still be that of the profile.
fn submission(body: &Map<String, Value>) -> Result<Submission, Box<Response>> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut missing = None;
    let profile = Profile::read(|name| {
        let value = text(name);
        if value.is_none() {
            missing = Some(name);
        }
        value
    });
    let Some(profile) = profile else {
        let message = format!(
            "The member `{}` must be a text.",
            missing.unwrap_or_default()
        );
        return Err(Box::new(error(
            StatusCode::BAD_REQUEST,
            "bad_json",
            &message,
            None,
        )));
    };
    let mut numbers = BTreeMap::new();
    let mut problems = Map::new();
    for number in Number::ALL {
        let change = match text(number.name()) {
            None => Ok(Change::Keep),
            Some(empty) if empty.is_empty() => Ok(Change::Clear),
            Some(typed) => number.parse(&typed).map(Change::Set),
        };
        match change {
            Ok(change) => {
                numbers.insert(number, change);
            }
            Err(problem) => {
                problems.insert(number.name().to_owned(), problem.code().into());
            }
        }
    }
    if !problems.is_empty() {
        return Err(Box::new(invalid(problems.into())));
    }
    Ok(Submission {
        profile: profile.normalised(Language::English),
        numbers,
        version: text("version"),
    })
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
        Refusal::Invalid(problems) => invalid(
            problems
                .iter()
                .map(|(field, problem)| (field.name(), problem.code()))
                .collect(),
        ),
        Refusal::Changed(known) => error(
            StatusCode::CONFLICT,
            "changed_meanwhile",
            "The profile is not the one of `version` any more; nothing was changed.",
            Some(("profile", view(&known))),
        ),
        Refusal::Gone => error(
            StatusCode::NOT_FOUND,
            "no_such_account",
            "The account no longer exists.",
            None,
        ),
        Refusal::Unavailable => later(
            "unavailable",
            "The identity server is unavailable; nothing was changed.",
        ),
        Refusal::OwnUnavailable => later(
            "own_database_failed",
            "The app's own database failed; nothing was changed.",
        ),
        Refusal::Uncertain => later(
            "uncertain",
            "The identity server did not answer: its members may be saved or not, the app's own are not. \
             The same request can be sent again.",
        ),
        Refusal::HalfSaved => later(
            "half_saved",
            "The identity server's members are saved, the app's own are not. The same request can be sent again.",
        ),
    }
}

fn invalid(members: Value) -> Response {
    error(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_profile",
        "The profile cannot be saved.",
        Some(("members", members)),
    )
}

fn later(code: &str, message: &str) -> Response {
    let mut response = error(StatusCode::SERVICE_UNAVAILABLE, code, message, None);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

fn error(status: StatusCode, code: &str, message: &str, more: Option<(&str, Value)>) -> Response {
    let mut body = json!({ "code": code, "message": message });
    if let (Some((name, value)), Some(body)) = (more, body.as_object_mut()) {
        body.insert(name.to_owned(), value);
    }
    json_body(status, &body)
}

fn json_body(status: StatusCode, body: &Value) -> Response {
    let headers = [(CONTENT_TYPE, "application/json")];
    (status, headers, body.to_string()).into_response()
}
