//! Private signing keys, kept parsed, and the public half that is published in a JWK Set.

mod algorithm;
mod jwk;
mod verifying_key;

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use zeroize::Zeroizing;

use crate::digest::base64url;
pub use algorithm::SigningAlgorithm;
pub use jwk::{Curve, Jwk, KeyUse, OkpCurve, PublicParameters};
pub(crate) use verifying_key::VerifyingKey;

/// A private key with its algorithm, key id and public JWK. Signing never parses it again.
pub struct SigningKey {
    pair: KeyPair,
    public_jwk: Jwk,
}

enum KeyPair {
    Rsa(RsaKeyPair),
    Ecdsa(Curve, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Why a key could not be made, read or used. No variant holds key material.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The private key is not unencrypted PKCS#8 of the algorithm's kind (for RS256, RSA of 2048 to 8192 bits).
    #[error("not a PKCS#8 private key for {algorithm}")]
    NotPkcs8 {
        /// The algorithm the key was to be used with.
        algorithm: SigningAlgorithm,
    },
    /// The JWK does not hold a usable public key; `detail` says which member is wrong.
    #[error("unusable JWK {kid:?}: {detail}")]
    UnusableJwk {
        /// The key's id as given.
        kid: String,
        /// What is wrong.
        detail: &'static str,
    },
    /// Two keys of one set have the same id.
    #[error("two keys have the id {kid:?}")]
    DuplicateKid {
        /// That id.
        kid: String,
    },
    /// The cryptographic library could not generate, encode or sign.
    #[error("the cryptographic library failed with a {algorithm} key")]
    Failed {
        /// The key's algorithm.
        algorithm: SigningAlgorithm,
    },
}

impl SigningKey {
    /// A new random key: RSA of 2048 bits for RS256 (takes a few hundred milliseconds), P-256 for ES256, P-384
    /// for ES384, Ed25519 for `EdDSA`.
    ///
    /// # Errors
    /// [`KeyError::Failed`] when the cryptographic library fails.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Self, KeyError> {
        let pair = match algorithm {
            SigningAlgorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048).map(KeyPair::Rsa),
            SigningAlgorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
                .map(|pair| KeyPair::Ecdsa(Curve::P256, pair)),
            SigningAlgorithm::Es384 => EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING)
                .map(|pair| KeyPair::Ecdsa(Curve::P384, pair)),
            SigningAlgorithm::EdDsa => Ed25519KeyPair::generate().map(KeyPair::Ed25519),
        };
        Self::new(algorithm, pair.map_err(|_| KeyError::Failed { algorithm })?)
    }

    /// Reads what [`SigningKey::to_pkcs8`] gave.
    ///
    /// # Errors
    /// [`KeyError::NotPkcs8`] when the bytes are something else.
    pub fn from_pkcs8(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let pair = match algorithm {
            SigningAlgorithm::Rs256 => RsaKeyPair::from_pkcs8(pkcs8).map(KeyPair::Rsa),
            SigningAlgorithm::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
                    .map(|pair| KeyPair::Ecdsa(Curve::P256, pair))
            }
            SigningAlgorithm::Es384 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, pkcs8)
                    .map(|pair| KeyPair::Ecdsa(Curve::P384, pair))
            }
            SigningAlgorithm::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(KeyPair::Ed25519),
        };
        Self::new(
            algorithm,
            pair.map_err(|_| KeyError::NotPkcs8 { algorithm })?,
        )
    }

    fn new(algorithm: SigningAlgorithm, pair: KeyPair) -> Result<Self, KeyError> {
        let parameters = pair
            .public_parameters()
            .ok_or(KeyError::Failed { algorithm })?;
        let kid = parameters.thumbprint();
        let public_jwk = Jwk {
            parameters,
            key_use: KeyUse::Signature,
            algorithm,
            kid,
        };
        Ok(Self { pair, public_jwk })
    }

    /// The private key as unencrypted PKCS#8 version 1 (RFC 5958), to be sealed before it is stored.
    ///
    /// # Errors
    /// [`KeyError::Failed`] when the cryptographic library fails.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let bytes = match &self.pair {
            KeyPair::Rsa(pair) => AsDer::<Pkcs8V1Der<'static>>::as_der(pair)
                .map(|der| Zeroizing::new(der.as_ref().to_vec())),
            KeyPair::Ecdsa(_, pair) => pair
                .to_pkcs8v1()
                .map(|der| Zeroizing::new(der.as_ref().to_vec())),
            KeyPair::Ed25519(pair) => pair
                .to_pkcs8v1()
                .map(|der| Zeroizing::new(der.as_ref().to_vec())),
        };
        bytes.map_err(|_| self.failed())
    }

    /// What the key signs with.
    #[must_use]
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.public_jwk.algorithm
    }

    /// The key id: the RFC 7638 thumbprint of the public key, 43 characters of base64url.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.public_jwk.kid
    }

    /// The public half, as it stands in the JWK Set.
    #[must_use]
    pub fn public_jwk(&self) -> &Jwk {
        &self.public_jwk
    }

    /// The JWS signature of `message` (RFC 7518, RFC 8037): 256 bytes for a 2048-bit RS256 key, 96 for
    /// ES384, 64 for ES256 and `EdDSA`.
    ///
    /// RS256 takes about 0.25 ms of a core, ES256 about 0.015 ms.
    ///
    /// # Errors
    /// [`KeyError::Failed`] when the cryptographic library fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        // the library draws its own nonces and blinding; the generator is only part of its signature's shape
        let random = SystemRandom::new();
        let signature = match &self.pair {
            KeyPair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map(|()| signature)
            }
            KeyPair::Ecdsa(_, pair) => pair
                .sign(&random, message)
                .map(|signature| signature.as_ref().to_vec()),
            KeyPair::Ed25519(pair) => pair
                .try_sign(message)
                .map(|signature| signature.as_ref().to_vec()),
        };
        signature.map_err(|_| self.failed())
    }

    fn failed(&self) -> KeyError {
        KeyError::Failed {
            algorithm: self.algorithm(),
        }
    }
}

