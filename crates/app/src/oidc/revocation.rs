//! Token revocation (RFC 7009).

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::Error;
use meibo_oauth::{
    OAuthError,
    revocation::{FoundToken, Revocation, RevocationParameters, decide},
};
use meibo_store::{db::Batch, grants};

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
        let hash = sha256_base64url(parameters.token()?.expose().as_bytes());
        self.settle(async || {
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
            let batch = match decide(&client.application, found) {
                Revocation::RevokeGrant(id) => grants::delete(Batch::new(), id),
                Revocation::DeleteAccessToken(hash) => {
                    grants::delete_access_token(Batch::new(), hash)
                }
                Revocation::Nothing => Batch::new(),
            };
            Ok(Outcome::commit(batch, ()))
        })
        .await
    }
}
