//! `/api/users/{userId}/sessions`

use std::{collections::BTreeMap, net::IpAddr};

use axum::extract::State;
use http::StatusCode;
use meibo_app::{
    App,
    sessions::{GrantsTarget, SessionDetails},
};
use meibo_domain::{
    Error,
    ids::{SessionId, UserId},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    extract::{Caller, Path, Query},
    respond::{Answer, Document},
};

/// A user's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionList {
    /// The one used last first.
    sessions: Vec<SessionView>,
}

/// A signed-in browser.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
pub(super) struct SessionView {
    /// The session itself.
    payload: SessionPayload,
    /// The sign-in that it comes from.
    last_submission: Submission,
    /// The application that was authorized last, of those whose grants still hold.
    #[schema(required)]
    client_id: Option<String>,
    /// The user.
    account_id: String,
    /// When it was last used, in epoch milliseconds; noted at most once a minute.
    last_used_at: i64,
    /// When it ends unless it is used before, in epoch milliseconds.
    expires_at: i64,
}

/// The session itself; its times are in epoch seconds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionPayload {
    /// Always `Session`.
    kind: &'static str,
    /// Id, which paths take; `sid` in ID tokens.
    uid: String,
    /// The user.
    account_id: String,
    /// When the person signed in.
    login_ts: i64,
    /// How (RFC 8176).
    amr: Vec<String>,
    /// When it began.
    iat: i64,
    /// When it ends unless it is used before.
    exp: i64,
    /// What applications were granted in it, by their ids: for each its newest grant.
    authorizations: BTreeMap<String, Authorized>,
}

/// What an application was granted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Authorized {
    /// Id of the session, as the application's ID tokens have it.
    sid: String,
    /// Id of the grant.
    grant_id: String,
}

/// A sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Submission {
    /// What is known of the browser.
    sign_in_context: SignInContext,
}

/// A browser, as it was at the sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SignInContext {
    /// Its network address.
    #[schema(value_type = Option<String>, required)]
    ip: Option<IpAddr>,
    /// What it called itself, at most 512 bytes.
    #[schema(required)]
    user_agent: Option<String>,
}

impl From<SessionDetails> for SessionView {
    fn from(SessionDetails { session, grants }: SessionDetails) -> Self {
        let mut authorizations = BTreeMap::new();
        for grant in &grants {
            authorizations
                .entry(grant.application_id.to_string())
                .or_insert_with(|| Authorized {
                    sid: session.id.to_string(),
                    grant_id: grant.id.to_string(),
                });
        }
        Self {
            client_id: grants.first().map(|grant| grant.application_id.to_string()),
            account_id: session.user_id.to_string(),
            last_used_at: session.last_used_at.millis(),
            expires_at: session.expires_at.millis(),
            last_submission: Submission {
                sign_in_context: SignInContext {
                    ip: session.address,
                    user_agent: session.user_agent,
                },
            },
            payload: SessionPayload {
                kind: "Session",
                uid: session.id.into(),
                account_id: session.user_id.into(),
                login_ts: session.auth_time.seconds(),
                amr: session.amr,
                iat: session.created_at.seconds(),
                exp: session.expires_at.seconds(),
                authorizations,
            },
        }
    }
}

pub(super) async fn list_user_sessions(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(user): Path<UserId>,
) -> Answer<Document<SessionList>> {
    let sessions = app.list_sessions(&actor, &user).await?;
    Ok(Document(SessionList {
        sessions: sessions.into_iter().map(SessionView::from).collect(),
    }))
}

pub(super) async fn get_user_session(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((user, session)): Path<(UserId, SessionId)>,
) -> Answer<Document<SessionView>> {
    let session = app.get_session(&actor, &user, &session).await?;
    Ok(Document(session.into()))
}

pub(super) async fn end_user_session(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((user, session)): Path<(UserId, SessionId)>,
    query: Query,
) -> Answer<StatusCode> {
    let target = match query.first("revokeGrantsTarget") {
        None => None,
        Some("all") => Some(GrantsTarget::All),
        Some("firstParty") => Some(GrantsTarget::FirstParty),
        Some(_) => {
            let message = "all or firstParty";
            return Err(Error::invalid("revokeGrantsTarget", "enum", message).into());
        }
    };
    app.end_user_session(&actor, &user, &session, target)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
