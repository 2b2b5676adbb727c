//! The key that encrypts columns; stored wrapped by the master key.

use std::fmt;

use zeroize::Zeroizing;

use crate::digest::base64url;
use crate::entropy::Entropy;

/// A 256-bit key with the id that sealed texts name it by.
pub struct DataKey {
    id: String,
    bytes: Zeroizing<[u8; 32]>,
}

impl DataKey {
    /// A new random key; its id is 8 random characters of base64url.
    #[must_use]
    pub fn generate(entropy: &Entropy) -> Self {
        let id = base64url(&entropy.bytes::<6>());
        Self::from_parts(id, Zeroizing::new(entropy.bytes()))
    }

    pub(super) fn from_parts(id: String, bytes: Zeroizing<[u8; 32]>) -> Self {
        Self { id, bytes }
    }

    /// The id, unique among the keys of a database.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
