//! Counting wrong codes for a recipient, over all of its codes.

use meibo_domain::{
    Error, ErrorCode, Result,
    code_guesses::CodeGuesses,
    counter::check_bounds,
    recipient::Recipient,
    user::{Identifier, User},
};
use meibo_store::{counters, db::Batch};

use super::PresentedCode;
use crate::App;

impl App {
    /// Counts a code that was looked at. A right one is not counted as a guess, ends the count of its
    /// network and makes the network known; the bounds are guarded all the same, so that of guesses at
    /// once a right one is no more than another.
    ///
    /// # Errors
    /// `session.verification_blocked_too_many_attempts`, with the seconds to wait.
    pub(super) async fn count_guess_in(
        &self,
        batch: Batch,
        presented: &PresentedCode<'_>,
        is_right: bool,
    ) -> Result<Batch> {
        let guesses = CodeGuesses::of(&self.recipient_hash(presented.to), presented.from);
        let now = self.now();
        let counts = counters::list(&self.db, &guesses.keys()).await?;
        let bounds = guesses.bounds(&counts, now);
        check_bounds(&bounds, &counts, now)
            .map_err(|seconds| Error::new(ErrorCode::TooManyAttempts).retry_after(seconds))?;
        let mut batch = counters::count(batch, &bounds, now);
        if !is_right {
            return Ok(batch);
        }
        for bound in &bounds {
            batch = counters::take_back(batch, &bound.key);
        }
        if let Some(key) = guesses.forgiven() {
            batch = counters::clear(batch, key);
        }
        let proofs: Vec<_> = guesses.proofs().cloned().into_iter().collect();
        Ok(counters::count(batch, &proofs, now))
    }

    /// Lets codes be tried again for the addresses of a person, from networks that are new to the
    /// person too.
    pub(crate) fn forget_guesses_in(&self, batch: Batch, user: &User) -> Batch {
        user.identifiers().fold(batch, |batch, identifier| {
            let recipient = match identifier {
                Identifier::Email(email) => Recipient::Email(email),
                Identifier::Phone(phone) => Recipient::Phone(phone),
                Identifier::Username(_) => return batch,
            };
            CodeGuesses::of_recipient(&self.recipient_hash(&recipient))
                .iter()
                .fold(batch, |batch, key| counters::clear(batch, key))
        })
    }
}
