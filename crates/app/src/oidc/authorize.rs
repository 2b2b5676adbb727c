//! The authorization endpoint: answer at once, or send the person to a page and come back.

mod evaluate;

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
        AuthorizationParameters, AuthorizationRefusal, AuthorizationResponse, AuthorizationStep,
        Screen, refuse_malformed,
    },
};
use meibo_store::{consents, db::Batch, grants, sessions, sign_ins, users};

pub(crate) use self::evaluate::{CheckedRequest, Evaluation};
use crate::{App, oidc::BrowserCookies, outcome::Outcome};

/// What an authorization request leads to.
pub enum Authorization {
    /// Back to the application, with a code or an error.
    Respond(AuthorizationResponse),
    /// To one of the sign-in pages.
    SignIn {
        /// The sign-in that the pages go on with.
        id: SignInId,
        /// The page.
        page: NextPage,
        /// A cookie to set when the browser had none.
        new_browser_token: Option<String>,
    },
    /// To the error page: there is no address that may be redirected to.
    Page(OAuthError),
}

/// The page that a sign-in goes on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextPage {
    /// Signing in.
    SignIn,
    /// Making an account.
    Register,
    /// Setting a forgotten password anew.
    ForgotPassword,
    /// Allowing an application what it asks for.
    Consent,
}

impl From<Screen> for NextPage {
    fn from(screen: Screen) -> Self {
        match screen {
            Screen::SignIn => Self::SignIn,
            Screen::Register => Self::Register,
            Screen::ForgotPassword => Self::ForgotPassword,
        }
    }
}

/// A sign-in that has come back, or a request that begins.
enum Origin {
    New(IpAddr),
    Resumed(SignIn),
}

impl Origin {
    const fn sign_in(&self) -> Option<&SignIn> {
        match self {
            Self::New(_) => None,
            Self::Resumed(sign_in) => Some(sign_in),
        }
    }
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
            Err(error) => self.refuse_unreadable(pairs, error).await,
        }
    }

    async fn refuse_unreadable(
        &self,
        pairs: &[(String, String)],
        error: OAuthError,
    ) -> Result<Authorization> {
        let way_back = AuthorizationParameters::way_back(pairs);
        let client = match &way_back.client_id {
            Some(client_id) => self.client_by_text(client_id).await?,
            None => None,
        };
        let application = client.as_ref().map(|client| &client.application);
        Ok(match refuse_malformed(&way_back, application, error) {
            Ok(refusal) => {
                Authorization::Respond(AuthorizationResponse::error(&refusal, &self.issuer))
            }
            Err(error) => Authorization::Page(error),
        })
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
        let checked = match self.evaluate(parameters, cookies, origin.sign_in()).await? {
            Evaluation::Page(error) => {
                return Ok(Outcome::commit(Batch::new(), Authorization::Page(error)));
            }
            Evaluation::Refuse(refusal) => return Ok(self.refuse(&refusal, &origin)),
            Evaluation::Checked(checked) => checked,
        };
        let request = &checked.request;
        match (checked.step, &checked.signed_in) {
            (AuthorizationStep::Issue, Some((session, user))) => {
                self.issue_code(&checked, session, user, &origin)
            }
            (AuthorizationStep::AskConsent, Some(_)) => {
                self.send_to_page(parameters, cookies, origin, NextPage::Consent)
            }
            (AuthorizationStep::Refuse(code), _) => Ok(self.refuse(&request.refuse(code), &origin)),
            (AuthorizationStep::SignIn { screen }, _) => {
                self.send_to_page(parameters, cookies, origin, screen.into())
            }
            (AuthorizationStep::Issue | AuthorizationStep::AskConsent, None) => {
                self.send_to_page(parameters, cookies, origin, request.screen.into())
            }
        }
    }

    fn refuse(&self, refusal: &AuthorizationRefusal, origin: &Origin) -> Outcome<Authorization> {
        let response = AuthorizationResponse::error(refusal, &self.issuer);
        Outcome::commit(
            finish(Batch::new(), origin),
            Authorization::Respond(response),
        )
    }

    /// The batch relies on the user, the session and the consent as they were read.
    fn issue_code(
        &self,
        checked: &CheckedRequest,
        session: &Session,
        user: &User,
        origin: &Origin,
    ) -> Result<Outcome<Authorization>> {
        let now = self.now();
        let request = &checked.request;
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
        let mut batch = finish(Batch::new(), origin);
        batch = match session.used(self.session_limits, now) {
            Some(used) => sessions::note_use(batch, &used),
            None => batch.touch(sessions::still_there(&session.id)),
        };
        if let Some(consent) = &checked.consent {
            batch = consents::keep(batch, consent);
        }
        batch = grants::insert(batch, &grant);
        batch = match checked.client.application.custom.max_allowed_grants {
            Some(max) => grants::delete_excess(users::hold(batch, user), &grant, max),
            None => batch.touch(users::unchanged(user)),
        };
        let batch = grants::insert_code(batch, &code);
        let response = AuthorizationResponse::success(request, &token, &self.issuer);
        Ok(Outcome::commit(batch, Authorization::Respond(response)))
    }

    /// A sign-in under way goes on as itself; a new request begins one.
    fn send_to_page(
        &self,
        parameters: &AuthorizationParameters,
        cookies: &BrowserCookies,
        origin: Origin,
        page: NextPage,
    ) -> Result<Outcome<Authorization>> {
        match origin {
            Origin::Resumed(sign_in) => {
                let answer = Authorization::SignIn {
                    id: sign_in.id,
                    page,
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
            consent: None,
            proof: None,
            created_at: now,
            expires_at: now + SIGN_IN_TTL,
        };
        let batch = sign_ins::insert(Batch::new(), &sign_in);
        Ok(Outcome::commit(
            batch,
            Authorization::SignIn {
                id: sign_in.id,
                page,
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
