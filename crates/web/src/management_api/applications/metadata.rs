//! The schemas of an application's metadata. The members themselves are read and written by the
//! domain's own types; a test keeps both alike.

use utoipa::ToSchema;

/// What an application is: `Native` and `SPA` are public clients, `Traditional` and
/// `MachineToMachine` have a secret.
#[derive(ToSchema)]
#[schema(as = ApplicationType)]
#[expect(dead_code, reason = "only the schema is used")]
pub(super) enum ApplicationTypeSchema {
    Native,
    #[schema(rename = "SPA")]
    Spa,
    Traditional,
    MachineToMachine,
}

/// Registered metadata of an OAuth client.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", as = OidcClientMetadata)]
#[expect(dead_code, reason = "only the schema is used")]
pub(super) struct OidcClientMetadataSchema {
    /// Where codes may be sent; compared exactly. At most 100.
    #[schema(required = false)]
    redirect_uris: Vec<String>,
    /// Where people may be sent after signing out; compared exactly. At most 100.
    #[schema(required = false)]
    post_logout_redirect_uris: Vec<String>,
    /// Where a logout token is posted (OpenID Connect Back-Channel Logout).
    backchannel_logout_uri: Option<String>,
    /// Must a logout token carry `sid`?
    backchannel_logout_session_required: Option<bool>,
    /// A logo; kept, not shown.
    logo_uri: Option<String>,
    /// How it authenticates at the token endpoint: `client_secret_basic` (unless told),
    /// `client_secret_post` (both are taken alike), `private_key_jwt` (no secret is taken then) or,
    /// for public clients only, `none`.
    token_endpoint_auth_method: Option<String>,
    /// Its public keys as a JWK Set of 1 to 20 keys, for `private_key_jwt`; keys with private
    /// members are refused. Not together with `jwksUri`.
    #[schema(value_type = Option<Object>)]
    jwks: Option<serde_json::Value>,
    /// Where it publishes its JWK Set instead: an https URL, or http to a host that
    /// `outbound-allow` names. Read again after ten minutes, and for an unknown key id.
    jwks_uri: Option<String>,
}

/// Settings of an OAuth client.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", as = CustomClientMetadata)]
#[expect(dead_code, reason = "only the schema is used")]
pub(super) struct CustomClientMetadataSchema {
    /// Origins from which browsers may call the token endpoint, beside those of the redirect URIs.
    cors_allowed_origins: Option<Vec<String>>,
    /// Seconds that an ID token lives, 60 to 86,400; 3,600 unless told.
    id_token_ttl: Option<i64>,
    /// Seconds that a refresh token lives; the older form of `refreshTokenTtlInDays`.
    refresh_token_ttl: Option<i64>,
    /// Days that a refresh token lives, 1 to 180; 14 unless told.
    refresh_token_ttl_in_days: Option<i64>,
    /// Is a refresh token issued without the scope `offline_access` too? Not for Native.
    always_issue_refresh_token: Option<bool>,
    /// Are refresh tokens rotated? On unless told; always for public clients.
    rotate_refresh_token: Option<bool>,
    /// Grants that one person may have at the application, 1 to 1,000; the oldest ends when another is
    /// made. Any number unless told.
    max_allowed_grants: Option<i64>,
    /// How ID tokens are signed: `RS256` (unless told), `ES256`, `ES384` or `EdDSA`.
    id_token_signed_response_alg: Option<String>,
    /// How userinfo is signed: `RS256` or `ES256`; plain JSON unless told.
    userinfo_signed_response_alg: Option<String>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use meibo_domain::application::{ApplicationType, CustomClientMetadata, OidcClientMetadata};
    use serde::Serialize;
    use utoipa::PartialSchema;

    use super::*;

    fn members(value: impl Serialize) -> BTreeSet<String> {
        let value = serde_json::to_value(value).unwrap();
        let members = value.get("properties").unwrap_or(&value);
        members.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn the_schemas_have_the_members_of_the_domain() {
        let oidc = OidcClientMetadata {
            redirect_uris: vec![],
            post_logout_redirect_uris: vec![],
            backchannel_logout_uri: Some(String::new()),
            backchannel_logout_session_required: Some(true),
            logo_uri: Some(String::new()),
            token_endpoint_auth_method: Some(String::new()),
            jwks: Some(serde_json::Map::new()),
            jwks_uri: Some(String::new()),
        };
        assert_eq!(members(OidcClientMetadataSchema::schema()), members(oidc));
        let custom = CustomClientMetadata {
            cors_allowed_origins: Some(vec![]),
            id_token_ttl: Some(1),
            refresh_token_ttl: Some(1),
            refresh_token_ttl_in_days: Some(1),
            always_issue_refresh_token: Some(true),
            rotate_refresh_token: Some(true),
            max_allowed_grants: Some(1),
            id_token_signed_response_alg: Some(String::new()),
            userinfo_signed_response_alg: Some(String::new()),
        };
        assert_eq!(
            members(CustomClientMetadataSchema::schema()),
            members(custom)
        );
        let types: Vec<_> = ApplicationType::ALL
            .iter()
            .map(|kind| kind.as_str())
            .collect();
        let schema = serde_json::to_value(ApplicationTypeSchema::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::json!(types));
    }
}
