//! Who calls the Management API: the bearer of an access token for it.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use meibo_crypto::{digest::sha256, jwt::Expected, signing_key::SigningAlgorithm};
use meibo_domain::{
    ErrorCode, Result,
    actor::{Actor, Subject},
    ids::{ApplicationId, UserId},
    resource::MANAGEMENT_API_INDICATOR,
    scope::ScopeSet,
    time::Timestamp,
};
use meibo_store::{roles, users};

use crate::App;

/// Tokens remembered at most; a full memory starts anew.
const CAPACITY: usize = 10_000;

/// What a verified token says. Its signature is checked once; whether its subject may still act is
/// read each time.
#[derive(Clone)]
struct VerifiedToken {
    subject: Subject,
    scopes: ScopeSet,
    expires_at: Timestamp,
}

/// Verified tokens by the SHA-256 of their text, until they expire.
#[derive(Default)]
pub(crate) struct VerifiedTokens(RwLock<HashMap<[u8; 32], VerifiedToken>>);

impl App {
    /// The actor of an access token (RFC 9068) whose audience is the Management API. Its scopes are
    /// those of the token that its roles still hold.
    ///
    /// # Errors
    /// `auth.unauthorized` when the token does not verify, has expired, or belongs to somebody who
    /// was deleted or suspended.
    pub async fn authenticate_management(&self, bearer: &str) -> Result<Actor> {
        let token = self.verify_management_token(bearer)?;
        let held = match &token.subject {
            Subject::Application(id) => {
                let client = self.client(id).await?.ok_or(ErrorCode::Unauthorized)?;
                client.held_scopes.for_resource(MANAGEMENT_API_INDICATOR)
            }
            Subject::User(id) => {
                let (is_active, held) = futures_util::try_join!(
                    users::is_active(&self.db, id),
                    roles::scopes_of_user(&self.db, id)
                )?;
                if !is_active {
                    return Err(ErrorCode::Unauthorized.into());
                }
                held.for_resource(MANAGEMENT_API_INDICATOR)
            }
            Subject::Operator | Subject::Anonymous => return Err(ErrorCode::Unauthorized.into()),
        };
        Ok(Actor {
            scopes: token.scopes.intersection(&held),
            ..Actor::new(token.subject)
        })
    }

    fn verify_management_token(&self, bearer: &str) -> Result<VerifiedToken> {
        let now = self.now();
        let hash = sha256(bearer.as_bytes());
        let known = self
            .verified_tokens
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&hash)
            .cloned();
        if let Some(known) = known {
            return if now < known.expires_at {
                Ok(known)
            } else {
                Err(ErrorCode::Unauthorized.into())
            };
        }
        let expected = Expected {
            typ: &["at+jwt"],
            algorithms: &[SigningAlgorithm::Es256],
            issuer: &self.issuer,
            audience: Some(MANAGEMENT_API_INDICATOR),
            required: &["sub", "client_id", "jti", "iat"],
        };
        let claims = self
            .signing_keys
            .load()
            .verifying
            .verify(bearer, &expected, now.seconds(), 0)
            .map_err(|error| {
                tracing::debug!(%error, "an access token for the Management API was refused");
                ErrorCode::Unauthorized
            })?;
        let text = |name: &str| {
            claims
                .get(name)
                .and_then(|value| value.as_str())
                .ok_or(ErrorCode::Unauthorized)
        };
        let (subject, client_id) = (text("sub")?, text("client_id")?);
        let expires_at = claims
            .get("exp")
            .and_then(serde_json::Value::as_i64)
            .ok_or(ErrorCode::Unauthorized)?;
        let token = VerifiedToken {
            subject: if subject == client_id {
                Subject::Application(
                    ApplicationId::parse(subject).map_err(|_| ErrorCode::Unauthorized)?,
                )
            } else {
                Subject::User(UserId::parse(subject).map_err(|_| ErrorCode::Unauthorized)?)
            },
            scopes: claims
                .get("scope")
                .and_then(|value| value.as_str())
                .unwrap_or_default()
                .to_owned()
                .into(),
            expires_at: Timestamp::from_seconds(expires_at),
        };
        let mut tokens = self
            .verified_tokens
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= CAPACITY {
            tokens.clear();
        }
        tokens.insert(hash, token.clone());
        Ok(token)
    }
}
