//! Every column that holds ciphertext, for the rotation of the secret key.

use crate::{
    db::{Batch, Db, DbError, Table},
    statements, values,
};

statements! {
    SIGNING_KEYS = "SELECT id, private_sealed FROM signing_keys";
    UPDATE_SIGNING_KEY = "UPDATE signing_keys SET private_sealed = $3 WHERE id = $1 AND private_sealed = $2";
    APPLICATION_SECRETS = "SELECT application_id, name, sealed FROM application_secrets";
    UPDATE_APPLICATION_SECRET = "UPDATE application_secrets SET sealed = $4 \
        WHERE application_id = $1 AND name = $2 AND sealed = $3";
    CONNECTORS = "SELECT id, config_sealed FROM connectors";
    UPDATE_CONNECTOR = "UPDATE connectors SET config_sealed = $3 WHERE id = $1 AND config_sealed = $2";
    MESSAGES = "SELECT id, payload FROM jobs WHERE kind = 'send_message'";
    UPDATE_MESSAGE = "UPDATE jobs SET payload = $3 WHERE id = $1 AND payload = $2";
    SETTINGS = "SELECT key, value FROM settings WHERE key LIKE 'sealed.%'";
    UPDATE_SETTING = "UPDATE settings SET value = $3 WHERE key = $1 AND value = $2";
}

/// One sealed value and where it lies.
#[derive(Debug, Clone)]
pub enum SealedValue {
    /// A signing key.
    SigningKey {
        /// Key id.
        id: String,
        /// The ciphertext.
        sealed: String,
    },
    /// An application's secret.
    ApplicationSecret {
        /// Whose.
        application_id: String,
        /// Which.
        name: String,
        /// The ciphertext.
        sealed: String,
    },
    /// A connector's configuration.
    Connector {
        /// Id of the connector.
        id: String,
        /// The ciphertext.
        sealed: String,
    },
    /// The payload of a job that sends a message.
    Message {
        /// Id of the job.
        id: String,
        /// The ciphertext.
        sealed: String,
    },
    /// A setting whose value is secret.
    Setting {
        /// Key of the setting.
        key: String,
        /// The ciphertext.
        sealed: String,
    },
}

impl SealedValue {
    /// The ciphertext.
    #[must_use]
    pub fn sealed(&self) -> &str {
        match self {
            Self::SigningKey { sealed, .. }
            | Self::ApplicationSecret { sealed, .. }
            | Self::Connector { sealed, .. }
            | Self::Message { sealed, .. }
            | Self::Setting { sealed, .. } => sealed,
        }
    }

    /// What the ciphertext is bound to (`table:column:row id`).
    #[must_use]
    pub fn context(&self) -> String {
        match self {
            Self::SigningKey { id, .. } => signing_key_context(id),
            Self::ApplicationSecret {
                application_id,
                name,
                ..
            } => application_secret_context(application_id, name),
            Self::Connector { id, .. } => connector_context(id),
            Self::Message { id, .. } => message_context(id),
            Self::Setting { key, .. } => setting_context(key),
        }
    }

    /// Puts another ciphertext in its place, unless it changed meanwhile.
    pub fn replace(&self, batch: Batch, resealed: &str) -> Batch {
        match self {
            Self::SigningKey { id, sealed } => batch.run(
                Table::SigningKeys,
                &UPDATE_SIGNING_KEY,
                values![id.as_str(), sealed.as_str(), resealed],
            ),
            Self::ApplicationSecret {
                application_id,
                name,
                sealed,
            } => batch.run(
                Table::ApplicationSecrets,
                &UPDATE_APPLICATION_SECRET,
                values![
                    application_id.as_str(),
                    name.as_str(),
                    sealed.as_str(),
                    resealed
                ],
            ),
            Self::Connector { id, sealed } => batch.run(
                Table::Connectors,
                &UPDATE_CONNECTOR,
                values![id.as_str(), sealed.as_str(), resealed],
            ),
            Self::Message { id, sealed } => batch.run(
                Table::Jobs,
                &UPDATE_MESSAGE,
                values![id.as_str(), sealed.as_str(), resealed],
            ),
            Self::Setting { key, sealed } => batch.run(
                Table::Settings,
                &UPDATE_SETTING,
                values![key.as_str(), sealed.as_str(), resealed],
            ),
        }
    }
}

/// What a signing key's ciphertext is bound to.
#[must_use]
pub fn signing_key_context(id: &str) -> String {
    format!("signing_keys:private_sealed:{id}")
}

/// What an application secret's ciphertext is bound to. The name may change, so it is left out.
#[must_use]
pub fn application_secret_context(application_id: &str, _name: &str) -> String {
    format!("application_secrets:sealed:{application_id}")
}

/// What a connector's ciphertext is bound to.
#[must_use]
pub fn connector_context(id: &str) -> String {
    format!("connectors:config_sealed:{id}")
}

/// What the ciphertext of a waiting message is bound to.
#[must_use]
pub fn message_context(job_id: &str) -> String {
    format!("jobs:payload:{job_id}")
}

/// What a secret setting's ciphertext is bound to.
#[must_use]
pub fn setting_context(key: &str) -> String {
    format!("settings:value:{key}")
}

/// Every sealed value of the register.
///
/// # Errors
/// The database's.
pub async fn list(db: &Db) -> Result<Vec<SealedValue>, DbError> {
    let mut values = Vec::new();
    for row in db.query(&SIGNING_KEYS, &[]).await? {
        values.push(SealedValue::SigningKey {
            id: row.text(0)?,
            sealed: row.text(1)?,
        });
    }
    for row in db.query(&APPLICATION_SECRETS, &[]).await? {
        values.push(SealedValue::ApplicationSecret {
            application_id: row.text(0)?,
            name: row.text(1)?,
            sealed: row.text(2)?,
        });
    }
    for row in db.query(&CONNECTORS, &[]).await? {
        values.push(SealedValue::Connector {
            id: row.text(0)?,
            sealed: row.text(1)?,
        });
    }
    for row in db.query(&MESSAGES, &[]).await? {
        values.push(SealedValue::Message {
            id: row.text(0)?,
            sealed: row.text(1)?,
        });
    }
    for row in db.query(&SETTINGS, &[]).await? {
        values.push(SealedValue::Setting {
            key: row.text(0)?,
            sealed: row.text(1)?,
        });
    }
    Ok(values)
}
