//! Token revocation (RFC 7009).

use meibo_domain::{
    application::Application,
    grant::{AccessToken, RefreshToken},
    ids::GrantId,
    time::Timestamp,
};

use crate::{
    OAuthError, access_token::VerifiedAccessToken, parameters::request_parameters,
    parameters::required, secret::Secret,
};

request_parameters! {
    /// A revocation request as received (section 2.1). `token_type_hint` is not read: every kind of
    /// token is looked for anyway.
    pub struct RevocationParameters {
        /// The token.
        token: 16384,
        /// Which application asks.
        client_id: 128,
        /// Its secret (client_secret_post).
        client_secret: 1024,
        /// Its signed assertion (private_key_jwt, RFC 7523 section 2.2).
        client_assertion: 16384,
        /// What kind of assertion that is.
        client_assertion_type: 256,
    }
}

impl RevocationParameters {
    /// The token; its SHA-256 is the look-up key.
    ///
    /// # Errors
    /// `invalid_request` when it is missing.
    pub fn token(&self) -> Result<Secret, OAuthError> {
        required(self.token.as_ref(), "token").map(|token| Secret::new(token.to_owned()))
    }
}

/// What the token is.
#[derive(Debug, Clone, Copy)]
pub enum FoundToken<'a> {
    /// A refresh token.
    Refresh(&'a RefreshToken),
    /// An opaque access token.
    Access(&'a AccessToken),
    /// A JWT access token that verified.
    Jwt(&'a VerifiedAccessToken),
    /// Nothing: unknown, expired, revoked before, or a token that cannot be revoked.
    Nothing,
}

/// What is done; the answer is 200 with an empty body in every case (section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation<'a> {
    /// The grant ends with everything issued under it (section 2.1).
    RevokeGrant(&'a GrantId),
    /// The access token with this hash is deleted.
    DeleteAccessToken(&'a str),
    /// The JWT access token with this `jti` is denied until it expires.
    DenyJwt {
        /// The token's id.
        jti: &'a str,
        /// When it would have ended.
        expires_at: Timestamp,
    },
    /// Nothing, and nobody learns that another application's token exists.
    Nothing,
}

/// Decides what `application`, authenticated before, revokes.
#[must_use]
pub fn decide<'a>(application: &Application, found: FoundToken<'a>) -> Revocation<'a> {
    match found {
        FoundToken::Refresh(token) if token.application_id == application.id => {
            Revocation::RevokeGrant(&token.grant_id)
        }
        FoundToken::Access(token) if token.application_id == application.id => {
            Revocation::DeleteAccessToken(&token.hash)
        }
        FoundToken::Jwt(token) if token.client_id == application.id => Revocation::DenyJwt {
            jti: &token.id,
            expires_at: token.expires_at,
        },
        FoundToken::Refresh(_)
        | FoundToken::Access(_)
        | FoundToken::Jwt(_)
        | FoundToken::Nothing => Revocation::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use meibo_domain::{application::ApplicationType, ids::ApplicationId};

    use super::*;
    use crate::testing::{access_token, application, pairs, persons_jwt, refresh_token};

    #[test]
    fn rfc7009_2_1_refresh_tokens_end_their_grant_and_access_tokens_themselves() {
        let (application, refresh, access) = (
            application(ApplicationType::Spa),
            refresh_token(),
            access_token("openid"),
        );
        assert_eq!(
            decide(&application, FoundToken::Refresh(&refresh)),
            Revocation::RevokeGrant(&refresh.grant_id)
        );
        assert_eq!(
            decide(&application, FoundToken::Access(&access)),
            Revocation::DeleteAccessToken("h")
        );
        let jwt = persons_jwt("read");
        assert_eq!(
            decide(&application, FoundToken::Jwt(&jwt)),
            Revocation::DenyJwt {
                jti: "grant.j1",
                expires_at: jwt.expires_at
            }
        );
    }

    #[test]
    fn rfc7009_2_2_unknown_and_foreign_tokens_look_the_same() {
        let mut other = application(ApplicationType::Spa);
        other.id = ApplicationId::parse("other").unwrap();
        let (refresh, access) = (refresh_token(), access_token("openid"));
        for found in [
            FoundToken::Nothing,
            FoundToken::Refresh(&refresh),
            FoundToken::Access(&access),
            FoundToken::Jwt(&persons_jwt("read")),
        ] {
            assert_eq!(decide(&other, found), Revocation::Nothing);
        }
    }

    #[test]
    fn rfc7009_2_1_the_token_is_required() {
        let read =
            |list: &[(&str, &str)]| RevocationParameters::parse(&pairs(list)).unwrap().token();
        assert!(read(&[("token_type_hint", "refresh_token")]).is_err());
        assert_eq!(
            read(&[("token", "t"), ("token_type_hint", "anything")])
                .unwrap()
                .expose(),
            "t"
        );
    }
}
