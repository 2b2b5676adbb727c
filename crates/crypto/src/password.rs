//! Password hashes: Argon2id (RFC 9106) on a bounded pool of low-priority threads.
//!
//! A hash costs about 17 ms of one core and 19 MiB, so it never runs on the caller's thread, never more of them at once
//! than there are threads, and a queue that is full refuses instead of growing.

mod argon;
mod params;
mod pool;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zeroize::Zeroizing;

use crate::entropy::Entropy;
use argon::{Memory, StoredHash};
pub use params::{InvalidPasswordParams, PasswordParams};
use pool::Pool;

/// How a [`PasswordHasher`] is sized.
#[derive(Debug, Clone, Copy)]
pub struct PasswordHasherConfig {
    /// How many hashes run at once; 0 counts as 1.
    pub threads: usize,
    /// How many callers may wait beyond those; 0 counts as 1.
    pub queue: usize,
    /// The cost of each hash.
    pub params: PasswordParams,
}

impl Default for PasswordHasherConfig {
    /// A thread for each core, a queue of about one second's work, the recommended cost.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            threads,
            queue: threads.saturating_mul(64),
            params: PasswordParams::RECOMMENDED,
        }
    }
}

/// Hashes and verifies passwords. Shared behind an `Arc`; its threads end when it is dropped.
pub struct PasswordHasher {
    pool: Pool<Memory>,
    shared: Arc<Shared>,
}

struct Shared {
    params: PasswordParams,
    entropy: Entropy,
    /// What an absent or unreadable stored hash is replaced by, so that it costs the same.
    decoy: StoredHash,
    hashes: AtomicU64,
}

/// What a verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// The password is right.
    Match {
        /// The stored hash was made at another cost than the configured one: hash the password again and store that.
        outdated: bool,
    },
    /// The password is wrong, or there was no stored hash.
    Mismatch,
    /// The stored text is not an Argon2 hash within bounds. To be treated as a mismatch, and worth a log line.
    Unusable,
}

/// Why no hash was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Every thread is busy and the queue is full; the caller should answer 503 with Retry-After.
    #[error("too many passwords are being hashed at once")]
    Overloaded,
    /// The memory for one hash could not be allocated.
    #[error("no memory for a password hash")]
    OutOfMemory,
    /// The computation ended without an answer.
    #[error("the password hash was given up")]
    Aborted,
}

impl PasswordHasher {
    /// Starts the threads. Each allocates its memory when it makes its first hash, and keeps it.
    ///
    /// # Errors
    /// When the system cannot start a thread.
    pub fn new(config: PasswordHasherConfig, entropy: Entropy) -> io::Result<Self> {
        let PasswordHasherConfig {
            threads,
            queue,
            params,
        } = config;
        let pool = Pool::start("meibo-password", threads.max(1), queue.max(1))?;
        let decoy = StoredHash::decoy(params, &entropy);
        let shared = Arc::new(Shared {
            params,
            entropy,
            decoy,
            hashes: AtomicU64::new(0),
        });
        Ok(Self { pool, shared })
    }

    /// The PHC string of `password` under a new random salt: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
    ///
    /// The password is hashed as given: normalise and bound it before. A caller that drops the future while it waits
    /// costs nothing.
    ///
    /// # Errors
    /// See [`HashError`].
    pub async fn hash(&self, password: &str) -> Result<String, HashError> {
        let password = Zeroizing::new(password.to_owned());
        self.run(move |shared, memory| shared.hash(&password, memory))
            .await
    }

    /// Whether `password` is the one that `stored` was made of.
    ///
    /// Every answer costs one hash: no stored hash and an unreadable one are verified against a decoy at the configured
    /// cost, so that the time does not tell whether there was an account.
    ///
    /// # Errors
    /// See [`HashError`].
    pub async fn verify(
        &self,
        password: &str,
        stored: Option<&str>,
    ) -> Result<Verification, HashError> {
        let password = Zeroizing::new(password.to_owned());
        let stored = stored.map(str::to_owned);
        self.run(move |shared, memory| shared.verify(&password, stored.as_deref(), memory))
            .await
    }

    /// How many hashes were made since the start, verifications included.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.shared.hashes.load(Ordering::Relaxed)
    }

    /// How many callers wait for a thread now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.pool.waiting()
    }

    async fn run<T, W>(&self, work: W) -> Result<T, HashError>
    where
        T: Send + 'static,
        W: FnOnce(&Shared, &mut Memory) -> Result<T, HashError> + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        let answer = self
            .pool
            .submit(move |memory| work(&shared, memory))
            .map_err(|_| HashError::Overloaded)?;
        answer.await.map_err(|_| HashError::Aborted)?
    }
}

impl Shared {
    fn hash(&self, password: &str, memory: &mut Memory) -> Result<String, HashError> {
        let mut made = StoredHash::new(self.params, self.entropy.bytes());
        let output = self.compute(&made, password, memory)?;
        made.set_output(&output);
        Ok(made.to_phc())
    }

    fn verify(
        &self,
        password: &str,
        stored: Option<&str>,
        memory: &mut Memory,
    ) -> Result<Verification, HashError> {
        let parsed = stored.map(StoredHash::parse);
        let (against, real) = match &parsed {
            Some(Some(hash)) => (hash, true),
            Some(None) | None => (&self.decoy, false),
        };
        let output = self.compute(against, password, memory)?;
        let equal = against.has_output(&output);
        Ok(match (&parsed, equal && real) {
            (Some(None), _) => Verification::Unusable,
            (_, true) => Verification::Match {
                outdated: !against.is_current(self.params),
            },
            (_, false) => Verification::Mismatch,
        })
    }

    fn compute(
        &self,
        hash: &StoredHash,
        password: &str,
        memory: &mut Memory,
    ) -> Result<Zeroizing<Vec<u8>>, HashError> {
        self.hashes.fetch_add(1, Ordering::Relaxed);
        hash.compute(password.as_bytes(), memory, self.params)
    }
}

impl fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHasher")
            .field("params", &self.shared.params)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
