//! Where an authorization request stands: its checks, the browser's session, the person's consent, and
//! what has to happen next. It is asked anew at each step, so that what changed meanwhile counts.

use std::sync::Arc;

use meibo_domain::{Result, consent::Consent, session::Session, sign_in::SignIn, user::User};
use meibo_oauth::{
    OAuthError,
    authorize::{
        AuthorizationParameters, AuthorizationRefusal, AuthorizationRequest, AuthorizationStep,
        ConsentState, SessionState, check_client_and_redirect, check_request, decide,
    },
};
use meibo_store::{consents, users};

use crate::{App, clients::Client, oidc::BrowserCookies};

/// Where a request stands.
pub(crate) enum Evaluation {
    /// It is told to the person: there is no address that may be redirected to.
    Page(OAuthError),
    /// Its checks failed, which the client hears.
    Refuse(AuthorizationRefusal),
    /// Its checks passed.
    Checked(Box<CheckedRequest>),
}

/// A request that passed its checks.
pub(crate) struct CheckedRequest {
    /// Who asks.
    pub(crate) client: Arc<Client>,
    /// What for.
    pub(crate) request: AuthorizationRequest,
    /// The browser's session and its person.
    pub(crate) signed_in: Option<(Session, User)>,
    /// What that person has allowed a third-party application before.
    pub(crate) consent: Option<Consent>,
    /// What happens next.
    pub(crate) step: AuthorizationStep,
}

impl App {
    /// Evaluates a request. `sign_in` is the one under way for it, if it has come back.
    pub(crate) async fn evaluate(
        &self,
        parameters: &AuthorizationParameters,
        cookies: &BrowserCookies,
        sign_in: Option<&SignIn>,
    ) -> Result<Evaluation> {
        let client = match &parameters.client_id {
            Some(client_id) => self.client_by_text(client_id).await?,
            None => None,
        };
        let application = client.as_ref().map(|client| &client.application);
        let redirect_uri = match check_client_and_redirect(parameters, application) {
            Ok(redirect_uri) => redirect_uri,
            Err(error) => return Ok(Evaluation::Page(error)),
        };
        let Some(client) = client else {
            return Ok(Evaluation::Page(OAuthError::invalid_client()));
        };
        let known = self.known_resources().await?;
        let hint = self
            .read_id_token_hint(parameters.id_token_hint.as_deref())
            .await;
        let checked = check_request(
            parameters,
            &client.application,
            &redirect_uri,
            &known,
            hint.as_ref(),
        );
        let request = match checked {
            Ok(request) => request,
            Err(refusal) => return Ok(Evaluation::Refuse(refusal)),
        };
        let signed_in = self.signed_in(cookies).await?;
        let consent = match &signed_in {
            Some((_, user)) if client.application.is_third_party => {
                consents::get(&self.db, &user.id, &client.application.id).await?
            }
            _ => None,
        };
        let is_resumed = match (sign_in.and_then(|one| one.session_id.as_ref()), &signed_in) {
            (Some(id), Some((session, _))) => *id == session.id,
            _ => false,
        };
        let step = decide(
            &request,
            signed_in.as_ref().map(|(session, user)| SessionState {
                session,
                user_is_active: !user.is_suspended,
            }),
            is_resumed,
            ConsentState {
                application: &client.application,
                remembered: consent.as_ref().map(|consent| &consent.extent),
                answer: sign_in.and_then(|sign_in| sign_in.consent.as_ref()),
            },
            self.now(),
        );
        Ok(Evaluation::Checked(Box::new(CheckedRequest {
            client,
            request,
            signed_in,
            consent,
            step,
        })))
    }

    async fn signed_in(&self, cookies: &BrowserCookies) -> Result<Option<(Session, User)>> {
        let Some(session) = self.session_of(cookies).await? else {
            return Ok(None);
        };
        let user = users::get(&self.db, &session.user_id).await?;
        Ok(user.map(|user| (session, user)))
    }
}
