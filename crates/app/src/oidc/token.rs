//! The token endpoint: who asks, and which grant. One file a grant.

mod authorization_code;
mod client_credentials;
mod refresh_token;

use std::sync::Arc;

use meibo_domain::{event::Activity, ids::UserId};
use meibo_oauth::{
    OAuthError,
    client_auth::{self, ClientAuthentication, ClientAuthenticationMethod, ClientForm},
    token::{GrantType, TokenParameters, TokenResponse},
};
use serde_json::json;

use crate::{App, clients::Client};

impl App {
    /// Handles a token request (RFC 6749 section 3.2). `authorization` is the header's value.
    ///
    /// # Errors
    /// As RFC 6749 section 5.2 has them.
    pub async fn token(
        &self,
        authorization: Option<&str>,
        pairs: &[(String, String)],
    ) -> Result<TokenResponse, OAuthError> {
        let parameters = TokenParameters::parse(pairs)?;
        let client = self.authenticate_client(authorization, &parameters).await?;
        let grant_type = GrantType::parse(&parameters)?;
        grant_type.check_allowed(&client.application)?;
        match grant_type {
            GrantType::AuthorizationCode => self.redeem_code(&client, &parameters).await,
            GrantType::RefreshToken => self.refresh(&client, &parameters).await,
            GrantType::ClientCredentials => self.give_machine_token(&client, &parameters).await,
        }
    }

    /// The client that a request proves to come from.
    ///
    /// # Errors
    /// `invalid_client`, the same whatever is wrong with the proof.
    pub(crate) async fn authenticate_client<'a>(
        &self,
        authorization: Option<&str>,
        form: impl Into<ClientForm<'a>>,
    ) -> Result<Arc<Client>, OAuthError> {
        let authentication = ClientAuthentication::extract(authorization, form)?;
        let client = self.client_by_text(&authentication.client_id).await?;
        if let ClientAuthenticationMethod::PrivateKeyJwt { assertion } = &authentication.method {
            let client = client.ok_or_else(OAuthError::invalid_client)?;
            self.use_assertion(&client, assertion.expose()).await?;
            return Ok(client);
        }
        let (application, secrets) = match &client {
            Some(client) => (Some(&client.application), client.secrets.as_slice()),
            None => (None, &[][..]),
        };
        client_auth::check(application, secrets, &authentication, self.now())?;
        client.ok_or_else(OAuthError::invalid_client)
    }

    /// Notes that tokens were issued.
    fn record_exchange(
        &self,
        key: &'static str,
        client: &Client,
        user: Option<&UserId>,
        scope: &str,
    ) {
        self.record_activity(Activity {
            key,
            is_success: true,
            user_id: user.map(|id| id.as_str().to_owned()),
            application_id: Some(client.application.id.as_str().to_owned()),
            payload: json!({ "scope": scope }),
            at: self.now(),
        });
    }
}
