//! The JWS algorithms that tokens are signed with.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An asymmetric JWS algorithm (RFC 7518 section 3.1, RFC 8037 section 3.1). `none` and the HMAC family are not representable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// ECDSA on P-384 with SHA-384.
    #[serde(rename = "ES384")]
    Es384,
    /// `EdDSA` with Ed25519; Ed448, which shares its name, is not offered.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SigningAlgorithm {
    /// Every algorithm, in the order discovery documents list them.
    pub const ALL: &[Self] = &[Self::Rs256, Self::Es256, Self::Es384, Self::EdDsa];

    /// The `alg` value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of an `alg` value, which is case-sensitive; `None` when it is not one of ours.
    #[must_use]
    pub fn parse(alg: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|algorithm| algorithm.as_str() == alg)
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_others_refused() {
        for algorithm in SigningAlgorithm::ALL {
            assert_eq!(
                SigningAlgorithm::parse(algorithm.as_str()),
                Some(*algorithm)
            );
            assert_eq!(serde_json::to_value(algorithm).unwrap(), algorithm.as_str());
        }
        for other in [
            "", "none", "HS256", "rs256", "RS256 ", "ES512", "PS256", "Ed448",
        ] {
            assert_eq!(SigningAlgorithm::parse(other), None, "{other}");
        }
    }
}