impl KeyPair {
    /// `None` if the library gives a point in another form than an uncompressed one of its curve.
    fn public_parameters(&self) -> Option<PublicParameters> {
        match self {
            Self::Rsa(pair) => {
                let key = pair.public_key();
                Some(PublicParameters::Rsa {
                    n: base64url(key.modulus().big_endian_without_leading_zero()),
                    e: base64url(key.exponent().big_endian_without_leading_zero()),
                })
            }
            Self::Ecdsa(curve, pair) => {
                let (&[form], coordinates) = pair.public_key().as_ref().split_first_chunk::<1>()?;
                let (x, y) = coordinates.split_at_checked(curve.coordinate_bytes())?;
                let is_whole = form == jwk::UNCOMPRESSED_POINT && x.len() == y.len();
                is_whole.then(|| PublicParameters::Ec {
                    crv: *curve,
                    x: base64url(x),
                    y: base64url(y),
                })
            }
            Self::Ed25519(pair) => Some(PublicParameters::Okp {
                crv: OkpCurve::Ed25519,
                x: base64url(pair.public_key().as_ref()),
            }),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm())
            .field("kid", &self.kid())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::base64url_decode;
    use SigningAlgorithm::{EdDsa, Es256, Es384, Rs256};

    #[test]
    fn a_key_survives_pkcs8_with_its_id_and_signs_what_its_jwk_verifies() {
        for (algorithm, bytes) in [(Rs256, 256), (Es256, 64), (Es384, 96), (EdDsa, 64)] {
            let key = SigningKey::generate(algorithm).unwrap();
            let read = SigningKey::from_pkcs8(algorithm, &key.to_pkcs8().unwrap()).unwrap();
            assert_eq!(read.public_jwk(), key.public_jwk());
            assert_eq!((read.algorithm(), read.kid().len()), (algorithm, 43));
            let public = VerifyingKey::parse(key.public_jwk()).unwrap();
            let signature = read.sign(b"message").unwrap();
            assert_eq!(signature.len(), bytes);
            assert!(public.verify(b"message", &signature));
            assert!(!public.verify(b"messagE", &signature));
            assert!(!public.verify(b"message", &signature[1..]));
            assert!(!public.verify(b"message", &[]));
        }
    }

    #[test]
    fn other_keys_do_not_verify() {
        let (key, other) = (
            SigningKey::generate(Es256).unwrap(),
            SigningKey::generate(Es256).unwrap(),
        );
        assert_ne!(key.kid(), other.kid());
        let public = VerifyingKey::parse(other.public_jwk()).unwrap();
        assert!(!public.verify(b"message", &key.sign(b"message").unwrap()));
    }

    #[test]
    fn bytes_that_are_no_key_of_the_kind_are_refused() {
        let ec = SigningKey::generate(Es256).unwrap().to_pkcs8().unwrap();
        for algorithm in SigningAlgorithm::ALL.iter().copied() {
            for bytes in [
                &b""[..],
                b"-----BEGIN PRIVATE KEY-----",
                &ec[1..],
                &ec[..ec.len() - 1],
            ] {
                assert_eq!(
                    SigningKey::from_pkcs8(algorithm, bytes).unwrap_err(),
                    KeyError::NotPkcs8 { algorithm }
                );
            }
        }
        for algorithm in [Rs256, Es384, EdDsa] {
            assert_eq!(
                SigningKey::from_pkcs8(algorithm, &ec).unwrap_err(),
                KeyError::NotPkcs8 { algorithm }
            );
        }
    }

    #[test]
    fn rfc8037_appendix_a_4_the_example_is_signed_alike() {
        // RFC 8410 section 7: the prefix of an Ed25519 private key in PKCS#8, then the 32 bytes of appendix A.1
        let prefix = [
            0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
        ];
        let d = base64url_decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let key = SigningKey::from_pkcs8(EdDsa, &[&prefix[..], &d].concat()).unwrap();
        let input = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(base64url(&key.sign(input).unwrap()), signature);
        assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn debug_shows_the_id_and_nothing_private() {
        let key = SigningKey::generate(Es256).unwrap();
        let expected = format!(
            "SigningKey {{ algorithm: Es256, kid: {:?}, .. }}",
            key.kid()
        );
        assert_eq!(format!("{key:?}"), expected);
    }
}
