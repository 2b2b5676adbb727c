//! Verification of signed tokens (RFC 7519, RFC 8725).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::TokenFault;

/// Longer tokens are not looked at.
const MAX_LENGTH: usize = 16 * 1024;
/// Longer key ids are not looked up.
const MAX_KID: usize = 256;

/// Which kind of token is expected: each refuses the other (RFC 8725 section 3.12).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    IdToken,
    AccessToken,
}

/// What the claims must say.
pub(crate) struct Expected<'a> {
    pub(crate) kind: Kind,
    pub(crate) issuer: &'a str,
    pub(crate) audience: &'a str,
    /// Seconds by which clocks may differ.
    pub(crate) leeway: u64,
}

/// The header members that decide how to verify; embedded keys and key addresses are not read.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: String,
}

#[derive(Deserialize)]
struct RawHeader {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// Reads the header of a token that nobody has verified yet.
pub(crate) fn read_header(jwt: &str, kind: Kind) -> Result<Header, TokenFault> {
    if jwt.len() > MAX_LENGTH {
        return Err(TokenFault::Malformed);
    }
    let [header, _, _] = parts(jwt)?;
    let header: RawHeader = decode_part(header)?;
    if header.crit.is_some() {
        return Err(TokenFault::Malformed);
    }
    let algorithm = match header.alg.as_str() {
        "RS256" => Algorithm::RS256,
        "ES256" => Algorithm::ES256,
        "ES384" => Algorithm::ES384,
        "EdDSA" => Algorithm::EdDSA,
        _ => return Err(TokenFault::Algorithm),
    };
    let typ = header.typ.map(|typ| typ.to_ascii_lowercase());
    let fits = match kind {
        Kind::IdToken => matches!(typ.as_deref(), None | Some("jwt")),
        Kind::AccessToken => matches!(typ.as_deref(), Some("at+jwt" | "application/at+jwt")),
    };
    if !fits {
        return Err(TokenFault::Type);
    }
    let kid = header
        .kid
        .filter(|kid| kid.len() <= MAX_KID)
        .ok_or(TokenFault::UnknownKey)?;
    Ok(Header { algorithm, kid })
}

/// Verifies signature, issuer, audience and times, and gives the claims.
pub(crate) fn verify<T: DeserializeOwned>(
    jwt: &str,
    header: &Header,
    key: &(Algorithm, DecodingKey),
    expected: &Expected<'_>,
) -> Result<T, TokenFault> {
    let (algorithm, key) = key;
    if header.algorithm != *algorithm {
        return Err(TokenFault::Algorithm);
    }
    let mut validation = Validation::new(*algorithm);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.audience]);
    validation.validate_nbf = true;
    validation.leeway = expected.leeway;
    let verified = jsonwebtoken::decode::<Map<String, Value>>(jwt, key, &validation)
        .map_err(|error| fault(error.kind()))?;
    typed(verified.claims)
}

/// The claims of a token that this process or its own storage vouches for.
pub(crate) fn read_claims<T: DeserializeOwned>(jwt: &str) -> Result<T, TokenFault> {
    let [_, claims, _] = parts(jwt)?;
    typed(decode_part(claims)?)
}

fn parts(jwt: &str) -> Result<[&str; 3], TokenFault> {
    let mut parts = jwt.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(claims), Some(signature), None) => Ok([header, claims, signature]),
        _ => Err(TokenFault::Malformed),
    }
}

fn decode_part<T: DeserializeOwned>(part: &str) -> Result<T, TokenFault> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| TokenFault::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenFault::Malformed)
}

fn typed<T: DeserializeOwned>(claims: Map<String, Value>) -> Result<T, TokenFault> {
    T::deserialize(Value::Object(claims)).map_err(|error| TokenFault::Claims(error.to_string()))
}

fn fault(kind: &ErrorKind) -> TokenFault {
    match kind {
        ErrorKind::InvalidSignature => TokenFault::Signature,
        ErrorKind::InvalidIssuer => TokenFault::Issuer,
        ErrorKind::InvalidAudience => TokenFault::Audience,
        ErrorKind::ExpiredSignature => TokenFault::Expired,
        ErrorKind::ImmatureSignature => TokenFault::NotYetValid,
        ErrorKind::InvalidAlgorithm
        | ErrorKind::UnsupportedAlgorithm
        | ErrorKind::MissingAlgorithm => TokenFault::Algorithm,
        ErrorKind::MissingRequiredClaim(name) => TokenFault::Claims(format!("no usable `{name}`")),
        ErrorKind::InvalidClaimFormat(name) => {
            TokenFault::Claims(format!("`{name}` has the wrong type"))
        }
        _ => TokenFault::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(header: &Value) -> String {
        format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(header.to_string()))
    }

    fn header(header: &Value, kind: Kind) -> Result<Header, TokenFault> {
        read_header(&token(header), kind)
    }

    #[test]
    fn header_rules() {
        use TokenFault::{Algorithm, Malformed, Type, UnknownKey};
        let id = |value: Value| header(&value, Kind::IdToken).err();
        let access = |value: Value| header(&value, Kind::AccessToken).err();
        assert_eq!(id(json!({"alg":"RS256","kid":"k"})), None);
        assert_eq!(id(json!({"alg":"EdDSA","kid":"k","typ":"JWT"})), None);
        assert_eq!(
            id(json!({"alg":"ES256","kid":"k","typ":"at+jwt"})),
            Some(Type)
        );
        assert_eq!(
            access(json!({"alg":"ES256","kid":"k","typ":"at+JWT"})),
            None
        );
        assert_eq!(
            access(json!({"alg":"ES384","kid":"k","typ":"application/at+jwt"})),
            None
        );
        assert_eq!(
            access(json!({"alg":"ES256","kid":"k","typ":"JWT"})),
            Some(Type)
        );
        assert_eq!(access(json!({"alg":"ES256","kid":"k"})), Some(Type));
        for alg in [
            "none", "None", "", "HS256", "HS384", "HS512", "RS1", "PS256", "ES512", "rs256",
        ] {
            assert_eq!(id(json!({"alg":alg,"kid":"k"})), Some(Algorithm), "{alg}");
        }
        assert_eq!(id(json!({"alg":"RS256"})), Some(UnknownKey));
        assert_eq!(
            id(json!({"alg":"RS256","kid":"k".repeat(257)})),
            Some(UnknownKey)
        );
        assert_eq!(
            id(json!({"alg":"RS256","kid":"k","crit":["b64"]})),
            Some(Malformed)
        );
        assert_eq!(id(json!({"kid":"k"})), Some(Malformed));
        assert_eq!(id(json!({"alg":1,"kid":"k"})), Some(Malformed));
    }

    #[test]
    fn shapes_that_are_no_jwt() {
        for bad in [
            "",
            ".",
            "..",
            "a.b",
            "a.b.c",
            "e30.e30.AA.AA",
            "{}.{}.{}",
            "e30=.e30.AA",
            "é.é.é",
        ] {
            assert_eq!(
                read_header(bad, Kind::IdToken).err(),
                Some(TokenFault::Malformed),
                "{bad}"
            );
        }
        let long = "a".repeat(MAX_LENGTH + 1);
        assert_eq!(
            read_header(&long, Kind::IdToken).err(),
            Some(TokenFault::Malformed)
        );
    }
}
