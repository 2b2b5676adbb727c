//! `/api/applications/{id}/secrets`

use axum::extract::State;
use http::StatusCode;
use meibo_app::{App, application_secrets::SecretValue};
use meibo_domain::{ids::ApplicationId, time::Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TENANT_ID;
use crate::{
    extract::{Caller, JsonBody, Path},
    respond::{Answer, Json},
};

/// A secret of an application.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApplicationSecret)]
pub(super) struct SecretView {
    /// Always `default`.
    tenant_id: &'static str,
    /// Whose secret.
    application_id: String,
    /// Name, unique in the application.
    name: String,
    /// The secret.
    value: String,
    /// When it was made, in epoch milliseconds.
    created_at: i64,
    /// When it stops to hold, in epoch milliseconds.
    #[schema(required)]
    expires_at: Option<i64>,
}

/// A new secret.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateSecret {
    /// Name, 1 to 256 characters.
    name: String,
    /// When it stops to hold, in epoch milliseconds; never when it is left out.
    expires_at: Option<i64>,
}

/// Another name for a secret.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct RenameSecret {
    /// Name, 1 to 256 characters.
    name: String,
}

impl From<SecretValue> for SecretView {
    fn from(secret: SecretValue) -> Self {
        Self {
            tenant_id: TENANT_ID,
            application_id: secret.application_id.into(),
            name: secret.name,
            value: secret.value,
            created_at: secret.created_at.millis(),
            expires_at: secret.expires_at.map(Timestamp::millis),
        }
    }
}

pub(super) async fn list_application_secrets(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApplicationId>,
) -> Answer<Json<Vec<SecretView>>> {
    let secrets = app.list_secrets(&actor, &id).await?;
    Ok(Json(secrets.into_iter().map(SecretView::from).collect()))
}

pub(super) async fn create_application_secret(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApplicationId>,
    JsonBody(body): JsonBody<CreateSecret>,
) -> Answer<(StatusCode, Json<SecretView>)> {
    let expires_at = body.expires_at.map(Timestamp);
    let secret = app
        .create_secret(&actor, &id, body.name, expires_at)
        .await?;
    Ok((StatusCode::CREATED, Json(secret.into())))
}

pub(super) async fn rename_application_secret(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, name)): Path<(ApplicationId, String)>,
    JsonBody(body): JsonBody<RenameSecret>,
) -> Answer<Json<SecretView>> {
    Ok(Json(
        app.rename_secret(&actor, &id, &name, body.name)
            .await?
            .into(),
    ))
}

pub(super) async fn delete_application_secret(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, name)): Path<(ApplicationId, String)>,
) -> Answer<StatusCode> {
    app.delete_secret(&actor, &id, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
