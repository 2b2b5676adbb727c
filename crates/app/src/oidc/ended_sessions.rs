//! The end of sessions. Whatever ends one goes through here, so that every application that the
//! person used in it is told.

use std::sync::atomic::{AtomicU32, Ordering};

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

/// How often an end waits for a moment in which nothing is granted. Whoever keeps asking for grants
/// must not be able to keep a session alive; a notice may be missed then.
const TRIES: u32 = 4;

/// What is left of the [`TRIES`] of one end.
#[derive(Default)]
pub(crate) struct Patience(AtomicU32);

impl Patience {
    /// Is there another try that may conflict? Counts it.
    fn is_left(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) < TRIES
    }
}

impl App {
    /// Ends a session of `user`: its row, the grants that end with it, and a notice to each
    /// application. While `patience` lasts the batch conflicts when something is granted in the
    /// session meanwhile.
    pub(crate) async fn end_session_in(
        &self,
        batch: Batch,
        session: &SessionId,
        user: &UserId,
        patience: &Patience,
    ) -> Result<Batch> {
        let batch = self
            .announce_session_end(batch, session, user, patience)
            .await?;
        let batch = sessions::delete(batch, session);
        Ok(grants::delete_online_of_session(batch, session))
    }

    /// Ends every session and grant of `user`, with notices. The caller changes the user in the same
    /// batch, so nothing is granted after it; an application that was granted something for the first
    /// time while this was decided may miss its notice.
    pub(crate) async fn end_everything_in(&self, batch: Batch, user: &UserId) -> Result<Batch> {
        let found = grants::by_session_of_user(&self.db, user, self.now()).await?;
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
        patience: &Patience,
    ) -> Result<Batch> {
        let found = grants::by_application_of_session(&self.db, session).await?;
        let batch = if patience.is_left() {
            grants::keep_count_of_session(batch, session, &found)
        } else {
            batch
        };
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
