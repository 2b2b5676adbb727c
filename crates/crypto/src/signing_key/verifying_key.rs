//! A public key, checked and parsed once, that verifies with exactly one algorithm.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};

use super::jwk::{Curve, Jwk, PublicParameters, UNCOMPRESSED_POINT};
use super::{KeyError, SigningAlgorithm};
use crate::digest::base64url_decode;

/// RFC 8725 section 3.5 and RFC 7518 section 3.3 ask for 2048 bits; the upper bound keeps a verification short.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Practice is 3 bytes (65537); a longer one only makes a verification slow.
const MAX_EXPONENT_BYTES: usize = 4;

pub(crate) struct VerifyingKey {
    algorithm: SigningAlgorithm,
    key: ParsedPublicKey,
}

impl VerifyingKey {
    /// Reads the public members of `jwk`.
    ///
    /// Refused are members that are not canonical base64url, a key of another kind than its `alg`, RSA below 2048 or above
    /// 8192 bits or with an even or trivial exponent, and a point that is not on the curve.
    pub(crate) fn parse(jwk: &Jwk) -> Result<Self, KeyError> {
        let unusable = |detail| KeyError::UnusableJwk {
            kid: jwk.kid.clone(),
            detail,
        };
        let key = match (&jwk.parameters, jwk.algorithm) {
            (PublicParameters::Rsa { n, e }, SigningAlgorithm::Rs256) => rsa(n, e),
            (
                PublicParameters::Ec {
                    crv: Curve::P256,
                    x,
                    y,
                },
                SigningAlgorithm::Es256,
            ) => p256(x, y),
            (PublicParameters::Rsa { .. } | PublicParameters::Ec { .. }, _) => {
                Err("alg does not fit kty")
            }
        };
        Ok(Self {
            algorithm: jwk.algorithm,
            key: key.map_err(unusable)?,
        })
    }

    pub(crate) fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

fn rsa(n: &str, e: &str) -> Result<ParsedPublicKey, &'static str> {
    let n = base64url_decode(n).ok_or("n is not base64url")?;
    let e = base64url_decode(e).ok_or("e is not base64url")?;
    let leading = n
        .first()
        .filter(|byte| **byte != 0)
        .ok_or("n is empty or starts with a zero byte")?;
    let bits = n.len() * 8 - usize::try_from(leading.leading_zeros()).unwrap_or(0);
    if !RSA_BITS.contains(&bits) {
        return Err("n has fewer than 2048 or more than 8192 bits");
    }
    let is_odd = e.last().is_some_and(|byte| byte % 2 == 1);
    if !is_odd || e == [1] || e.len() > MAX_EXPONENT_BYTES {
        return Err("e is not an odd number above 1 of at most 4 bytes");
    }
    RsaPublicKeyComponents { n, e }
        .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        .map_err(|_| "n and e are not an RSA public key")
}

fn p256(x: &str, y: &str) -> Result<ParsedPublicKey, &'static str> {
    let x: [u8; 32] = base64url_decode(x)
        .and_then(|x| x.try_into().ok())
        .ok_or("x is not 32 bytes of base64url")?;
    let y: [u8; 32] = base64url_decode(y)
        .and_then(|y| y.try_into().ok())
        .ok_or("y is not 32 bytes of base64url")?;
    let point = [&[UNCOMPRESSED_POINT][..], &x, &y].concat();
    ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .map_err(|_| "x and y are not a point on the curve")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::base64url;
    use crate::signing_key::KeyUse;

    fn jwk(parameters: PublicParameters, algorithm: SigningAlgorithm) -> Jwk {
        Jwk {
            parameters,
            key_use: KeyUse::Signature,
            algorithm,
            kid: "k".into(),
        }
    }

    fn ec(x: &str, y: &str) -> PublicParameters {
        PublicParameters::Ec {
            crv: Curve::P256,
            x: x.into(),
            y: y.into(),
        }
    }

    fn rsa_of(n: &[u8], e: &str) -> PublicParameters {
        PublicParameters::Rsa {
            n: base64url(n),
            e: e.into(),
        }
    }

    const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    #[test]
    fn the_es256_example_of_rfc_7515_appendix_a_3_verifies() {
        let key = VerifyingKey::parse(&jwk(ec(X, Y), SigningAlgorithm::Es256)).unwrap();
        let input = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        let signature = base64url_decode(signature).unwrap();
        assert!(key.verify(input.as_bytes(), &signature));
        assert!(!key.verify(&input.as_bytes()[1..], &signature));
    }

    #[test]
    fn unusable_keys_are_refused_with_the_reason() {
        let strong = [0xff; 256];
        let cases = [
            (ec(X, Y), SigningAlgorithm::Rs256, "alg does not fit kty"),
            (
                rsa_of(&strong, "AQAB"),
                SigningAlgorithm::Es256,
                "alg does not fit kty",
            ),
            (
                ec(X, X),
                SigningAlgorithm::Es256,
                "x and y are not a point on the curve",
            ),
            (
                ec("", Y),
                SigningAlgorithm::Es256,
                "x is not 32 bytes of base64url",
            ),
            (
                ec(X, &format!("{Y}=")),
                SigningAlgorithm::Es256,
                "y is not 32 bytes of base64url",
            ),
            (
                rsa_of(&[], "AQAB"),
                SigningAlgorithm::Rs256,
                "n is empty or starts with a zero byte",
            ),
            (
                rsa_of(&[&[0], &strong[..]].concat(), "AQAB"),
                SigningAlgorithm::Rs256,
                "n is empty or starts with a zero byte",
            ),
            (
                rsa_of(&strong[..128], "AQAB"),
                SigningAlgorithm::Rs256,
                "n has fewer than 2048 or more than 8192 bits",
            ),
            (
                rsa_of(&[&[0x7f], &strong[1..]].concat(), "AQAB"),
                SigningAlgorithm::Rs256,
                "n has fewer than 2048 or more than 8192 bits",
            ),
            (
                rsa_of(&[0xff; 1025], "AQAB"),
                SigningAlgorithm::Rs256,
                "n has fewer than 2048 or more than 8192 bits",
            ),
            (
                rsa_of(&strong, ""),
                SigningAlgorithm::Rs256,
                "e is not an odd number above 1 of at most 4 bytes",
            ),
            (
                rsa_of(&strong, "AQ"),
                SigningAlgorithm::Rs256,
                "e is not an odd number above 1 of at most 4 bytes",
            ),
            (
                rsa_of(&strong, "AA"),
                SigningAlgorithm::Rs256,
                "e is not an odd number above 1 of at most 4 bytes",
            ),
            (
                rsa_of(&strong, "AQAA"),
                SigningAlgorithm::Rs256,
                "e is not an odd number above 1 of at most 4 bytes",
            ),
            (
                rsa_of(&strong, "AQABAQABAQAB"),
                SigningAlgorithm::Rs256,
                "e is not an odd number above 1 of at most 4 bytes",
            ),
            (
                rsa_of(&strong, "AQAB="),
                SigningAlgorithm::Rs256,
                "e is not base64url",
            ),
        ];
        for (parameters, algorithm, detail) in cases {
            let jwk = jwk(parameters, algorithm);
            let refused = VerifyingKey::parse(&jwk).map(|_| ()).unwrap_err();
            assert_eq!(
                refused,
                KeyError::UnusableJwk {
                    kid: "k".into(),
                    detail
                },
                "{jwk:?}"
            );
        }
        assert!(
            VerifyingKey::parse(&jwk(rsa_of(&strong, "AQAB"), SigningAlgorithm::Rs256)).is_ok()
        );
    }
}
