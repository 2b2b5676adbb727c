//! Token introspection (RFC 7662).

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::Error;
use meibo_oauth::{
    OAuthError,
    introspection::{self, Introspection, IntrospectionParameters, LiveToken},
};
use meibo_store::live_tokens::{self, GrantedRefreshToken, Live};

use crate::{App, clients::Client};

impl App {
    /// What a confidential client learns of a token: the access tokens that it may ask about, a refresh token of its own.
    ///
    /// # Errors
    /// `invalid_client`, also for a public client; `invalid_request` without a token. Never for what
    /// the token is.
    pub async fn introspect(
        &self,
        authorization: Option<&str>,
        pairs: &[(String, String)],
    ) -> Result<Introspection, OAuthError> {
        let parameters = IntrospectionParameters::parse(pairs)?;
        let client = self.authenticate_client(authorization, &parameters).await?;
        introspection::check_client(&client.application)?;
        let token = parameters.token()?;
        let token = token.expose();
        // A token with dots is a JWT and in no table.
        if token.contains('.') {
            return self.introspect_jwt(&client, token).await;
        }
        // The first kind is nearly always the right one, so the other is looked for afterwards.
        let first = self
            .introspect_stored(&client, token, parameters.hints_at_refresh_token())
            .await?;
        match first {
            Some(found) => Ok(found),
            None => {
                let is_refresh = !parameters.hints_at_refresh_token();
                let second = self.introspect_stored(&client, token, is_refresh).await?;
                Ok(second.unwrap_or_default())
            }
        }
    }

    async fn introspect_jwt(
        &self,
        client: &Client,
        token: &str,
    ) -> Result<Introspection, OAuthError> {
        let Some(verified) = self.verify_access_token(token).await else {
            return Ok(Introspection::default());
        };
        let status = self.jwt_status(&verified).await?;
        let found = match &status {
            Some(live) => LiveToken::Jwt {
                token: &verified,
                username: live.username.as_deref(),
            },
            None => LiveToken::Nothing,
        };
        Ok(self.answer_introspection(client, found))
    }

    /// The answer for a token of one of the two kinds that the register keeps, if it has it.
    async fn introspect_stored(
        &self,
        client: &Client,
        token: &str,
        is_refresh_token: bool,
    ) -> Result<Option<Introspection>, OAuthError> {
        if !is_refresh_token {
            let live = self.live_access_token(token).await?;
            return Ok(live.map(|Live { token, username }| {
                let found = LiveToken::Opaque {
                    token: &token,
                    username: username.as_deref(),
                };
                self.answer_introspection(client, found)
            }));
        }
        let hash = sha256_base64url(token.as_bytes());
        let live = live_tokens::find_refresh_token(&self.db, &hash, self.now())
            .await
            .map_err(Error::from)?;
        Ok(live.map(|Live { token, username }| {
            let GrantedRefreshToken {
                token,
                user_id,
                scopes,
            } = &token;
            let found = LiveToken::Refresh {
                token,
                user_id,
                scopes,
                username: username.as_deref(),
            };
            self.answer_introspection(client, found)
        }))
    }

    fn answer_introspection(&self, client: &Client, found: LiveToken<'_>) -> Introspection {
        introspection::decide(&client.application, found, &self.issuer, self.now())
    }
}
