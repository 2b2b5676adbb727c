//! `/api/users/{userId}/consents`

use std::collections::BTreeMap;

use axum::extract::State;
use http::StatusCode;
use meibo_app::App;
use meibo_domain::{
    consent::Consent,
    ids::{ApplicationId, UserId},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    extract::{Caller, Path},
    respond::{Answer, Document},
};

/// What a user has allowed a third-party application on the consent page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Consent)]
pub(super) struct ConsentView {
    /// The application.
    application_id: String,
    /// The scopes of OpenID Connect, space-separated.
    scope: String,
    /// The scopes of each API resource, space-separated, by its indicator.
    resources: BTreeMap<String, String>,
    /// When it was given first, in epoch milliseconds.
    created_at: i64,
    /// When it grew last, in epoch milliseconds.
    updated_at: i64,
}

impl From<Consent> for ConsentView {
    fn from(consent: Consent) -> Self {
        Self {
            application_id: consent.application_id.into(),
            scope: consent.extent.scopes.into(),
            resources: consent
                .extent
                .resources
                .into_iter()
                .map(|(indicator, scopes)| (indicator, scopes.into()))
                .collect(),
            created_at: consent.created_at.millis(),
            updated_at: consent.updated_at.millis(),
        }
    }
}

pub(super) async fn list_user_consents(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(user): Path<UserId>,
) -> Answer<Document<Vec<ConsentView>>> {
    let consents = app.list_consents(&actor, &user).await?;
    Ok(Document(
        consents.into_iter().map(ConsentView::from).collect(),
    ))
}

pub(super) async fn revoke_user_consent(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((user, application)): Path<(UserId, ApplicationId)>,
) -> Answer<StatusCode> {
    app.revoke_consent(&actor, &user, &application).await?;
    Ok(StatusCode::NO_CONTENT)
}
