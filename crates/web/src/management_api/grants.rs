//! `/api/users/{userId}/grants`

use std::collections::BTreeMap;

use axum::extract::State;
use http::StatusCode;
use meibo_app::{App, grants::GrantDetails};
use meibo_domain::{
    Error,
    ids::{GrantId, UserId},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    extract::{Caller, Path, Query},
    respond::{Answer, Document},
};

/// What a user has granted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GrantList {
    /// Newest first.
    grants: Vec<GrantView>,
}

/// What a user has granted an application.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Grant)]
pub(super) struct GrantView {
    /// Id.
    id: String,
    /// The grant itself.
    payload: GrantPayload,
    /// When it ends, in epoch milliseconds.
    expires_at: i64,
}

/// The grant itself; its times are in epoch seconds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GrantPayload {
    /// Always `Grant`.
    kind: &'static str,
    /// Id.
    jti: String,
    /// The user.
    account_id: String,
    /// The application.
    client_id: String,
    /// The session in which it was made; none when it was made without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_uid: Option<String>,
    /// When it was made.
    iat: i64,
    /// When it ends.
    exp: i64,
    /// The scopes of OpenID Connect.
    openid: GrantedScope,
    /// The scopes of each API resource, space-separated, by its indicator.
    resources: BTreeMap<String, String>,
}

/// Scopes.
#[derive(Debug, Serialize, ToSchema)]
struct GrantedScope {
    /// Space-separated.
    scope: String,
}

impl From<GrantDetails> for GrantView {
    fn from(GrantDetails { grant, extent }: GrantDetails) -> Self {
        Self {
            id: grant.id.to_string(),
            expires_at: grant.expires_at.millis(),
            payload: GrantPayload {
                kind: "Grant",
                jti: grant.id.into(),
                account_id: grant.user_id.into(),
                client_id: grant.application_id.into(),
                session_uid: grant.session_id.map(String::from),
                iat: grant.created_at.seconds(),
                exp: grant.expires_at.seconds(),
                openid: GrantedScope {
                    scope: extent.scopes.into(),
                },
                resources: extent
                    .resources
                    .into_iter()
                    .map(|(indicator, scopes)| (indicator, scopes.into()))
                    .collect(),
            },
        }
    }
}

pub(super) async fn list_user_grants(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(user): Path<UserId>,
    query: Query,
) -> Answer<Document<GrantList>> {
    let is_third_party = match query.first("appType") {
        None => None,
        Some("firstParty") => Some(false),
        Some("thirdParty") => Some(true),
        Some(_) => {
            return Err(Error::invalid("appType", "enum", "firstParty or thirdParty").into());
        }
    };
    let grants = app.list_grants(&actor, &user, is_third_party).await?;
    Ok(Document(GrantList {
        grants: grants.into_iter().map(GrantView::from).collect(),
    }))
}

pub(super) async fn revoke_user_grant(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((user, grant)): Path<(UserId, GrantId)>,
) -> Answer<StatusCode> {
    app.revoke_grant(&actor, &user, &grant).await?;
    Ok(StatusCode::NO_CONTENT)
}
