//! What the sign-in pages show.

use meibo_domain::{
    Result,
    ids::SignInId,
    sign_in::{AddressProof, SignInWays},
};
use meibo_oauth::authorize::{AskedIdentifiers, AuthorizationParameters};

use crate::{App, oidc::BrowserCookies};

/// What the sign-in pages show of a sign-in.
#[derive(Debug, Clone)]
pub struct SignInView {
    /// The application's name.
    pub application_name: Option<String>,
    /// What the identifier field begins with.
    pub login_hint: Option<String>,
    /// What the identifier field asks for.
    pub identifiers: AskedIdentifiers,
    /// Language tags of the request, best first.
    pub ui_locales: Vec<String>,
    /// What is offered.
    pub ways: SignInWays,
    /// The address that a code was sent to last, proved or not yet.
    pub proof: Option<AddressProof>,
}

impl App {
    /// What the pages show of the sign-in under way in this browser.
    ///
    /// # Errors
    /// `session.not_found` when it has ended or belongs to another browser.
    pub async fn view_sign_in(
        &self,
        id: &SignInId,
        cookies: &BrowserCookies,
    ) -> Result<SignInView> {
        let sign_in = self.open_sign_in(id, cookies).await?;
        let parameters = AuthorizationParameters::from_form(&sign_in.request).unwrap_or_default();
        let client = match &parameters.client_id {
            Some(client_id) => self.client_by_text(client_id).await?,
            None => None,
        };
        Ok(SignInView {
            application_name: client.map(|client| client.application.name.clone()),
            identifiers: parameters.asked_identifiers(),
            ui_locales: parameters.ui_locales(),
            login_hint: parameters.login_hint,
            ways: self.offered_ways().await?,
            proof: sign_in.proof,
        })
    }
}
