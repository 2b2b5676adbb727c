//! Hashing and checking passwords, off the async threads.

use meibo_crypto::password::{HashError, Verification};
use meibo_domain::{
    Error, ErrorCode, Result,
    password::{MAX_CHECKED_BYTES, normalise_password},
    user::User,
};

use crate::App;

impl App {
    pub(crate) async fn hash_password(&self, password: &str) -> Result<String> {
        self.hasher
            .hash(&normalise_password(password))
            .await
            .map_err(refuse)
    }

    /// Is `password` the user's? Without a user, or one without a password, it costs the same and
    /// does not match.
    pub(crate) async fn check_password(
        &self,
        password: &str,
        user: Option<&User>,
    ) -> Result<Verification> {
        let stored = user
            .and_then(|user| user.password.as_ref())
            .map(|password| password.digest.as_str());
        let is_sane = password.len() <= MAX_CHECKED_BYTES;
        let password = if is_sane {
            normalise_password(password)
        } else {
            String::new()
        };
        let verification = self
            .hasher
            .verify(&password, stored.filter(|_| is_sane))
            .await
            .map_err(refuse)?;
        if let (Verification::Unusable, Some(user)) = (verification, user) {
            tracing::error!(user_id = %user.id, "the stored password digest cannot be read");
        }
        Ok(verification)
    }
}

fn refuse(error: HashError) -> Error {
    match error {
        HashError::Overloaded => Error::new(ErrorCode::Overloaded)
            .retry_after(2)
            .caused_by(error),
        HashError::OutOfMemory | HashError::Aborted => Error::new(ErrorCode::Unavailable)
            .retry_after(2)
            .caused_by(error),
    }
}
