//! Encryption at rest: AES-256-GCM under a data key, and data keys wrapped by the operator's master key.
//!
//! A sealed text names the key that opens it, so that keys can be rotated, and is bound to the place it is stored at,
//! so that a row's ciphertext cannot be moved to another row.

mod cipher;
mod data_key;
mod derive;
mod key_ring;
mod master_key;

pub use data_key::DataKey;
pub use derive::derive_key;
pub use key_ring::{KeyRing, sealed_key_id};
pub use master_key::{MasterKey, MasterKeyError};

/// Why something could not be sealed or opened. No variant holds plaintext or key material.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The text names a data key that is not in the ring.
    #[error("sealed with data key {id:?}, which is not among the known keys")]
    UnknownKey {
        /// The id the text names.
        id: String,
    },
    /// The text is not of the form this module writes.
    #[error("not a sealed text of a known version")]
    Malformed,
    /// The text does not open: another key or context sealed it, or it was changed.
    #[error("the sealed text does not open with this key in this place")]
    Refused,
    /// The cryptographic library could not encrypt.
    #[error("the cryptographic library failed to encrypt")]
    Failed,
}
