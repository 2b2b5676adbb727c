//! What people have granted applications, for administrators: list and revoke.

use meibo_domain::{
    Error, Result,
    actor::Actor,
    consent::{Consent, Extent},
    grant::Grant,
    ids::{ApplicationId, GrantId, UserId},
};
use meibo_oauth::resource::{KnownResource, extent};
use meibo_store::{applications, consents, db::Batch, grants};
use serde_json::json;

use crate::{App, access::require_management, audit::Audited, outcome::Outcome};

/// A grant, and its scopes with what they belong to.
#[derive(Debug, Clone)]
pub struct GrantDetails {
    /// The grant.
    pub grant: Grant,
    /// Its scopes; those of resources that exist no longer are left out.
    pub extent: Extent,
}

impl App {
    /// The live grants of a user, newest first, at most a thousand; `is_third_party` narrows them to
    /// applications of that kind.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn list_grants(
        &self,
        actor: &Actor,
        user: &UserId,
        is_third_party: Option<bool>,
    ) -> Result<Vec<GrantDetails>> {
        require_management(actor)?;
        self.load_user(user).await?;
        let known = self.known_resources().await?;
        let mut details = Vec::new();
        for grant in grants::list_of_user(&self.db, user, self.now()).await? {
            if let Some(wanted) = is_third_party {
                let client = self.client(&grant.application_id).await?;
                if client.is_none_or(|client| client.application.is_third_party != wanted) {
                    continue;
                }
            }
            let resources: Vec<&KnownResource> = known
                .iter()
                .filter(|known| grant.resources.contains(&known.resource.indicator))
                .collect();
            let extent = extent(&grant.scopes, &resources);
            details.push(GrantDetails { grant, extent });
        }
        Ok(details)
    }

    /// Revokes a user's grant and everything issued under it; of a third-party application also its
    /// other grants and the consent, so that it has nothing before the person was asked again.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn revoke_grant(&self, actor: &Actor, user: &UserId, id: &GrantId) -> Result<()> {
        require_management(actor)?;
        self.settle(async || {
            let now = self.now();
            let grant = grants::get(&self.db, id, now)
                .await?
                .filter(|grant| grant.user_id == *user && now < grant.expires_at)
                .ok_or_else(|| Error::not_found(id))?;
            let application = applications::get(&self.db, &grant.application_id).await?;
            let batch = if application.is_some_and(|application| application.is_third_party) {
                forget_application(Batch::new(), user, &grant.application_id)
            } else {
                grants::delete(Batch::new(), id)
            };
            let audited = Audited {
                action: "User.GrantRevoked",
                target_type: "user",
                target_id: user.as_str(),
                detail: json!({
                    "grantId": id.as_str(),
                    "applicationId": grant.application_id.as_str(),
                }),
            };
            Ok(Outcome::commit(self.audit(batch, actor, now, audited), ()))
        })
        .await
    }

    /// What a user has allowed third-party applications, the newest consent first.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn list_consents(&self, actor: &Actor, user: &UserId) -> Result<Vec<Consent>> {
        require_management(actor)?;
        self.load_user(user).await?;
        Ok(consents::list_of_user(&self.db, user).await?)
    }

    /// Forgets what a user has allowed an application, and revokes everything that it has from that
    /// user.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn revoke_consent(
        &self,
        actor: &Actor,
        user: &UserId,
        application: &ApplicationId,
    ) -> Result<()> {
        require_management(actor)?;
        self.settle(async || {
            let consent = consents::get(&self.db, user, application).await?;
            consent.ok_or_else(|| Error::not_found(application))?;
            let batch = forget_application(Batch::new(), user, application);
            let audited = Audited {
                action: "User.ConsentRevoked",
                target_type: "user",
                target_id: user.as_str(),
                detail: json!({"applicationId": application.as_str()}),
            };
            Ok(Outcome::commit(
                self.audit(batch, actor, self.now(), audited),
                (),
            ))
        })
        .await
    }
}

/// Everything that a third-party application has from a user, and the leave to get it again.
fn forget_application(batch: Batch, user: &UserId, application: &ApplicationId) -> Batch {
    let batch = consents::delete(batch, user, application);
    grants::delete_of_user_at(batch, user, application)
}
