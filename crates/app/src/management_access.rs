//! Who calls the Management API: the bearer of an access token for it.

use meibo_domain::{
    Error, ErrorCode, Result,
    actor::{Actor, Subject},
    resource::MANAGEMENT_API_INDICATOR,
};
use meibo_oauth::access_token::TokenHolder;
use meibo_store::roles;

use crate::App;

impl App {
    /// The actor of an access token (RFC 9068) whose audience is the Management API. Its scopes are
    /// those of the token that its roles still hold. Signature and claims are checked once;
    /// whether the token is alive is read each time.
    ///
    /// # Errors
    /// `auth.unauthorized` when the token does not verify, has expired or was revoked, when its
    /// grant has ended, or when it belongs to somebody who was deleted or suspended.
    pub async fn authenticate_management(&self, bearer: &str) -> Result<Actor> {
        let token = self
            .verify_access_token(bearer)
            .await
            .filter(|token| token.audience == MANAGEMENT_API_INDICATOR)
            .ok_or(ErrorCode::Unauthorized)?;
        let (status, subject, held) = match &token.holder {
            TokenHolder::Machine => {
                let (status, client) = futures_util::try_join!(
                    self.jwt_status(&token),
                    self.client(&token.client_id)
                )?;
                let client = client.ok_or(ErrorCode::Unauthorized)?;
                (
                    status,
                    Subject::Application(token.client_id.clone()),
                    client.held_scopes.for_resource(MANAGEMENT_API_INDICATOR),
                )
            }
            TokenHolder::Person { user_id, .. } => {
                // Not even with an administrator's consent: a click must not hand over the register.
                let client = self.client(&token.client_id).await?;
                if client.is_none_or(|client| client.application.is_third_party) {
                    return Err(ErrorCode::Unauthorized.into());
                }
                let held =
                    async { Ok::<_, Error>(roles::scopes_of_user(&self.db, user_id).await?) };
                let (status, held) = futures_util::try_join!(self.jwt_status(&token), held)?;
                (
                    status,
                    Subject::User(user_id.clone()),
                    held.for_resource(MANAGEMENT_API_INDICATOR),
                )
            }
        };
        if status.is_none() {
            return Err(ErrorCode::Unauthorized.into());
        }
        Ok(Actor {
            scopes: token.scopes.intersection(&held),
            ..Actor::new(subject)
        })
    }
}
