//! What is registered for an application and how it is set, in the Management API's JSON.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ApplicationType, MAX_URIS};
use crate::{Error, Result, signing_key::SIGNING_ALGORITHMS};

/// The registered metadata of OpenID Connect Registration that the contract keeps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OidcClientMetadata {
    /// Where codes may be sent.
    pub redirect_uris: Vec<String>,
    /// Where people may be sent after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where a logout token is posted (OpenID Connect Back-Channel Logout).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Must a logout token carry `sid`?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_session_required: Option<bool>,
    /// A logo; kept, not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// How it authenticates at the token endpoint; see [`super::TokenEndpointAuthMethod`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method: Option<String>,
    /// Its public keys (RFC 7517), which client assertions are verified with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Map<String, Value>>,
    /// Where it publishes them instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
}

/// Settings of an application that the contract adds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomClientMetadata {
    /// Origins from which browsers may call the token endpoint, beside those of the redirect URIs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cors_allowed_origins: Option<Vec<String>>,
    /// Seconds that an ID token lives, 60 to 86,400.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_ttl: Option<i64>,
    /// Seconds that a refresh token lives; the older form of the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_ttl: Option<i64>,
    /// Days that a refresh token lives, 1 to 180.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_ttl_in_days: Option<i64>,
    /// Is a refresh token issued without `offline_access` too (applications with a server only)?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub always_issue_refresh_token: Option<bool>,
    /// Are refresh tokens rotated? On unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotate_refresh_token: Option<bool>,
    /// Grants that one person may have at the application, 1 to 1,000; the oldest ends when another
    /// is made. Any number unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_allowed_grants: Option<i64>,
    /// How ID tokens are signed: RS256 (unless told), ES256, ES384 or `EdDSA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signed_response_alg: Option<String>,
    /// How userinfo is signed (OpenID Connect Core section 5.3.2); plain JSON unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<String>,
}

impl CustomClientMetadata {
    pub(super) fn check(&self, application_type: ApplicationType) -> Result<()> {
        let range = |path: &str, value: Option<i64>, low: i64, high: i64| match value {
            Some(value) if !(low..=high).contains(&value) => {
                Err(Error::invalid(path, "range", format!("{low} to {high}")))
            }
            _ => Ok(()),
        };
        range("idTokenTtl", self.id_token_ttl, 60, 86_400)?;
        range("refreshTokenTtl", self.refresh_token_ttl, 60, 180 * 86_400)?;
        range(
            "refreshTokenTtlInDays",
            self.refresh_token_ttl_in_days,
            1,
            180,
        )?;
        range("maxAllowedGrants", self.max_allowed_grants, 1, 1000)?;
        if self.rotate_refresh_token == Some(false) && application_type.is_public() {
            return Err(Error::invalid(
                "rotateRefreshToken",
                "rotation",
                "refresh tokens of a public client always rotate (RFC 9700)",
            ));
        }
        for (path, algorithm) in [
            (
                "idTokenSignedResponseAlg",
                &self.id_token_signed_response_alg,
            ),
            (
                "userinfoSignedResponseAlg",
                &self.userinfo_signed_response_alg,
            ),
        ] {
            if let Some(algorithm) = algorithm
                && !SIGNING_ALGORITHMS.contains(&algorithm.as_str())
            {
                return Err(Error::invalid(
                    path,
                    "algorithm",
                    "RS256, ES256, ES384 or EdDSA",
                ));
            }
        }
        let origins = self.cors_allowed_origins.as_deref().unwrap_or_default();
        if origins.len() > MAX_URIS {
            return Err(Error::invalid(
                "corsAllowedOrigins",
                "too_many",
                format!("at most {MAX_URIS}"),
            ));
        }
        for (index, origin) in origins.iter().enumerate() {
            let is_origin = url::Url::parse(origin)
                .is_ok_and(|url| url.origin().ascii_serialization() == *origin);
            if !is_origin {
                return Err(Error::invalid(
                    format!("corsAllowedOrigins.{index}"),
                    "origin",
                    "an origin such as https://app.example",
                ));
            }
        }
        Ok(())
    }
}
