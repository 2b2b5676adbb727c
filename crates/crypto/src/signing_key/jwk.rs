//! A public key as a JSON Web Key (RFC 7517) and its thumbprint (RFC 7638).

use serde::{Deserialize, Serialize};

use super::SigningAlgorithm;
use crate::digest::sha256_base64url;

/// The mark before the coordinates of an uncompressed point (SEC 1 section 2.3.3).
pub(super) const UNCOMPRESSED_POINT: u8 = 4;

/// A public signing key as it stands in a JWK Set. Unknown members are dropped when one is read, private ones too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `kty` and the members it asks for.
    #[serde(flatten)]
    pub parameters: PublicParameters,
    /// `use`: always `sig`.
    #[serde(rename = "use")]
    pub key_use: KeyUse,
    /// `alg`: the only algorithm the key may be used with.
    #[serde(rename = "alg")]
    pub algorithm: SigningAlgorithm,
    /// `kid`: how a token names the key.
    pub kid: String,
}

/// What a key is for (RFC 7517 section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyUse {
    /// Signatures.
    #[serde(rename = "sig")]
    Signature,
}

/// The public members of a key (RFC 7518 section 6, RFC 8037 section 2), each base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub enum PublicParameters {
    /// An RSA key.
    #[serde(rename = "RSA")]
    Rsa {
        /// Modulus, big-endian without leading zeros.
        n: String,
        /// Public exponent, big-endian without leading zeros.
        e: String,
    },
    /// A point on an elliptic curve.
    #[serde(rename = "EC")]
    Ec {
        /// The curve.
        crv: Curve,
        /// First coordinate, as many bytes as the curve's field.
        x: String,
        /// Second coordinate, likewise.
        y: String,
    },
    /// An octet key pair (RFC 8037 section 2).
    #[serde(rename = "OKP")]
    Okp {
        /// The curve.
        crv: OkpCurve,
        /// The public key, 32 bytes.
        x: String,
    },
}

/// A curve of RFC 7518 section 6.2.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Curve {
    /// NIST P-256.
    #[serde(rename = "P-256")]
    P256,
    /// NIST P-384.
    #[serde(rename = "P-384")]
    P384,
}

/// A curve of RFC 8037 section 2 that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OkpCurve {
    /// Edwards25519.
    Ed25519,
}

impl Curve {
    /// The bytes of one coordinate.
    pub(super) const fn coordinate_bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }
}

impl PublicParameters {
    /// The SHA-256 thumbprint, 43 characters of base64url (RFC 7638 section 3, RFC 8037 section 2).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        // the required members alone, in the order of their names, without white space
        let canonical = match self {
            Self::Rsa { n, e } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
            Self::Ec { crv, x, y } => {
                let crv = crv.name();
                format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            Self::Okp {
                crv: OkpCurve::Ed25519,
                x,
            } => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#),
        };
        sha256_base64url(canonical.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const RFC_7638_MODULUS: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    #[test]
    fn the_thumbprint_of_rfc_7638_section_3_1() {
        let key = PublicParameters::Rsa {
            n: RFC_7638_MODULUS.into(),
            e: "AQAB".into(),
        };
        assert_eq!(
            key.thumbprint(),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
    }

    #[test]
    fn rfc8037_appendix_a_3_the_thumbprint_of_an_octet_key_pair() {
        let key = PublicParameters::Okp {
            crv: OkpCurve::Ed25519,
            x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".into(),
        };
        assert_eq!(
            key.thumbprint(),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn members_are_those_of_rfc_7517_and_rfc_8037() {
        let ec = |crv| PublicParameters::Ec {
            crv,
            x: "eA".into(),
            y: "eQ".into(),
        };
        let okp = PublicParameters::Okp {
            crv: OkpCurve::Ed25519,
            x: "eA".into(),
        };
        for (parameters, algorithm, value) in [
            (
                ec(Curve::P256),
                SigningAlgorithm::Es256,
                json!({"kty": "EC", "crv": "P-256", "x": "eA", "y": "eQ", "use": "sig", "alg": "ES256", "kid": "k"}),
            ),
            (
                ec(Curve::P384),
                SigningAlgorithm::Es384,
                json!({"kty": "EC", "crv": "P-384", "x": "eA", "y": "eQ", "use": "sig", "alg": "ES384", "kid": "k"}),
            ),
            (
                okp,
                SigningAlgorithm::EdDsa,
                json!({"kty": "OKP", "crv": "Ed25519", "x": "eA", "use": "sig", "alg": "EdDSA", "kid": "k"}),
            ),
        ] {
            let jwk = Jwk {
                parameters,
                key_use: KeyUse::Signature,
                algorithm,
                kid: "k".into(),
            };
            assert_eq!(serde_json::to_value(&jwk).unwrap(), value);
            assert_eq!(serde_json::from_value::<Jwk>(value).unwrap(), jwk);
        }
    }

    #[test]
    fn other_kinds_of_keys_are_not_read() {
        let good =
            json!({"kty": "RSA", "n": "bg", "e": "AQAB", "use": "sig", "alg": "RS256", "kid": "k"});
        assert!(serde_json::from_value::<Jwk>(good.clone()).is_ok());
        for (member, value) in [
            ("kty", json!("oct")),
            ("kty", json!("EC")),
            ("kty", json!("OKP")),
            ("use", json!("enc")),
            ("alg", json!("HS256")),
            ("alg", json!(null)),
            ("n", json!(null)),
            ("kid", json!(1)),
        ] {
            let mut other = good.clone();
            other[member] = value;
            assert!(
                serde_json::from_value::<Jwk>(other.clone()).is_err(),
                "{other}"
            );
        }
    }
}
