//! Token revocation (RFC 7009).

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::Error;
use meibo_oauth::{
    OAuthError,
    revocation::{FoundToken, Revocation, RevocationParameters, decide},
};
use meibo_store::{db::Batch, grants, revoked_tokens};

use crate::{App, outcome::Outcome};

impl App {
    /// Revokes a token of the client that asks; tokens of others, and unknown ones, are left alone
    /// and answered alike.
    ///
    /// # Errors
    /// `invalid_client`, `invalid_request` without a token.
    pub async fn revoke(
        &self,
        authorization: Option<&str>,
        pairs: &[(String, String)],
    ) -> Result<(), OAuthError> {
        let parameters = RevocationParameters::parse(pairs)?;
        let client = self.authenticate_client(authorization, &parameters).await?;
        let token = parameters.token()?;
        let jwt = self.verify_access_token(token.expose()).await;
        let hash = sha256_base64url(token.expose().as_bytes());
        self.settle(async || {
            if let Some(jwt) = &jwt {
                let decided = decide(&client.application, FoundToken::Jwt(jwt));
                return Ok(Outcome::commit(revoke(decided), ()));
            }
            let (refresh_token, access_token) = futures_util::try_join!(
                grants::get_refresh_token(&self.db, &hash),
                grants::get_access_token(&self.db, &hash, self.now())
            )
            .map_err(Error::from)?;
            let found = match (&refresh_token, &access_token) {
                (Some(token), _) => FoundToken::Refresh(token),
                (None, Some(token)) => FoundToken::Access(token),
                (None, None) => FoundToken::Nothing,
            };
            Ok(Outcome::commit(
                revoke(decide(&client.application, found)),
                (),
            ))
        })
        .await
    }
}

fn revoke(revocation: Revocation<'_>) -> Batch {
    match revocation {
        Revocation::RevokeGrant(id) => grants::delete(Batch::new(), id),
        Revocation::DeleteAccessToken(hash) => grants::delete_access_token(Batch::new(), hash),
        Revocation::DenyJwt { jti, expires_at } => {
            revoked_tokens::insert(Batch::new(), jti, expires_at)
        }
        Revocation::Nothing => Batch::new(),
    }
}
