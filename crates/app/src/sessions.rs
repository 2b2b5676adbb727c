//! Sessions of people, for administrators: list, look at, end.

use meibo_domain::{
    Error, Result,
    actor::Actor,
    grant::Grant,
    ids::{SessionId, UserId},
    session::Session,
};
use meibo_store::{db::Batch, grants, sessions};
use serde_json::json;

use crate::{
    App, access::require_management, audit::Audited, oidc::ended_sessions::Patience,
    outcome::Outcome,
};

/// A session and what applications were granted in it.
#[derive(Debug, Clone)]
pub struct SessionDetails {
    /// The session.
    pub session: Session,
    /// The live grants that were made in it, newest first.
    pub grants: Vec<Grant>,
}

/// Which grants end with a session beside those that last no longer than it (without
/// `offline_access`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantsTarget {
    /// All that were made in it.
    All,
    /// Those of the business's own applications that were made in it.
    FirstParty,
}

impl App {
    /// The live sessions of a user, the one used last first.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn list_sessions(&self, actor: &Actor, user: &UserId) -> Result<Vec<SessionDetails>> {
        require_management(actor)?;
        self.load_user(user).await?;
        let now = self.now();
        let (sessions, grants) = futures_util::try_join!(
            sessions::list(&self.db, user, now),
            grants::list_of_user(&self.db, user, now)
        )?;
        Ok(sessions
            .into_iter()
            .map(|session| with_grants(session, &grants))
            .collect())
    }

    /// A live session of a user.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn get_session(
        &self,
        actor: &Actor,
        user: &UserId,
        id: &SessionId,
    ) -> Result<SessionDetails> {
        require_management(actor)?;
        let now = self.now();
        let (session, grants) = futures_util::try_join!(
            sessions::get(&self.db, user, id, now),
            grants::list_of_user(&self.db, user, now)
        )?;
        let session = session.ok_or_else(|| Error::not_found(id))?;
        Ok(with_grants(session, &grants))
    }

    /// Ends a user's session and the grants that last no longer than it, or more of them.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn end_user_session(
        &self,
        actor: &Actor,
        user: &UserId,
        id: &SessionId,
        target: Option<GrantsTarget>,
    ) -> Result<()> {
        require_management(actor)?;
        let patience = Patience::default();
        self.settle(async || {
            let now = self.now();
            sessions::get(&self.db, user, id, now)
                .await?
                .ok_or_else(|| Error::not_found(id))?;
            let batch = self
                .end_session_in(Batch::new(), id, user, &patience)
                .await?;
            let (batch, revoked) = match target {
                Some(GrantsTarget::All) => (grants::delete_of_session(batch, id), "all"),
                Some(GrantsTarget::FirstParty) => (
                    grants::delete_first_party_of_session(batch, id),
                    "firstParty",
                ),
                None => (batch, "online"),
            };
            let audited = Audited {
                action: "User.SessionEnded",
                target_type: "user",
                target_id: user.as_str(),
                detail: json!({"sessionId": id.as_str(), "grants": revoked}),
            };
            Ok(Outcome::commit(self.audit(batch, actor, now, audited), ()))
        })
        .await
    }
}

fn with_grants(session: Session, grants: &[Grant]) -> SessionDetails {
    let grants = grants
        .iter()
        .filter(|grant| grant.session_id.as_ref() == Some(&session.id))
        .cloned()
        .collect();
    SessionDetails { session, grants }
}
