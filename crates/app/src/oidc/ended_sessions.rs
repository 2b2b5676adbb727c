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
/// must not be able to keep a session alive; a notice may be missed then. Each of these tries is one
/// of `App::settle`, which takes many more: those that remain are for conflicts of any other kind.
const TRIES: u32 = 4;

/// What is left of the [`TRIES`] of one end. It is made once, outside what `App::settle` repeats.
#[derive(Default)]
pub(crate) struct Patience(AtomicU32);

impl Patience {
    /// Takes one of the tries that may conflict; none is left when it gives `false`.
    fn take_try(&self) -> bool {
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

    /// Ends a session of `user` in whose browser another person signs in: what was granted in it until
    /// now, with a notice to each application. Its row is the caller's to take (`sessions::take`) in
    /// the same batch. `patience` as for [`App::end_session_in`].
    pub(crate) async fn end_replaced_session_in(
        &self,
        batch: Batch,
        session: &SessionId,
        user: &UserId,
        patience: &Patience,
    ) -> Result<Batch> {
        let batch = self
            .announce_session_end(batch, session, user, patience)
            .await?;
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

    /// Only the notices of a session's end.
    async fn announce_session_end(
        &self,
        batch: Batch,
        session: &SessionId,
        user: &UserId,
        patience: &Patience,
    ) -> Result<Batch> {
        let found = grants::by_application_of_session(&self.db, session).await?;
        let batch = if patience.take_try() {
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
