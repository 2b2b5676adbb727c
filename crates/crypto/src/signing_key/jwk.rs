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

/// The public members of a key (RFC 7518 section 6), each base64url.
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
}

/// A curve of RFC 7518 section 6.2.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Curve {
    /// NIST P-256.
    #[serde(rename = "P-256")]
    P256,
}

impl PublicParameters {
    /// The SHA-256 thumbprint, 43 characters of base64url (RFC 7638 section 3).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        // the required members alone, in the order of their names, without white space
        let canonical = match self {
            Self::Rsa { n, e } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
            Self::Ec {
                crv: Curve::P256,
                x,
                y,
            } => format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#),
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
    fn members_are_those_of_rfc_7517() {
        let jwk = Jwk {
            parameters: PublicParameters::Ec {
                crv: Curve::P256,
                x: "eA".into(),
                y: "eQ".into(),
            },
            key_use: KeyUse::Signature,
            algorithm: SigningAlgorithm::Es256,
            kid: "k".into(),
        };
        let value = json!({"kty": "EC", "crv": "P-256", "x": "eA", "y": "eQ", "use": "sig", "alg": "ES256", "kid": "k"});
        assert_eq!(serde_json::to_value(&jwk).unwrap(), value);
        assert_eq!(serde_json::from_value::<Jwk>(value).unwrap(), jwk);
    }

    #[test]
    fn other_kinds_of_keys_are_not_read() {
        let good =
            json!({"kty": "RSA", "n": "bg", "e": "AQAB", "use": "sig", "alg": "RS256", "kid": "k"});
        assert!(serde_json::from_value::<Jwk>(good.clone()).is_ok());
        for (member, value) in [
            ("kty", json!("oct")),
            ("kty", json!("EC")),
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
