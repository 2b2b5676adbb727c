//! The authorization endpoint: answer at once, or send the person to sign in and come back.

use std::net::IpAddr;

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::{
    ErrorCode, Result,
    grant::{AuthorizationCode, CODE_TTL, GRANT_TTL, Grant},
    ids::{GrantId, SignInId},
    session::Session,
    sign_in::{SIGN_IN_TTL, SignIn},
    user::User,
};
use meibo_oauth::{
    OAuthError,
    authorize::{
        AuthorizationParameters, AuthorizationRequest, AuthorizationResponse, AuthorizationStep,
        Screen, SessionState, check_client_and_redirect, check_request, decide,
    },
};
use meibo_store::{db::Batch, grants, sessions, sign_ins, users};

use crate::{App, oidc::BrowserCookies, outcome::Outcome};

/// What an authorization request leads to.
pub enum Authorization {
    /// Back to the application, with a code or an error.
    Respond(AuthorizationResponse),
    /// To the sign-in pages.
    SignIn {
        /// The sign-in that the pages go on with.
        id: SignInId,
        /// The page to begin with.
        screen: Screen,
        /// A cookie to set when the browser had none.
        new_browser_token: Option<String>,
    },
    /// To the error page: there is no address that may be redirected to.
    Page(OAuthError),
}

/// A sign-in that has come back, or a request that begins.
enum Origin {
    New(IpAddr),
    Resumed(SignIn),
}

impl App {
    /// Handles an authorization request (OpenID Connect Core section 3.1.2) from `address`.
    ///
    /// # Errors
    /// `request.too_many` when the address begins too many sign-ins; the database's.
    pub async fn authorize(
        &self,
        pairs: &[(String, String)],
        cookies: &BrowserCookies,
        address: IpAddr,
    ) -> Result<Authorization> {
        match AuthorizationParameters::parse(pairs) {
            Ok(parameters) => {
                self.settle(async || {
                    self.attempt(&parameters, cookies, Origin::New(address))
                        .await
                })
                .await
            }
            Err(error) => Ok(Authorization::Page(error)),
        }
    }

    /// Goes on with the request of a sign-in that the person has finished. Each sign-in answers
    /// its application once.
    ///
    /// # Errors
    /// `session.not_found` when it has ended or belongs to another browser.
    pub async fn resume_authorization(
        &self,
        id: &SignInId,
        cookies: &BrowserCookies,
    ) -> Result<Authorization> {
        self.settle(async || {
            let sign_in = self.open_sign_in(id, cookies).await?;
            match AuthorizationParameters::from_form(&sign_in.request) {
                Ok(parameters) => {
                    self.attempt(&parameters, cookies, Origin::Resumed(sign_in))
                        .await
                }
                Err(error) => Ok(Outcome::commit(Batch::new(), Authorization::Page(error))),
            }
        })
        .await
    }

    /// The sign-in of an id, if it still goes on and belongs to this browser.
    pub(crate) async fn open_sign_in(
        &self,
        id: &SignInId,
        cookies: &BrowserCookies,
    ) -> Result<SignIn> {
        let browser_hash = cookies.browser_hash().ok_or(ErrorCode::SignInNotFound)?;
        sign_ins::get(&self.db, id)
            .await?
            .filter(|sign_in| sign_in.is_open_to(&browser_hash, self.now()))
            .ok_or_else(|| ErrorCode::SignInNotFound.into())
    }

