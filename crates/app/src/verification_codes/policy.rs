//! What holds for every code: how long it lives, and how often it may be tried.

use meibo_domain::{Result, verification_code::VerificationCodePolicy};

use crate::App;

impl App {
    /// How long codes live, and how often one may be tried: a part of the sign-in experience.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn verification_code_policy(&self) -> Result<VerificationCodePolicy> {
        let experience = self.sign_in_experience().await?;
        Ok(experience.verification_code_policy.limits())
    }
}
