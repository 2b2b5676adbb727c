//! The end of sessions. Whatever ends one goes through here, so that every application that the
//! person used in it is told.

use meibo_domain::{
    Result,
    ids::{SessionId, UserId},
};
use meibo_store::{
    db::Batch,
    grants::{self, SessionGrants},
    sessions,
};

use crate::App;

impl App {
    /// Ends a session of `user`: its row, the grants that end with it, and a notice to each
    /// application. The batch conflicts when something is granted in the session meanwhile.
    pub(crate) async fn end_session_in(
        &self,
        batch: Batch,
        session: &SessionId,
        user: &UserId,
    ) -> Result<Batch> {
        let batch = self.announce_session_end(batch, session, user).await?;
        let batch = sessions::delete(batch, session);
        Ok(grants::delete_online_of_session(batch, session))
    }

    /// Ends every session and grant of `user`, with notices. The batch conflicts when something is
    /// granted meanwhile.
    pub(crate) async fn end_everything_in(&self, batch: Batch, user: &UserId) -> Result<Batch> {
        let found = grants::by_session_of_user(&self.db, user, self.now()).await?;
        let batch = grants::keep_count_of_user(batch, user, &found);
        let batch = self.announce(batch, user, &found).await?;
        Ok(grants::delete_of_user(
            sessions::delete_of_user(batch, user),
            user,
        ))
    }

    /// Only the notices of a session's end, for one that is replaced by another person's.
    pub(crate) async fn announce_session_end(
        &self,
        batch: Batch,
        session: &SessionId,
        user: &UserId,
    ) -> Result<Batch> {
        let found = grants::by_application_of_session(&self.db, session).await?;
        let batch = grants::keep_count_of_session(batch, session, &found);
        self.announce(batch, user, &found).await
    }

    /// Only the notices of the end of all sessions, for a user who is deleted with everything: what
    /// is granted meanwhile is worth nothing a moment later.
    pub(crate) async fn announce_deletion(&self, batch: Batch, user: &UserId) -> Result<Batch> {
        let found = grants::by_session_of_user(&self.db, user, self.now()).await?;
        self.announce(batch, user, &found).await
    }

    async fn announce(
        &self,
        mut batch: Batch,
        user: &UserId,
        found: &[SessionGrants],
    ) -> Result<Batch> {
        for grants in found {
            if let Some(session) = &grants.live_session {
                batch = self
                    .announce_to(batch, &grants.application_id, session, user)
                    .await?;
            }
        }
        Ok(batch)
    }
}
