//! `grant_type=client_credentials` (RFC 6749 section 4.4): a signature and no write.

use meibo_crypto::signing_key::SigningAlgorithm;
use meibo_oauth::{
    OAuthError,
    access_token::{self, AccessTokenSource},
    token::{
        TokenParameters, TokenResponse,
        client_credentials::{self, ClientCredentialsRequest},
    },
};

use crate::{App, clients::Client, oidc::token_issue::to_value};

impl App {
    pub(super) async fn give_machine_token(
        &self,
        client: &Client,
        parameters: &TokenParameters,
    ) -> Result<TokenResponse, OAuthError> {
        let request = ClientCredentialsRequest::read(parameters)?;
        let resources = self.known_resources().await?;
        let known = resources.iter().find(|known| match &request.resource {
            Some(indicator) => known.resource.indicator == *indicator,
            None => known.resource.is_default,
        });
        let allowed = known
            .map(|known| client.held_scopes.for_resource(&known.resource.indicator))
            .unwrap_or_default();
        let given = client_credentials::check(&request, known, &allowed)?;
        let application_id = &client.application.id;
        let source = AccessTokenSource {
            issuer: &self.issuer,
            id: &self.new_id(),
            subject: application_id.as_str(),
            application_id,
            audience: &given.audience,
            scope: &given.scope,
            ttl: given.ttl,
        };
        let claims = to_value(&access_token::claims(source, self.now()))?;
        let token = self
            .sign_jwt(SigningAlgorithm::Es256, access_token::TYPE, claims)
            .await?;
        let scope = given.scope.to_string();
        self.record_exchange("ExchangeTokenBy.ClientCredentials", client, None, &scope);
        Ok(TokenResponse::new(token, scope, given.ttl.as_secs()))
    }
}
