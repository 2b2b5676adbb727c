//! Secrets of confidential applications: made here, sealed at rest, checked by their hash.

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    application::{
        ApplicationSecret, SECRET_LENGTH, check_has_secrets, check_secret_count, check_secret_name,
    },
    ids::ApplicationId,
    time::Timestamp,
};
use meibo_store::{applications, db::Batch, resealing::application_secret_context};
use serde_json::json;

use crate::{App, access::require_management, audit::Audited, outcome::Outcome};

/// A secret in clear, for those who may read it.
#[derive(Clone)]
pub struct SecretValue {
    /// Whose secret.
    pub application_id: ApplicationId,
    /// Name, unique in the application.
    pub name: String,
    /// The secret: 32 letters and digits.
    pub value: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops to hold.
    pub expires_at: Option<Timestamp>,
}

impl App {
    /// The secrets of an application, oldest first. That they were read is put on record.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn list_secrets(
        &self,
        actor: &Actor,
        id: &ApplicationId,
    ) -> Result<Vec<SecretValue>> {
        require_management(actor)?;
        self.load_application(id).await?;
        let mut values = Vec::new();
        for secret in applications::secrets(&self.db, id).await? {
            values.push(self.reveal(secret).await?);
        }
        let names: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
        let audited = Audited {
            action: "Application.SecretsRead",
            target_type: "application",
            target_id: id.as_str(),
            detail: json!({"names": names}),
        };
        let batch = self.audit(Batch::new(), actor, self.now(), audited);
        self.settle::<_, Error, _>(async || Ok(Outcome::commit(batch.clone(), ())))
            .await?;
        Ok(values)
    }

    /// Makes another secret.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `application.secret_name_in_use`,
    /// `application.secrets_not_supported` for a public client, `entity.too_many`, `guard.invalid_input` for an expiry
    /// that has passed.
    pub async fn create_secret(
        &self,
        actor: &Actor,
        id: &ApplicationId,
        name: String,
        expires_at: Option<Timestamp>,
    ) -> Result<SecretValue> {
        require_management(actor)?;
        check_secret_name(&name)?;
        if expires_at.is_some_and(|at| at <= self.now()) {
            return Err(Error::invalid(
                "expiresAt",
                "range",
                "a time in the future, in epoch milliseconds",
            ));
        }
        let created = self
            .settle(async || {
                let mut application = self.load_application(id).await?;
                check_has_secrets(application.application_type)?;
                check_secret_count(applications::secrets(&self.db, id).await?.len())?;
                // two at once cannot both be the last that fits
                application.version += 1;
                let batch = applications::update(Batch::new(), &application);
                let (batch, value) = self.make_secret(batch, id, &name, expires_at).await?;
                Ok(Outcome::commit(
                    self.audit_secret(batch, actor, "Application.SecretCreated", id, &name),
                    value,
                ))
            })
            .await;
        self.forget_applications();
        created
    }

    /// Renames a secret.
    ///
    /// # Errors
    /// `application.secret_not_found`, `application.secret_name_in_use`.
    pub async fn rename_secret(
        &self,
        actor: &Actor,
        id: &ApplicationId,
        name: &str,
        new_name: String,
    ) -> Result<SecretValue> {
        require_management(actor)?;
        check_secret_name(&new_name)?;
        let renamed = self
            .settle::<_, Error, _>(async || {
                let mut secret = self.load_secret(id, name).await?;
                secret.name.clone_from(&new_name);
                let batch = applications::rename_secret(Batch::new(), id, name, &new_name);
                Ok(Outcome::commit(
                    self.audit_secret(batch, actor, "Application.SecretRenamed", id, name),
                    secret,
                ))
            })
            .await?;
        self.reveal(renamed).await
    }

    /// Deletes a secret; it stops to hold at once here, and within 2 s on other nodes.
    ///
    /// # Errors
    /// `application.secret_not_found`.
    pub async fn delete_secret(&self, actor: &Actor, id: &ApplicationId, name: &str) -> Result<()> {
        require_management(actor)?;
        let deleted = self
            .settle(async || {
                self.load_secret(id, name).await?;
                let batch = applications::delete_secret(Batch::new(), id, name);
                Ok(Outcome::commit(
                    self.audit_secret(batch, actor, "Application.SecretDeleted", id, name),
                    (),
                ))
            })
            .await;
        self.forget_applications();
        deleted
    }

    /// A new secret, which `batch` stores.
    pub(crate) async fn make_secret(
        &self,
        batch: Batch,
        id: &ApplicationId,
        name: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<(Batch, SecretValue)> {
        let value = self.entropy.alphanumeric(SECRET_LENGTH);
        let created_at = self.now();
        let context = application_secret_context(id.as_str(), name);
        let (batch, sealed) = self.seal(batch, value.as_bytes(), &context).await?;
        let secret = ApplicationSecret {
            application_id: id.clone(),
            name: name.to_owned(),
            sealed,
            hash: sha256_base64url(value.as_bytes()),
            created_at,
            expires_at,
        };
        let made = SecretValue {
            application_id: id.clone(),
            name: name.to_owned(),
            value,
            created_at,
            expires_at,
        };
        Ok((applications::insert_secret(batch, &secret), made))
    }

    async fn load_secret(&self, id: &ApplicationId, name: &str) -> Result<ApplicationSecret> {
        self.load_application(id).await?;
        let secrets = applications::secrets(&self.db, id).await?;
        secrets
            .into_iter()
            .find(|secret| secret.name == name)
            .ok_or_else(|| ErrorCode::ApplicationSecretNotFound.into())
    }

    async fn reveal(&self, secret: ApplicationSecret) -> Result<SecretValue> {
        let context = application_secret_context(secret.application_id.as_str(), &secret.name);
        Ok(SecretValue {
            value: self.open_sealed(&secret.sealed, &context).await?,
            application_id: secret.application_id,
            name: secret.name,
            created_at: secret.created_at,
            expires_at: secret.expires_at,
        })
    }

    fn audit_secret(
        &self,
        batch: Batch,
        actor: &Actor,
        action: &'static str,
        id: &ApplicationId,
        name: &str,
    ) -> Batch {
        let detail = json!({"name": name});
        let audited = Audited {
            action,
            target_type: "application",
            target_id: id.as_str(),
            detail,
        };
        self.audit(batch, actor, self.now(), audited)
    }
}
