//! What the application is started with, and why it may refuse to start.

use std::{path::PathBuf, time::Duration};

use meibo_crypto::{entropy::Entropy, password::PasswordHasherConfig, seal::MasterKey};
use meibo_domain::{
    message_limits::MessageLimits, password::PasswordPolicy, session::SessionLimits, time::Clock,
};
use meibo_outbound::{OutboundConfig, OutboundError};
use meibo_store::db::{DatabaseConfig, DbError};
use url::Url;

/// Where the secret key comes from.
pub enum SecretKeySource {
    /// Given by the operator. Nodes that share a database must share it.
    Given(MasterKey),
    /// A file with the key in base64; made with mode 0600 when it is missing and the register is new.
    File(PathBuf),
}

/// How often one network address may post a sign-in, a registration or a set-up. Five times as many
/// sign-ins may be begun.
#[derive(Debug, Clone, Copy)]
pub struct SignInRate {
    /// Posts a second in the long run, at least 1.
    pub per_second: u32,
    /// Posts at once, at least 1.
    pub burst: u32,
}

impl Default for SignInRate {
    fn default() -> Self {
        Self {
            per_second: 10,
            burst: 100,
        }
    }
}

/// What the application is started with.
pub struct AppConfig {
    /// The database.
    pub database: DatabaseConfig,
    /// The key that wraps all others.
    pub secret_key: SecretKeySource,
    /// The address that people and applications use, without a path.
    pub public_url: Url,
    /// The clock.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// Threads and queue of the password hasher.
    pub hashing: PasswordHasherConfig,
    /// How old cached configuration may be; at most 2 s in a server.
    pub cache_age: Duration,
    /// What a password must be.
    pub password_policy: PasswordPolicy,
    /// How often one address may post to the sign-in pages.
    pub sign_in_rate: SignInRate,
    /// Where calls outward may go, and how many at once.
    pub outbound: OutboundConfig,
    /// How long sessions last.
    pub session_limits: SessionLimits,
    /// How many messages are sent, and to which countries.
    pub message_limits: MessageLimits,
    /// Is this the demo, with connectors that show messages on a page instead of sending them?
    pub has_inbox: bool,
}

/// Why the application does not start. Each names the setting to look at.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened or migrated.
    #[error("database: {0}")]
    Database(#[from] DbError),
    /// The file of the secret key cannot be read or made.
    #[error("secret-key: {path}: {reason}")]
    SecretKeyFile {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The secret key is not the one that this register was made with.
    #[error(
        "secret-key: this database was made with another secret key; give that one (MEIBO_SECRET_KEY or --secret-key)"
    )]
    WrongSecretKey,
    /// The password hasher's threads cannot be started.
    #[error("hash-threads: {0}")]
    Hashing(#[from] std::io::Error),
    /// The client for calls outward cannot be made.
    #[error("outbound calls: {0}")]
    Outbound(#[from] OutboundError),
    /// Keys cannot be made or read.
    #[error("keys: {0}")]
    Keys(String),
}
