//! Issuing a person's tokens: decided and saved first, signed afterwards.

use std::time::Duration;

use meibo_crypto::{digest::sha256_base64url, signing_key::SigningAlgorithm};
use meibo_domain::{
    Error, Result,
    application::Application,
    grant::{AccessToken, Grant},
    ids::{GrantId, UserId},
    scope::ScopeSet,
    time::Timestamp,
    user::User,
};
use meibo_oauth::{
    OAuthError,
    access_token::{self, AccessTokenSource},
    id_token::{self, IdTokenSource},
    scope::{OPENID, ROLES},
    token::{
        TokenResponse,
        issue::{AccessTokenKind, access_token_kind},
    },
};
use meibo_store::{db::Batch, grants, roles, users};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{App, outcome::Outcome};

/// What is issued, and under what.
pub(super) struct Issue<'a> {
    pub(super) application: Application,
    pub(super) grant: Grant,
    pub(super) user: User,
    /// The grant's scopes, perhaps narrowed.
    pub(super) scopes: ScopeSet,
    /// Indicator of the resource that the access token is for.
    pub(super) resource: Option<&'a str>,
    pub(super) refresh_token: Option<String>,
    /// For the ID token.
    pub(super) nonce: Option<String>,
}

/// Tokens that are saved and not yet signed.
pub(super) struct TokenPlan {
    application: Application,
    grant: Grant,
    user: User,
    scopes: ScopeSet,
    roles: Vec<String>,
    access: AccessPlan,
    scope: String,
    ttl: Duration,
    refresh_token: Option<String>,
    nonce: Option<String>,
    now: Timestamp,
}

enum AccessPlan {
    Opaque(String),
    Jwt { audience: String, scope: ScopeSet },
}

impl TokenPlan {
    pub(super) const fn user_id(&self) -> &UserId {
        &self.user.id
    }
}

impl App {
    /// The grant and its user; none when the grant was revoked, or ended with its session.
    pub(super) async fn load_grant(&self, id: &GrantId) -> Result<Option<(Grant, User)>> {
        let Some(grant) = grants::get(&self.db, id, self.now()).await? else {
            return Ok(None);
        };
        let user = users::get(&self.db, &grant.user_id).await?;
        Ok(user.map(|user| (grant, user)))
    }

    /// Adds to `batch` what the tokens need: the user is as it was read, the grant is not revoked,
    /// and an opaque access token is kept as a hash.
    pub(super) async fn plan_tokens(
        &self,
        batch: Batch,
        issue: Issue<'_>,
    ) -> Result<Outcome<TokenPlan, OAuthError>, OAuthError> {
        let now = self.now();
        let user_id = &issue.user.id;
        let kind = match issue.resource {
            None => access_token_kind(&issue.scopes, None),
            Some(indicator) => {
                let resources = self.known_resources().await?;
                let known = resources
                    .iter()
                    .find(|known| known.resource.indicator == indicator)
                    .ok_or_else(|| OAuthError::invalid_target("the resource exists no longer"))?;
                let held = roles::scopes_of_user(&self.db, user_id)
                    .await
                    .map_err(Error::from)?;
                access_token_kind(&issue.scopes, Some((known, &held.for_resource(indicator))))
            }
        };
        let roles = if issue.scopes.contains(ROLES) {
            roles::names_of_user(&self.db, user_id)
                .await
                .map_err(Error::from)?
        } else {
            Vec::new()
        };
        let (scope, ttl) = (kind.scope().to_string(), kind.ttl());
        let mut batch = batch
            .touch(users::unchanged(&issue.user))
            .touch(grants::still_there(&issue.grant.id));
        let access = match kind {
            AccessTokenKind::Opaque { scope, ttl } => {
                let token = self.entropy.token();
                let row = AccessToken {
                    hash: sha256_base64url(token.as_bytes()),
                    grant_id: issue.grant.id.clone(),
                    user_id: user_id.clone(),
                    application_id: issue.application.id.clone(),
                    scopes: scope,
                    created_at: Some(now),
                    expires_at: now + ttl,
                };
                batch = grants::insert_access_token(batch, &row);
                AccessPlan::Opaque(token)
            }
            AccessTokenKind::Jwt {
                audience, scope, ..
            } => AccessPlan::Jwt { audience, scope },
        };
        let plan = TokenPlan {
            application: issue.application,
            grant: issue.grant,
            user: issue.user,
            scopes: issue.scopes,
            roles,
            access,
            scope,
            ttl,
            refresh_token: issue.refresh_token,
            nonce: issue.nonce,
            now,
        };
        Ok(Outcome::commit(batch, plan))
    }

    /// Signs what was saved.
    pub(super) async fn sign_tokens(&self, plan: TokenPlan) -> Result<TokenResponse, OAuthError> {
        let access_token = match &plan.access {
            AccessPlan::Opaque(token) => token.clone(),
            AccessPlan::Jwt { audience, scope } => {
                let id = access_token::persons_jti(&plan.grant.id, &self.new_id());
                let source = AccessTokenSource {
                    issuer: &self.issuer,
                    id: &id,
                    subject: plan.user.id.as_str(),
                    application_id: &plan.application.id,
                    audience,
                    scope,
                    ttl: plan.ttl,
                };
                let claims = to_value(&access_token::claims(source, plan.now))?;
                self.sign_jwt(SigningAlgorithm::Es256, access_token::TYPE, claims)
                    .await?
            }
        };
        let mut response = TokenResponse::new(access_token, plan.scope.clone(), plan.ttl.as_secs());
        if plan.scopes.contains(OPENID) {
            response.id_token = Some(self.sign_id_token(&plan).await?);
        }
        response.refresh_token = plan.refresh_token;
        Ok(response)
    }

    async fn sign_id_token(&self, plan: &TokenPlan) -> Result<String> {
        let source = IdTokenSource {
            issuer: &self.issuer,
            application: &plan.application,
            grant: &plan.grant,
            user: &plan.user,
            roles: &plan.roles,
            scopes: &plan.scopes,
            nonce: plan.nonce.as_deref(),
        };
        let claims: Map<String, Value> = id_token::claims(source, plan.now);
        let algorithm = id_token_algorithm(&plan.application);
        self.sign_jwt(algorithm, id_token::TYPE, claims).await
    }
}

/// What an application's ID tokens and logout tokens are signed with.
pub(super) fn id_token_algorithm(application: &Application) -> SigningAlgorithm {
    application
        .custom
        .id_token_signed_response_alg
        .as_deref()
        .and_then(SigningAlgorithm::parse)
        .unwrap_or(SigningAlgorithm::Rs256)
}

/// Claims that borrow, as claims that can go to another thread.
pub(super) fn to_value(claims: &impl Serialize) -> Result<Value> {
    serde_json::to_value(claims).map_err(Error::internal)
}
