//! A public key, checked and parsed once, that verifies with exactly one algorithm.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};

use super::jwk::{Curve, Jwk, OkpCurve, PublicParameters, UNCOMPRESSED_POINT};
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
            (PublicParameters::Ec { crv, x, y }, algorithm) if algorithm == algorithm_of(*crv) => {
                point(*crv, x, y)
            }
            (
                PublicParameters::Okp {
                    crv: OkpCurve::Ed25519,
                    x,
                },
                SigningAlgorithm::EdDsa,
            ) => ed25519(x),
            _ => Err("alg does not fit kty and crv"),
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

/// Each curve has its one algorithm (RFC 7518 section 3.4).
const fn algorithm_of(curve: Curve) -> SigningAlgorithm {
    match curve {
        Curve::P256 => SigningAlgorithm::Es256,
        Curve::P384 => SigningAlgorithm::Es384,
    }
}

fn point(curve: Curve, x: &str, y: &str) -> Result<ParsedPublicKey, &'static str> {
    let coordinate =
        |text| base64url_decode(text).filter(|bytes| bytes.len() == curve.coordinate_bytes());
    let x = coordinate(x).ok_or("x is not a coordinate of the curve in base64url")?;
    let y = coordinate(y).ok_or("y is not a coordinate of the curve in base64url")?;
    let point = [&[UNCOMPRESSED_POINT][..], &x, &y].concat();
    let algorithm = match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED,
    };
    ParsedPublicKey::new(algorithm, point).map_err(|_| "x and y are not a point on the curve")
}

fn ed25519(x: &str) -> Result<ParsedPublicKey, &'static str> {
    // the library also reads a longer encoding; a JWK holds the 32 bytes alone
    let x: [u8; 32] = base64url_decode(x)
        .and_then(|x| x.try_into().ok())
        .ok_or("x is not 32 bytes of base64url")?;
    ParsedPublicKey::new(&ED25519, x).map_err(|_| "x is not an Ed25519 public key")
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
        ec_on(Curve::P256, x, y)
    }

    fn ec_on(crv: Curve, x: &str, y: &str) -> PublicParameters {
        PublicParameters::Ec {
            crv,
            x: x.into(),
            y: y.into(),
        }
    }

    fn okp(x: &str) -> PublicParameters {
        PublicParameters::Okp {
            crv: OkpCurve::Ed25519,
            x: x.into(),
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
    fn the_es384_example_of_rfc_6979_appendix_a_2_6_verifies() {
        let x = "7DpOQVtOGaRWhhgCn0J_pdqai8SukuAuBqrlKGswDGTe-PDqkFWGYGSiVFFUgLwT";
        let y = "gBXZty19VyROqO-awMYhiWcIpZNn-d-59UyoSz8cnbEoiyMcOuDU_nNE_SUzJkcg";
        let signature = "lO27kqXsuKrUc25WxpGRaz-IFAZmzp-nPWTE6pWtEzyBpkgVLkSs-W423R6A-r5Gme9K6xXxeM6h_kDbJgMTjxMOdAoZYkUmIDtjUdCjqU-jKcFFeG5nnnuCxxo4YorI";
        let key =
            VerifyingKey::parse(&jwk(ec_on(Curve::P384, x, y), SigningAlgorithm::Es384)).unwrap();
        let signature = base64url_decode(signature).unwrap();
        assert!(key.verify(b"sample", &signature));
        assert!(!key.verify(b"samplE", &signature));
    }

    #[test]
    fn rfc8037_appendix_a_5_the_example_verifies() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let key = VerifyingKey::parse(&jwk(okp(x), SigningAlgorithm::EdDsa)).unwrap();
        let signature = base64url_decode(signature).unwrap();
        assert!(key.verify(input.as_bytes(), &signature));
        assert!(!key.verify(&input.as_bytes()[1..], &signature));
    }

    #[test]
    fn unusable_keys_are_refused_with_the_reason() {
        let strong = [0xff; 256];
        let cases = [
            (
                ec(X, Y),
                SigningAlgorithm::Rs256,
                "alg does not fit kty and crv",
            ),
            (
                rsa_of(&strong, "AQAB"),
                SigningAlgorithm::Es256,
                "alg does not fit kty and crv",
            ),
            (
                ec(X, X),
                SigningAlgorithm::Es256,
                "x and y are not a point on the curve",
            ),
            (
                ec("", Y),
                SigningAlgorithm::Es256,
                "x is not a coordinate of the curve in base64url",
            ),
            (
                ec(X, Y),
                SigningAlgorithm::Es384,
                "alg does not fit kty and crv",
            ),
            (
                ec_on(Curve::P384, X, Y),
                SigningAlgorithm::Es384,
                "x is not a coordinate of the curve in base64url",
            ),
            (
                ec_on(Curve::P384, X, Y),
                SigningAlgorithm::Es256,
                "alg does not fit kty and crv",
            ),
            (
                okp(X),
                SigningAlgorithm::Es256,
                "alg does not fit kty and crv",
            ),
            (
                ec(X, Y),
                SigningAlgorithm::EdDsa,
                "alg does not fit kty and crv",
            ),
            (
                okp(&base64url(&[9; 31])),
                SigningAlgorithm::EdDsa,
                "x is not 32 bytes of base64url",
            ),
            (
                okp(&base64url(&[9; 44])),
                SigningAlgorithm::EdDsa,
                "x is not 32 bytes of base64url",
            ),
            (
                ec(X, &format!("{Y}=")),
                SigningAlgorithm::Es256,
                "y is not a coordinate of the curve in base64url",
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