    async fn attempt(
        &self,
        parameters: &AuthorizationParameters,
        cookies: &BrowserCookies,
        origin: Origin,
    ) -> Result<Outcome<Authorization>> {
        let client = match &parameters.client_id {
            Some(client_id) => self.client_by_text(client_id).await?,
            None => None,
        };
        let application = client.as_ref().map(|client| &client.application);
        let page = |error| Ok(Outcome::commit(Batch::new(), Authorization::Page(error)));
        let redirect_uri = match check_client_and_redirect(parameters, application) {
            Ok(redirect_uri) => redirect_uri,
            Err(error) => return page(error),
        };
        let Some(application) = application else {
            return page(OAuthError::invalid_client());
        };
        let known = self.known_resources().await?;
        let hint = self
            .read_id_token_hint(parameters.id_token_hint.as_deref())
            .await;
        let request = match check_request(
            parameters,
            application,
            &redirect_uri,
            &known,
            hint.as_ref(),
        ) {
            Ok(request) => request,
            Err(refusal) => {
                let response = AuthorizationResponse::error(&refusal, &self.issuer);
                return Ok(Outcome::commit(
                    finish(Batch::new(), &origin),
                    Authorization::Respond(response),
                ));
            }
        };
        let session = self.session_of(cookies).await?;
        let user = match &session {
            Some(session) => users::get(&self.db, &session.user_id).await?,
            None => None,
        };
        let signed_in = match (&session, &user) {
            (Some(session), Some(user)) => Some((session, user)),
            _ => None,
        };
        let state = signed_in.map(|(session, user)| SessionState {
            session,
            user_is_active: !user.is_suspended,
        });
        let is_resumed = match &origin {
            Origin::New(_) => false,
            Origin::Resumed(sign_in) => {
                sign_in.session_id.is_some()
                    && sign_in.session_id.as_ref() == session.as_ref().map(|session| &session.id)
            }
        };
        match (decide(&request, state, is_resumed, self.now()), signed_in) {
            (AuthorizationStep::Issue, Some((session, user))) => {
                self.issue_code(&request, session, user, &origin)
            }
            (AuthorizationStep::Refuse(code), _) => {
                let response = AuthorizationResponse::error(&request.refuse(code), &self.issuer);
                Ok(Outcome::commit(
                    finish(Batch::new(), &origin),
                    Authorization::Respond(response),
                ))
            }
            (AuthorizationStep::SignIn { screen }, _) => {
                self.send_to_sign_in(parameters, cookies, origin, screen)
            }
            (AuthorizationStep::Issue, None) => {
                self.send_to_sign_in(parameters, cookies, origin, request.screen)
            }
        }
    }

    fn issue_code(
        &self,
        request: &AuthorizationRequest,
        session: &Session,
        user: &User,
        origin: &Origin,
    ) -> Result<Outcome<Authorization>> {
        let now = self.now();
        let grant = Grant {
            id: GrantId::parse(self.new_id())?,
            user_id: user.id.clone(),
            application_id: request.application_id.clone(),
            session_id: Some(session.id.clone()),
            scopes: request.scopes.clone(),
            resources: request.resources.clone(),
            auth_time: session.auth_time,
            amr: session.amr.clone(),
            nonce: request.nonce.clone(),
            created_at: now,
            expires_at: now + GRANT_TTL,
        };
        let token = self.entropy.token();
        let code = AuthorizationCode {
            hash: sha256_base64url(token.as_bytes()),
            grant_id: grant.id.clone(),
            application_id: request.application_id.clone(),
            redirect_uri: request.redirect_uri.as_str().to_owned(),
            code_challenge: request.code_challenge.clone(),
            expires_at: now + CODE_TTL,
            consumed_at: None,
        };
        let batch = Batch::new()
            .touch(users::unchanged(user))
            .touch(sessions::still_there(&session.id));
        let batch = grants::insert_code(grants::insert(finish(batch, origin), &grant), &code);
        let response = AuthorizationResponse::success(request, &token, &self.issuer);
        Ok(Outcome::commit(batch, Authorization::Respond(response)))
    }

    /// A resumed sign-in whose session is gone goes on as itself; a new request begins one.
    fn send_to_sign_in(
        &self,
        parameters: &AuthorizationParameters,
        cookies: &BrowserCookies,
        origin: Origin,
        screen: Screen,
    ) -> Result<Outcome<Authorization>> {
        match origin {
            Origin::Resumed(sign_in) => {
                let answer = Authorization::SignIn {
                    id: sign_in.id,
                    screen,
                    new_browser_token: None,
                };
                return Ok(Outcome::commit(Batch::new(), answer));
            }
            Origin::New(address) => self.check_beginning(address)?,
        }
        let new_browser_token = cookies.browser.is_none().then(|| self.entropy.token());
        let browser = cookies
            .browser
            .as_deref()
            .or(new_browser_token.as_deref())
            .unwrap_or_default();
        let now = self.now();
        let sign_in = SignIn {
            id: SignInId::parse(self.new_id())?,
            browser_hash: sha256_base64url(browser.as_bytes()),
            request: parameters.to_form(),
            session_id: None,
            created_at: now,
            expires_at: now + SIGN_IN_TTL,
        };
        let batch = sign_ins::insert(Batch::new(), &sign_in);
        Ok(Outcome::commit(
            batch,
            Authorization::SignIn {
                id: sign_in.id,
                screen,
                new_browser_token,
            },
        ))
    }
}

/// A resumed sign-in ends with the answer.
fn finish(batch: Batch, origin: &Origin) -> Batch {
    match origin {
        Origin::New(_) => batch,
        Origin::Resumed(sign_in) => sign_ins::delete(batch, &sign_in.id),
    }
}
