//! Small pieces of the stub: JSON answers, forms, its clock.
#![allow(dead_code, reason = "shared by test binaries that each use a part")]

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

pub(crate) fn reply(status: u16, body: &Value) -> Response {
    let headers = [("content-type", "application/json")];
    (
        StatusCode::from_u16(status).unwrap(),
        headers,
        body.to_string(),
    )
        .into_response()
}

pub(crate) fn refuse(status: u16, error: &str) -> Response {
    let code = format!("oidc.{error}");
    reply(
        status,
        &json!({ "code": code, "message": "refused", "error": error, "error_description": "refused" }),
    )
}

pub(crate) fn merge(target: &mut Value, members: &Value) {
    target
        .as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
}

pub(crate) fn bearer(authorization: Option<&str>) -> Option<&str> {
    authorization?.strip_prefix("Bearer ")
}

pub(crate) fn form(text: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

#[allow(
    clippy::disallowed_methods,
    reason = "the stub stands for another machine with its own clock"
)]
pub(crate) fn now() -> i64 {
    i64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs(),
    )
    .unwrap()
}

/// A user with every member the contract always has.
pub(crate) fn new_user(id: &str) -> Value {
    json!({
        "id": id, "username": null, "primaryEmail": null, "primaryPhone": null, "name": null, "avatar": null,
        "customData": {}, "identities": {}, "lastSignInAt": null, "createdAt": 1, "updatedAt": 1, "profile": {},
        "applicationId": null, "isSuspended": false, "hasPassword": false,
    })
}
