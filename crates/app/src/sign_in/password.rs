//! Signing in with an identifier and a password. Unknown people and wrong passwords take the same
//! path: one counted attempt, one look-up, one hash, one answer.

use std::net::IpAddr;

use meibo_crypto::password::Verification;
use meibo_domain::{
    Error, ErrorCode, Result,
    ids::SignInId,
    password::PasswordAlgorithm,
    sign_in::SignIn,
    user::{Identifier, User},
};
use meibo_oauth::authorize::AuthorizationParameters;
use meibo_store::{
    db::Batch,
    sign_in_attempts::{self, AttemptKeys},
    users,
};

use super::{AuthenticationMethod, SignedIn, SigningBrowser, attempts};
use crate::{
    App,
    oidc::{BrowserCookies, ended_sessions::Patience},
    outcome::Outcome,
};

/// The longest identifier that is looked at.
const MAX_IDENTIFIER_BYTES: usize = 512;

/// What was posted.
pub struct PasswordSignIn {
    /// The sign-in under way.
    pub sign_in_id: SignInId,
    /// The browser's cookies.
    pub cookies: BrowserCookies,
    /// What was typed: a username, an email address or a phone number.
    pub identifier: String,
    /// The reader's language (BCP 47), by which the country of a phone number is guessed; the
    /// languages of the authorization request come after it.
    pub language: &'static str,
    /// The password.
    pub password: String,
    /// Did the person say that they agree to the terms?
    pub has_agreed: bool,
    /// Where it came from.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
}

impl PasswordSignIn {
    fn browser(&self) -> SigningBrowser<'_> {
        SigningBrowser {
            cookies: &self.cookies,
            address: self.address,
            user_agent: self.user_agent.as_deref(),
            patience: Patience::default(),
        }
    }
}

impl App {
    /// Signs a person in.
    ///
    /// # Errors
    /// `session.invalid_credentials`, the same for an unknown person and a wrong password;
    /// `session.verification_blocked_too_many_attempts`; `user.suspended` when the password is
    /// right; `session.not_found` when the sign-in has ended; `user.sign_in_method_not_enabled` while
    /// the pages are open for registration only; `user.terms_not_accepted`; `server.overloaded`.
    pub async fn sign_in_with_password(&self, request: &PasswordSignIn) -> Result<SignedIn> {
        let sign_in = self
            .open_sign_in(&request.sign_in_id, &request.cookies)
            .await?;
        self.check_address(request.address)?;
        let experience = self.sign_in_experience().await?;
        experience.check_sign_in(request.has_agreed)?;
        let identifier = Some(&request.identifier)
            .filter(|typed| typed.len() <= MAX_IDENTIFIER_BYTES)
            .and_then(|typed| read_identifier(typed, request.language, &sign_in));
        let key = identifier
            .as_ref()
            .map_or_else(|| request.identifier.to_lowercase(), Identifier::key);
        let keys = attempts::keys(&key, request.address);
        self.reserve_attempt(&keys).await?;
        let user = match &identifier {
            // An identifier that does not sign in here is as unknown as any.
            Some(identifier) if experience.sign_in.takes_password(identifier.into()) => {
                users::find(&self.db, identifier).await?
            }
            _ => None,
        };
        let verification = self
            .check_password(&request.password, user.as_ref())
            .await?;
        let (user, outdated) = match (user, verification) {
            (Some(user), Verification::Match { outdated }) => (user, outdated),
            (user, _) => {
                self.record_sign_in(
                    &sign_in,
                    user.as_ref(),
                    false,
                    "wrong identifier or password",
                );
                return Err(ErrorCode::InvalidCredentials.into());
            }
        };
        let rehashed = if outdated {
            Some(self.hash_password(&request.password).await?)
        } else {
            None
        };
        let signed_in = self.finish(request, &user, rehashed, &keys).await;
        self.record_sign_in(&sign_in, Some(&user), signed_in.is_ok(), "");
        signed_in
    }

    async fn finish(
        &self,
        request: &PasswordSignIn,
        checked: &User,
        rehashed: Option<String>,
        keys: &AttemptKeys,
    ) -> Result<SignedIn> {
        let browser = request.browser();
        self.settle(async || {
            // The sign-in may have ended while the password was hashed.
            let sign_in = self
                .open_sign_in(&request.sign_in_id, &request.cookies)
                .await?;
            // What was hashed against must still be what is stored: a password changed meanwhile
            // makes this a wrong one.
            let user = users::get(&self.db, &checked.id)
                .await?
                .filter(|user| user.password == checked.password)
                .ok_or(ErrorCode::InvalidCredentials)?;
            if user.is_suspended {
                return Ok(Outcome::answer(Err(Error::new(ErrorCode::UserSuspended))));
            }
            let now = self.now();
            let (user, batch) = match &rehashed {
                Some(digest) => {
                    let user = user.with_password(digest.clone(), PasswordAlgorithm::Argon2id, now);
                    let batch = users::update(Batch::new(), &user);
                    (user, batch)
                }
                None => (user, Batch::new()),
            };
            let batch = sign_in_attempts::clear(batch, keys);
            let (batch, signed_in) = self
                .begin_session(
                    batch,
                    &sign_in,
                    &user,
                    AuthenticationMethod::Password,
                    &browser,
                    now,
                )
                .await?;
            Ok(Outcome::commit(batch, signed_in))
        })
        .await
    }
}

fn read_identifier(typed: &str, language: &str, sign_in: &SignIn) -> Option<Identifier> {
    let parameters = AuthorizationParameters::from_form(&sign_in.request).unwrap_or_default();
    let ui_locales = parameters.ui_locales();
    let languages = std::iter::once(language).chain(ui_locales.iter().map(String::as_str));
    Identifier::parse_typed(typed, languages).ok()
}
