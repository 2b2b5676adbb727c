//! The settings of the sign-in experience: one row, cached as configuration.

use std::sync::Arc;

use meibo_domain::{
    Error, Result,
    actor::Actor,
    ids::UserId,
    password::PasswordPolicy,
    recipient::Channel,
    sign_in_experience::{ForgotPasswordMethod, SignInExperience, SignInExperiencePatch},
    user::User,
};
use meibo_store::{db::Batch, settings};
use serde_json::{Value, json};

use crate::{App, access::require_management, audit::Audited, cache::Cache, outcome::Outcome};

/// The row's key.
const KEY: &str = "sign_in_experience";

pub(crate) type SignInExperienceCache = Cache<(), SignInExperience>;

/// Ways to set a forgotten password anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForgotPasswordWays {
    /// With a code by email.
    pub email: bool,
    /// With a code by text message.
    pub phone: bool,
}

impl App {
    /// The settings, at most as old as the cache allows; those of a fresh register until they are
    /// changed.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_in_experience(&self) -> Result<Arc<SignInExperience>> {
        let load = async {
            let (present, _) = self.load_sign_in_experience().await?;
            Ok(Some(present))
        };
        let known = self.sign_in_experience.get(&(), self.now(), load).await?;
        Ok(known.unwrap_or_default())
    }

    /// The settings by which pages look: those last known while the database does not answer, or else
    /// those of a fresh register. What a page is open for is decided by [`App::sign_in_experience`].
    pub async fn shown_sign_in_experience(&self) -> Arc<SignInExperience> {
        match self.sign_in_experience().await {
            Ok(known) => known,
            Err(error) => {
                tracing::debug!(%error, "pages are shown by the settings last known");
                self.sign_in_experience.last(&()).unwrap_or_default()
            }
        }
    }

    /// The settings for an administrator, as they are stored now.
    ///
    /// # Errors
    /// `auth.forbidden`.
    pub async fn get_sign_in_experience(&self, actor: &Actor) -> Result<SignInExperience> {
        require_management(actor)?;
        let (present, _) = self.load_sign_in_experience().await?;
        Ok(present)
    }

    /// Replaces the members that the patch names, and gives all settings.
    ///
    /// # Errors
    /// `guard.invalid_input` when the result does not hold together; `auth.forbidden`.
    pub async fn update_sign_in_experience(
        &self,
        actor: &Actor,
        patch: &SignInExperiencePatch,
    ) -> Result<SignInExperience> {
        require_management(actor)?;
        let names: Vec<&str> = patch.names().collect();
        let updated = self
            .settle::<_, Error, _>(async || {
                let (present, stored) = self.load_sign_in_experience().await?;
                let next = patch.apply(&present)?;
                let (written, now) = (next.to_stored()?, self.now());
                let batch = match &stored {
                    Some(stored) => settings::replace(Batch::new(), KEY, stored, &written, now),
                    None => settings::insert_first(Batch::new(), KEY, &written, now),
                };
                let audited = Audited {
                    action: "SignInExperience.Updated",
                    target_type: "sign_in_experience",
                    target_id: "default",
                    detail: json!({"changed": names}),
                };
                Ok(Outcome::commit(
                    self.audit(batch, actor, now, audited),
                    next,
                ))
            })
            .await;
        self.sign_in_experience.clear();
        updated
    }

    /// Which ways to set a forgotten password anew are allowed and can send their code.
    ///
    /// # Errors
    /// The database's.
    pub async fn forgot_password_ways(
        &self,
        experience: &SignInExperience,
    ) -> Result<ForgotPasswordWays> {
        let allows = |method| experience.allows_forgot_password(method);
        Ok(ForgotPasswordWays {
            email: allows(ForgotPasswordMethod::Email)
                && self.has_connector(Channel::Email).await?,
            phone: allows(ForgotPasswordMethod::Phone) && self.has_connector(Channel::Sms).await?,
        })
    }

    /// Why a password may not be chosen, as `{code, interpolation}`; nothing when it may. It is
    /// compared with what is personal to the user, when one is named.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `auth.forbidden`.
    pub async fn check_new_password(
        &self,
        actor: &Actor,
        password: &str,
        user_id: Option<&UserId>,
    ) -> Result<Vec<Value>> {
        require_management(actor)?;
        let user = match user_id {
            Some(id) => Some(self.load_user(id).await?),
            None => None,
        };
        let policy = self.password_policy().await?;
        let personal = user.as_ref().map(personal_words).unwrap_or_default();
        let personal: Vec<&str> = personal.iter().map(String::as_str).collect();
        Ok(policy.issues(password, &personal))
    }

    /// What a password must be under these settings: the stricter bound of theirs and the operator's
    /// own policy.
    #[must_use]
    pub fn password_policy_under(&self, experience: &SignInExperience) -> PasswordPolicy {
        experience.password_policy.with(&self.password_policy)
    }

    /// What a password must be now.
    ///
    /// # Errors
    /// The database's.
    pub async fn password_policy(&self) -> Result<PasswordPolicy> {
        let experience = self.sign_in_experience().await?;
        Ok(self.password_policy_under(&experience))
    }

    /// The settings and the text that they were read from; none until they are first changed.
    async fn load_sign_in_experience(&self) -> Result<(SignInExperience, Option<String>)> {
        let stored = settings::get(&self.db, KEY).await?;
        let present = match &stored {
            Some(text) => SignInExperience::from_stored(text)?,
            None => SignInExperience::default(),
        };
        Ok((present, stored))
    }
}

/// A user's identifiers and names, which a password should not be.
fn personal_words(user: &User) -> Vec<String> {
    let identifiers = [
        user.username.as_ref().map(ToString::to_string),
        user.primary_email
            .as_ref()
            .map(|email| email.value.to_string()),
        user.primary_phone
            .as_ref()
            .map(|phone| phone.value.to_string()),
        user.name.clone(),
    ];
    identifiers.into_iter().flatten().collect()
}
