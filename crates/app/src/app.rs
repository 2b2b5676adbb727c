//! The application: what every use case needs, handed in once.

use std::{ops::Deref, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use meibo_crypto::{entropy::Entropy, password::PasswordHasher, seal::KeyRing};
use meibo_domain::{
    ids::{ID_LENGTH, USER_ID_LENGTH},
    message_limits::MessageLimits,
    password::PasswordPolicy,
    session::SessionLimits,
    time::{Clock, Timestamp},
};
use meibo_outbound::Outbound;
use meibo_store::db::Db;
use tokio::sync::Mutex;
use url::Url;

use crate::{
    activity::ActivityBuffer, address_throttle::AddressThrottle, browser_origins::OriginCache,
    client_keys::PublishedKeys, clients::ClientCache, jobs::JobRunner,
    known_resources::KnownResourceCache, oidc::documents::Documents,
    oidc::token_status::VerifiedTokens, sign_in_experience::SignInExperienceCache,
    signing_keys::SigningKeys,
};

/// The application. Clones are cheap and share everything.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What every use case needs.
pub struct Parts {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) hasher: PasswordHasher,
    /// The operator's own; see [`App::password_policy`].
    pub(crate) password_policy: PasswordPolicy,
    pub(crate) public_url: Url,
    pub(crate) issuer: String,
    pub(crate) master_key: meibo_crypto::seal::MasterKey,
    pub(crate) key_ring: ArcSwap<KeyRing>,
    pub(crate) successor_key: [u8; 32],
    /// For the hashes of verification codes and of those who got them.
    pub(crate) code_key: [u8; 32],
    pub(crate) signing_keys: ArcSwap<SigningKeys>,
    pub(crate) reading_signing_keys: Mutex<()>,
    pub(crate) documents: Documents,
    /// How old cached configuration may be.
    pub(crate) cache_age: Duration,
    pub(crate) clients: ClientCache,
    pub(crate) published_keys: PublishedKeys,
    pub(crate) origins: OriginCache,
    pub(crate) known_resources: KnownResourceCache,
    pub(crate) sign_in_experience: SignInExperienceCache,
    pub(crate) verified_tokens: VerifiedTokens,
    pub(crate) activity: ActivityBuffer,
    pub(crate) throttle: AddressThrottle,
    pub(crate) outbound: Outbound,
    pub(crate) jobs: JobRunner,
    pub(crate) session_limits: SessionLimits,
    pub(crate) message_limits: MessageLimits,
    pub(crate) has_inbox: bool,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    pub(crate) fn from_parts(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The present time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The address that people and applications use, without a path.
    #[must_use]
    pub fn public_url(&self) -> &Url {
        &self.public_url
    }

    /// The issuer identifier: the public URL and `/oidc`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// A name for this node that no other has: eight random letters and digits.
    #[must_use]
    pub fn new_node_name(&self) -> String {
        self.entropy.lowercase_alphanumeric(8)
    }

    /// The database, for tests that break it on purpose.
    #[must_use]
    pub fn database(&self) -> &Db {
        &self.db
    }

    /// Password hashes made or checked since the start.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.hasher.hashes()
    }

    /// Can requests be served?
    ///
    /// # Errors
    /// `server.unavailable` while the database does not read or write.
    pub async fn check_ready(&self) -> meibo_domain::Result<()> {
        Ok(self.db.ping().await?)
    }

    /// Lets the jobs that run end, if they do so soon, writes what is buffered and closes the
    /// database. Drop the background tasks before.
    pub async fn close(self) {
        self.jobs.stop().await;
        self.flush_activity().await;
        self.db.clone().close().await;
    }

    pub(crate) fn new_id(&self) -> String {
        self.entropy.lowercase_alphanumeric(ID_LENGTH)
    }

    pub(crate) fn new_user_id(&self) -> String {
        self.entropy.lowercase_alphanumeric(USER_ID_LENGTH)
    }
}
