//! The language of a message to somebody who has not chosen one on a page.

use meibo_domain::{Result, recipient::Recipient};
use meibo_store::users;

use crate::App;

impl App {
    /// The language (BCP 47) of the account that has the address verified, or else the one that pages
    /// fall back to. The work is the same when there is no account.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn recipient_language(&self, to: &Recipient) -> Result<String> {
        let user = users::find(&self.db, &to.identifier()).await?;
        let experience = self.sign_in_experience().await?;
        let fallback = experience.language_info.fallback_language.as_str();
        Ok(user
            .and_then(|user| user.profile.locale)
            .unwrap_or_else(|| fallback.to_owned()))
    }
}
