//! Opening the application: database, migrations, keys; everything that can wait, waits.

use arc_swap::ArcSwap;
use meibo_crypto::{digest::hmac_sha256, password::PasswordHasher};
use meibo_domain::ids::ID_LENGTH;
use meibo_outbound::Outbound;
use meibo_store::{db::Db, migrations::MIGRATIONS};
use tokio::sync::Mutex;

use crate::{
    App, AppConfig, StartError,
    activity::ActivityBuffer,
    address_throttle::AddressThrottle,
    app::Parts,
    cache::Cache,
    client_keys::PublishedKeys,
    jobs::JobRunner,
    key_ring,
    oidc::{documents::Documents, token_status::VerifiedTokens},
    signing_keys::{self, SigningKeys},
};

impl App {
    /// Opens the database, applies missing migrations, reads the keys and makes those of a new
    /// register. Needs a multi-threaded runtime.
    ///
    /// # Errors
    /// [`StartError`], which names the setting to look at.
    pub async fn open(config: AppConfig) -> Result<Self, StartError> {
        let now = config.clock.now();
        let db = Db::open(&config.database).await?;
        for migration in db.migrate(MIGRATIONS, now.millis()).await? {
            tracing::info!(
                version = migration.version,
                name = migration.name,
                "migration applied"
            );
        }
        let keys = key_ring::open(&db, config.secret_key, &config.entropy, now).await?;
        let issuer = format!("{}/oidc", config.public_url.as_str().trim_end_matches('/'));
        let documents =
            Documents::new(&issuer).map_err(|error| StartError::Keys(error.to_string()))?;
        let app = Self::from_parts(Parts {
            hasher: PasswordHasher::new(config.hashing, config.entropy.clone())?,
            clients: Cache::new(config.cache_age),
            published_keys: PublishedKeys::default(),
            origins: Cache::new(config.cache_age),
            known_resources: Cache::new(config.cache_age),
            sign_in_experience: Cache::new(config.cache_age),
            verified_tokens: VerifiedTokens::default(),
            activity: ActivityBuffer::default(),
            throttle: AddressThrottle::new(config.sign_in_rate),
            outbound: Outbound::new(config.outbound)?,
            jobs: JobRunner::new(config.entropy.lowercase_alphanumeric(ID_LENGTH)),
            session_limits: config.session_limits,
            message_limits: config.message_limits,
            has_inbox: config.has_inbox,
            master_key: keys.master_key,
            key_ring: ArcSwap::from_pointee(keys.key_ring),
            code_key: hmac_sha256(&keys.successor_key, b"verification codes"),
            successor_key: keys.successor_key,
            signing_keys: ArcSwap::from_pointee(SigningKeys::default()),
            reading_signing_keys: Mutex::default(),
            documents,
            cache_age: config.cache_age,
            db,
            clock: config.clock,
            entropy: config.entropy,
            password_policy: config.password_policy,
            public_url: config.public_url,
            issuer,
        });
        app.complete_signing_keys(signing_keys::ALWAYS, None)
            .await
            .map_err(|error| {
                // what failed is the cause; the error itself only says whose fault it is
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                StartError::Keys(cause.unwrap_or_else(|| error.to_string()))
            })?;
        Ok(app)
    }
}
