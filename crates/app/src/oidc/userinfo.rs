//! The userinfo endpoint (OpenID Connect Core section 5.3).

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::Error;
use meibo_oauth::{OAuthError, scope::ROLES, userinfo};
use meibo_store::{grants, roles, users};
use serde_json::{Map, Value};

use crate::App;

impl App {
    /// The claims that an opaque access token gives about its user.
    ///
    /// # Errors
    /// `invalid_token` for one that is unknown, expired, revoked or whose user is suspended;
    /// `insufficient_scope` without `openid`.
    pub async fn userinfo(&self, access_token: &str) -> Result<Map<String, Value>, OAuthError> {
        let now = self.now();
        let hash = sha256_base64url(access_token.as_bytes());
        let token = grants::get_access_token(&self.db, &hash, now)
            .await
            .map_err(Error::from)?;
        let user = match &token {
            Some(token) => users::get(&self.db, &token.user_id)
                .await
                .map_err(Error::from)?,
            None => None,
        };
        let user = user.filter(|user| !user.is_suspended);
        let token = userinfo::check(token.as_ref(), user.is_some(), now)?;
        let Some(user) = user else {
            return Err(meibo_oauth::OAuthErrorCode::InvalidToken.into());
        };
        let roles = if token.scopes.contains(ROLES) {
            roles::names_of_user(&self.db, &user.id)
                .await
                .map_err(Error::from)?
        } else {
            Vec::new()
        };
        Ok(userinfo::claims(&user, &token.scopes, &roles))
    }
}
