//! The claims of the scope `custom_data` that come from the operator's storage, for `/oidc`.
//!
//! Mapped properties are standard claims there (`birthday` is `birthdate`, `first_name` is `given_name`)
//! and follow the rules of all others.

use serde_json::{Map, Value};

use super::token_claims::{MappedClaims, bounded};
use crate::server_custom_id::ServerCustomId;

/// Where claims are put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimPlace {
    /// An ID token.
    IdToken,
    /// The answer of userinfo.
    Userinfo,
}

/// What an ID token carries of the operator's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdTokenClaims {
    /// `server_custom_id`
    pub server_custom_id: bool,
    /// `partner_data`, as far as it has at most 1,000 characters.
    pub partner_data: bool,
}

impl Default for IdTokenClaims {
    fn default() -> Self {
        Self {
            server_custom_id: true,
            partner_data: false,
        }
    }
}

/// The claims for a token or answer that the scope `custom_data` was granted for. What is not there is
/// left out, never null.
#[must_use]
pub fn storage_claims(
    place: ClaimPlace,
    settings: IdTokenClaims,
    server_custom_id: Option<&ServerCustomId>,
    partner_data: Option<&Map<String, Value>>,
) -> MappedClaims {
    let is_token = place == ClaimPlace::IdToken;
    let mut claims = MappedClaims::default();
    if let Some(id) = server_custom_id
        && (!is_token || settings.server_custom_id)
    {
        let id = Value::String(id.to_string());
        claims.members.insert("server_custom_id".to_owned(), id);
    }
    let Some(data) = partner_data.filter(|_| !is_token || settings.partner_data) else {
        return claims;
    };
    let data = if is_token {
        bounded(data)
    } else {
        Ok(Value::Object(data.clone()))
    };
    match data {
        Ok(data) => {
            claims.members.insert("partner_data".to_owned(), data);
        }
        Err(left_out) => claims.left_out = Some(left_out),
    }
    claims
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stands_where() {
        let id = ServerCustomId::parse("12345678").unwrap();
        let object = |value: Value| value.as_object().unwrap().clone();
        let small = object(json!({"admin": false}));
        let large = object(json!({"text": "x".repeat(1_000)}));
        let all = IdTokenClaims {
            server_custom_id: true,
            partner_data: true,
        };
        let none = IdTokenClaims {
            server_custom_id: false,
            partner_data: false,
        };
        let default = IdTokenClaims::default();
        for (place, settings, data, names, is_left_out) in [
            (
                ClaimPlace::IdToken,
                default,
                &small,
                &["server_custom_id"][..],
                false,
            ),
            (
                ClaimPlace::IdToken,
                all,
                &small,
                &["server_custom_id", "partner_data"],
                false,
            ),
            (
                ClaimPlace::IdToken,
                all,
                &large,
                &["server_custom_id"],
                true,
            ),
            (ClaimPlace::IdToken, none, &small, &[], false),
            (
                ClaimPlace::Userinfo,
                none,
                &small,
                &["server_custom_id", "partner_data"],
                false,
            ),
            (
                ClaimPlace::Userinfo,
                default,
                &large,
                &["server_custom_id", "partner_data"],
                false,
            ),
        ] {
            let claims = storage_claims(place, settings, Some(&id), Some(data));
            let found: Vec<_> = claims.members.keys().map(String::as_str).collect();
            assert_eq!(found, names);
            assert_eq!(claims.left_out.is_some(), is_left_out);
        }
        assert_eq!(
            storage_claims(ClaimPlace::Userinfo, all, None, None),
            MappedClaims::default()
        );
    }
}
