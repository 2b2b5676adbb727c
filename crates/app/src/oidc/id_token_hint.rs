//! `id_token_hint`: an ID token of ours that comes back, perhaps after it has expired.

use meibo_crypto::{jwt::Expected, signing_key::SigningAlgorithm};
use meibo_oauth::id_token_hint::IdTokenHint;

use crate::App;

/// An expired ID token still tells whose session was meant (RP-Initiated Logout section 2).
const TEN_YEARS: i64 = 10 * 365 * 86_400;

impl App {
    /// What a hint says, if it is an ID token of this server.
    pub(crate) async fn read_id_token_hint(&self, hint: Option<&str>) -> Option<IdTokenHint> {
        let expected = Expected {
            typ: &["JWT"],
            algorithms: SigningAlgorithm::ALL,
            issuer: &self.issuer,
            audience: None,
            required: &["sub", "aud", "iat"],
        };
        let claims = self.verify_jwt(hint?, &expected, TEN_YEARS).await.ok()?;
        IdTokenHint::from_claims(&claims)
    }
}
