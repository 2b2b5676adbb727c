//! The userinfo endpoint (OpenID Connect Core section 5.3).

use meibo_crypto::{digest::sha256_base64url, signing_key::SigningAlgorithm};
use meibo_domain::{Error, grant::AccessToken};
use meibo_oauth::{OAuthError, OAuthErrorCode, scope::ROLES, userinfo};
use meibo_store::{live_tokens, roles};
use serde_json::{Map, Value};

use crate::App;

/// The answer, as the application registered it (section 5.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Userinfo {
    /// The claims.
    Json(Map<String, Value>),
    /// A JWT that says them, for `application/jwt`.
    Signed(String),
}

impl App {
    /// The claims that an opaque access token gives about its user, signed when the application
    /// that it was issued to wants them so.
    ///
    /// # Errors
    /// `invalid_token` for one that is unknown, expired, revoked or whose user is suspended, and for
    /// a JWT; `insufficient_scope` without `openid`.
    pub async fn userinfo(&self, access_token: &str) -> Result<Userinfo, OAuthError> {
        userinfo::check_form(access_token)?;
        let (hash, now) = (sha256_base64url(access_token.as_bytes()), self.now());
        let live = live_tokens::find_access_token_and_user(&self.db, &hash, now)
            .await
            .map_err(Error::from)?;
        let (token, user) = live.ok_or(OAuthErrorCode::InvalidToken)?;
        let token = userinfo::check(Some(&token), !user.is_suspended, now)?;
        let roles = if token.scopes.contains(ROLES) {
            roles::names_of_user(&self.db, &user.id)
                .await
                .map_err(Error::from)?
        } else {
            Vec::new()
        };
        self.render_userinfo(token, userinfo::claims(&user, &token.scopes, &roles))
            .await
    }

    async fn render_userinfo(
        &self,
        token: &AccessToken,
        claims: Map<String, Value>,
    ) -> Result<Userinfo, OAuthError> {
        let client_id = &token.application_id;
        let client = self.client(client_id).await?;
        let client = client.ok_or(OAuthErrorCode::InvalidToken)?;
        let algorithm = client
            .application
            .custom
            .userinfo_signed_response_alg
            .as_deref();
        match algorithm.and_then(SigningAlgorithm::parse) {
            None => Ok(Userinfo::Json(claims)),
            Some(algorithm) => {
                let claims = userinfo::signed_claims(claims, &self.issuer, client_id);
                let signed = self.sign_jwt(algorithm, userinfo::TYPE, claims).await?;
                Ok(Userinfo::Signed(signed))
            }
        }
    }
}
