//! `grant_type=refresh_token` (RFC 6749 section 6): each token has one successor, which is derived
//! from it, so that two requests at once get the same one and nothing clear is stored.

use meibo_crypto::digest::{base64url, hmac_sha256, sha256_base64url};
use meibo_domain::grant::{Grant, RefreshToken};
use meibo_oauth::{
    OAuthError,
    scope::OFFLINE_ACCESS,
    token::{
        GrantState, TokenParameters, TokenResponse,
        refresh_token::{self, NextToken, RefreshRequest},
    },
};
use meibo_store::{db::Batch, grants, sessions};

use crate::{
    App,
    clients::Client,
    oidc::token_issue::{Issue, TokenPlan},
    outcome::Outcome,
};

impl App {
    pub(super) async fn refresh(
        &self,
        client: &Client,
        parameters: &TokenParameters,
    ) -> Result<TokenResponse, OAuthError> {
        let request = RefreshRequest::read(parameters)?;
        let plan = self
            .settle(async || self.decide_refresh(client, &request).await)
            .await?;
        let user_id = plan.user_id().clone();
        let response = self.sign_tokens(plan).await?;
        self.record_exchange(
            "ExchangeTokenBy.RefreshToken",
            client,
            Some(&user_id),
            &response.scope,
        );
        Ok(response)
    }

    async fn decide_refresh(
        &self,
        client: &Client,
        request: &RefreshRequest,
    ) -> Result<Outcome<TokenPlan, OAuthError>, OAuthError> {
        let presented = request.refresh_token.expose();
        let hash = sha256_base64url(presented.as_bytes());
        let unknown = || Ok(Outcome::answer(Err(refresh_token::unknown_token())));
        let found = grants::get_refresh_token(&self.db, &hash)
            .await
            .map_err(meibo_domain::Error::from)?;
        let Some(token) = found else { return unknown() };
        let Some((grant, user)) = self.load_grant(&token.grant_id).await? else {
            return unknown();
        };
        let now = self.now();
        let application = &client.application;
        let state = GrantState {
            grant: &grant,
            user_is_active: !user.is_suspended,
        };
        let refresh = match refresh_token::check(&token, state, request, application, now) {
            Ok(refresh) => refresh,
            Err(refusal) if refusal.revoke_grant => {
                return Ok(Outcome::commit_and_fail(
                    grants::delete(Batch::new(), &grant.id),
                    refusal.error,
                ));
            }
            Err(refusal) => return Ok(Outcome::answer(Err(refusal.error))),
        };
        let batch = self.note_session_use(Batch::new(), &grant).await?;
        let (batch, refresh_token) = match refresh.next_token {
            NextToken::Rotate { expires_at } => {
                let successor = self.successor_of(presented);
                let row = RefreshToken {
                    hash: sha256_base64url(successor.as_bytes()),
                    grant_id: grant.id.clone(),
                    application_id: application.id.clone(),
                    created_at: now,
                    chain_started_at: token.chain_started_at,
                    expires_at: expires_at.min(grant.expires_at),
                    rotated_at: None,
                };
                let batch = grants::rotate_refresh_token(batch, &hash, now);
                (grants::insert_refresh_token(batch, &row), successor)
            }
            NextToken::Repeat => (batch, self.successor_of(presented)),
            NextToken::Keep => (
                grants::keep_refresh_token(batch, &hash),
                presented.to_owned(),
            ),
        };
        let issue = Issue {
            application: application.clone(),
            grant: grant.clone(),
            user,
            scopes: refresh.scopes,
            resource: refresh.resource,
            refresh_token: Some(refresh_token),
            nonce: None,
        };
        self.plan_tokens(batch, issue).await
    }

    /// An application that goes on in a session uses it; access without end depends on none.
    async fn note_session_use(&self, batch: Batch, grant: &Grant) -> Result<Batch, OAuthError> {
        let Some(id) = grant
            .session_id
            .as_ref()
            .filter(|_| !grant.scopes.contains(OFFLINE_ACCESS))
        else {
            return Ok(batch);
        };
        let now = self.now();
        let session = sessions::get(&self.db, &grant.user_id, id, now)
            .await
            .map_err(meibo_domain::Error::from)?;
        let used = session.and_then(|session| session.used(self.session_limits, now));
        Ok(match used {
            Some(used) => sessions::note_use(batch, &used),
            None => batch,
        })
    }

    /// The one token that may follow `presented`.
    fn successor_of(&self, presented: &str) -> String {
        base64url(&hmac_sha256(&self.successor_key, presented.as_bytes()))
    }
}
