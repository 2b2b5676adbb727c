//! `grant_type=authorization_code` (RFC 6749 section 4.1.3): one success for each code.

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::{
    grant::{AuthorizationCode, Grant, RefreshToken},
    user::User,
};
use meibo_oauth::{
    OAuthError,
    token::{
        GrantState, TokenParameters, TokenResponse,
        authorization_code::{self, CodeRequest},
        issue::gives_refresh_token,
    },
};
use meibo_store::{db::Batch, grants};

use crate::{
    App,
    clients::Client,
    oidc::token_issue::{Issue, TokenPlan},
    outcome::Outcome,
};

impl App {
    pub(super) async fn redeem_code(
        &self,
        client: &Client,
        parameters: &TokenParameters,
    ) -> Result<TokenResponse, OAuthError> {
        let request = CodeRequest::read(parameters)?;
        let hash = sha256_base64url(request.code.expose().as_bytes());
        let plan = self
            .settle(async || self.decide_code(client, &request, &hash).await)
            .await?;
        let user_id = plan.user_id().clone();
        let response = self.sign_tokens(plan).await?;
        self.record_exchange(
            "ExchangeTokenBy.AuthorizationCode",
            client,
            Some(&user_id),
            &response.scope,
        );
        Ok(response)
    }

    async fn decide_code(
        &self,
        client: &Client,
        request: &CodeRequest,
        hash: &str,
    ) -> Result<Outcome<TokenPlan, OAuthError>, OAuthError> {
        let Some((code, grant, user)) = self.load_code(hash).await? else {
            return Ok(Outcome::answer(Err(authorization_code::unknown_code())));
        };
        let now = self.now();
        let application = &client.application;
        let state = GrantState {
            grant: &grant,
            user_is_active: !user.is_suspended,
        };
        let resource = match authorization_code::check(&code, state, request, application, now) {
            Ok(resource) => resource,
            Err(refusal) if refusal.revoke_grant => {
                return Ok(Outcome::commit_and_fail(
                    grants::delete(Batch::new(), &grant.id),
                    refusal.error,
                ));
            }
            Err(refusal) => return Ok(Outcome::answer(Err(refusal.error))),
        };
        let batch = grants::consume_code(Batch::new(), &code.hash, now);
        let (batch, refresh_token) = if gives_refresh_token(application, &grant.scopes) {
            let token = self.entropy.token();
            let refresh_token = RefreshToken {
                hash: sha256_base64url(token.as_bytes()),
                grant_id: grant.id.clone(),
                application_id: application.id.clone(),
                created_at: now,
                chain_started_at: now,
                expires_at: (now + application.refresh_token_ttl()).min(grant.expires_at),
                rotated_at: None,
            };
            (
                grants::insert_refresh_token(batch, &refresh_token),
                Some(token),
            )
        } else {
            (batch, None)
        };
        let scopes = grant.scopes.clone();
        let issue = Issue {
            application: application.clone(),
            grant: grant.clone(),
            user,
            scopes,
            resource,
            refresh_token,
            nonce: grant.nonce.clone(),
        };
        self.plan_tokens(batch, issue).await
    }

    /// The code, its grant and the grant's user, who must be able to sign in.
    async fn load_code(
        &self,
        hash: &str,
    ) -> Result<Option<(AuthorizationCode, Grant, User)>, OAuthError> {
        let code = grants::get_code(&self.db, hash)
            .await
            .map_err(meibo_domain::Error::from)?;
        let Some(code) = code else { return Ok(None) };
        let found = self.load_grant(&code.grant_id).await?;
        Ok(found.map(|(grant, user)| (code, grant, user)))
    }
}
