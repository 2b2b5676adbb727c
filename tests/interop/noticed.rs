//! What is noticed by libraries that more than one client is made of, and the words that say so.

use crate::support::tampering::Defect;

/// `oauth4webapi`, and `openid-client`, which is made of it.
pub(super) const BY_OAUTH4WEBAPI: &[(Defect, &str)] = &[
    (Defect::DiscoveryIssuer, "does not match the expected"),
    (
        Defect::RedirectIssuer,
        r#"unexpected "iss" (issuer) response parameter value"#,
    ),
    (
        Defect::IdTokenNonce,
        r#"unexpected ID Token "nonce" claim value"#,
    ),
    (
        Defect::IdTokenAudience,
        r#"unexpected JWT "aud" (audience) claim value"#,
    ),
    (
        Defect::IdTokenExpired,
        r#"unexpected JWT "exp" (expiration time) claim value"#,
    ),
    (
        Defect::IdTokenSignature,
        "JWT signature verification failed",
    ),
    (Defect::JwksWithoutKey, "OAUTH_KEY_SELECTION_FAILED"),
    (
        Defect::UserinfoSubject,
        r#"unexpected "response" body "sub" property value"#,
    ),
    (
        Defect::TokenWithout("token_type"),
        r#""token_type" property must be a string"#,
    ),
    (
        Defect::TokenWithout("access_token"),
        r#""access_token" property must be a string"#,
    ),
    (
        Defect::TokenWithout("id_token"),
        r#""id_token" property must be a string"#,
    ),
];

/// `@logto/client`, of which `@logto/express` and `@logto/browser` are made. It sends no nonce, and compares neither
/// `iss` of the redirect nor `sub` of userinfo.
pub(super) const BY_LOGTO_CLIENT: &[(Defect, &str)] = &[
    (Defect::DiscoveryIssuer, r#"unexpected "iss" claim value"#),
    (Defect::IdTokenAudience, r#"unexpected "aud" claim value"#),
    (
        Defect::IdTokenExpired,
        r#""exp" claim timestamp check failed"#,
    ),
    (Defect::IdTokenSignature, "signature verification failed"),
    (Defect::JwksWithoutKey, "ERR_JWKS_NO_MATCHING_KEY"),
    (Defect::TokenWithout("id_token"), "ERR_JWS_INVALID"),
    (
        Defect::TokenFails,
        "Unexpected response error from the server",
    ),
];
