//! `/api/verification-codes`, and `/api/verification-code` as some callers spell it

use axum::extract::State;
use http::StatusCode;
use meibo_app::App;
use meibo_domain::recipient::Recipient;
use serde::Deserialize;
use utoipa::ToSchema;

pub(super) use self::{
    request_verification_code as request_code, verify_verification_code as verify_code,
};
use crate::{
    extract::{Caller, JsonBody},
    respond::Answer,
};

/// Who gets a code: an email address or a phone number, not both.
#[derive(Deserialize, ToSchema)]
pub(super) struct RequestVerificationCode {
    /// Email address.
    email: Option<String>,
    /// Phone number: digits with the country code, such as `819012345678`.
    phone: Option<String>,
}

/// A code, and who was sent it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerifyVerificationCode {
    /// Email address.
    email: Option<String>,
    /// Phone number: digits with the country code, such as `819012345678`.
    phone: Option<String>,
    /// The six digits.
    verification_code: String,
}

pub(super) async fn request_verification_code(
    State(app): State<App>,
    Caller(actor): Caller,
    JsonBody(body): JsonBody<RequestVerificationCode>,
) -> Answer<StatusCode> {
    let to = Recipient::one_of(body.email.as_deref(), body.phone.as_deref())?;
    app.send_verification_code(&actor, &to).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn verify_verification_code(
    State(app): State<App>,
    Caller(actor): Caller,
    JsonBody(body): JsonBody<VerifyVerificationCode>,
) -> Answer<StatusCode> {
    let to = Recipient::one_of(body.email.as_deref(), body.phone.as_deref())?;
    app.verify_verification_code(&actor, &to, &body.verification_code)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
