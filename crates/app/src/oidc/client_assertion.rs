//! `private_key_jwt` (RFC 7523 section 2.2): the assertion is checked with the client's keys and used
//! once, whichever node it is shown to.

use meibo_domain::{Error, application::TokenEndpointAuthMethod};
use meibo_oauth::{
    OAuthError,
    client_auth::assertion::{self, AssertionError, CheckedAssertion},
};
use meibo_store::{client_assertions, db::Batch};

use crate::{App, clients::Client, outcome::Outcome};

impl App {
    /// Takes the assertion as the proof that a request comes from `client`, this time and never
    /// again.
    ///
    /// # Errors
    /// `invalid_client`, the same whatever is wrong with it.
    pub(super) async fn use_assertion(
        &self,
        client: &Client,
        assertion: &str,
    ) -> Result<(), OAuthError> {
        let checked = self
            .check_assertion(client, assertion)
            .await
            .inspect_err(|reason| {
                let client_id = client.application.id.as_str();
                tracing::info!(client_id, %reason, "a client assertion was refused");
            })?;
        self.settle(async || {
            let is_used = client_assertions::is_used(&self.db, &checked.hash)
                .await
                .map_err(Error::from)?;
            if is_used {
                return Ok(Outcome::answer(Err(OAuthError::invalid_client())));
            }
            let batch = client_assertions::consume(Batch::new(), &checked.hash, checked.expires_at);
            Ok(Outcome::commit(batch, ()))
        })
        .await
    }

    async fn check_assertion(
        &self,
        client: &Client,
        assertion: &str,
    ) -> Result<CheckedAssertion, AssertionError> {
        let application = &client.application;
        if application.token_endpoint_auth_method() != TokenEndpointAuthMethod::PrivateKeyJwt {
            return Err(AssertionError::NotRegistered);
        }
        let published = match &application.oidc.jwks_uri {
            Some(url) => self.published_keys(url, assertion).await,
            None => None,
        };
        let keys = client.keys.as_ref().or(published.as_deref());
        let keys = keys.ok_or(AssertionError::NoKeys)?;
        assertion::check(application, keys, assertion, &self.issuer, self.now())
    }
}
