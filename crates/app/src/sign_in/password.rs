//! Signing in with an identifier and a password. Unknown people and wrong passwords take the same
//! path: one counted attempt, one look-up, one hash, one answer.

use meibo_crypto::password::Verification;
use meibo_domain::{
    Error, ErrorCode, Result,
    ids::UserId,
    password::PasswordAlgorithm,
    sign_in::{Intent, SignIn},
    user::{Identifier, User},
};
use meibo_oauth::authorize::AuthorizationParameters;
use meibo_store::{
    db::Batch,
    sign_in_attempts::{self, AttemptKeys},
    users,
};

use super::{AuthenticationMethod, SignedIn, Visitor, attempts};
use crate::{App, outcome::Outcome};

/// The longest identifier that is looked at.
const MAX_IDENTIFIER_BYTES: usize = 512;

/// What was posted.
pub struct PasswordSignIn {
    /// Who posted it.
    pub visitor: Visitor,
    /// What was typed: a username, an email address or a phone number.
    pub identifier: String,
    /// The reader's language (BCP 47), by which the country of a phone number is guessed; the
    /// languages of the authorization request come after it.
    pub language: &'static str,
    /// The password.
    pub password: String,
    /// Did the person say that they agree to the terms?
    pub has_agreed: bool,
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
        let visitor = &request.visitor;
        let sign_in = self
            .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
            .await?;
        self.check_address(visitor.address)?;
        let mut user_id = None;
        let signed_in = self.take_password(request, &sign_in, &mut user_id).await;
        self.recorded(&sign_in, Intent::SignIn, user_id.as_ref(), signed_in)
    }

    /// As [`App::sign_in_with_password`] in an open sign-in. `user_id` becomes whose identifier it
    /// is, for the record.
    async fn take_password(
        &self,
        request: &PasswordSignIn,
        sign_in: &SignIn,
        user_id: &mut Option<UserId>,
    ) -> Result<SignedIn> {
        let experience = self.sign_in_experience().await?;
        experience.check_sign_in(request.has_agreed)?;
        let identifier = Some(&request.identifier)
            .filter(|typed| typed.len() <= MAX_IDENTIFIER_BYTES)
            .and_then(|typed| read_identifier(typed, request.language, sign_in));
        let key = identifier
            .as_ref()
            .map_or_else(|| request.identifier.to_lowercase(), Identifier::key);
        let keys = attempts::keys(&key, request.visitor.address);
        self.reserve_attempt(&keys).await?;
        let user = match &identifier {
            // An identifier that does not sign in here is as unknown as any.
            Some(identifier) if experience.sign_in.takes_password(identifier.into()) => {
                users::find(&self.db, identifier).await?
            }
            _ => None,
        };
        *user_id = user.as_ref().map(|user| user.id.clone());
        let verification = self
            .check_password(&request.password, user.as_ref())
            .await?;
        let (user, outdated) = match (user, verification) {
            (Some(user), Verification::Match { outdated }) => (user, outdated),
            _ => return Err(ErrorCode::InvalidCredentials.into()),
        };
        let rehashed = if outdated {
            Some(self.hash_password(&request.password).await?)
        } else {
            None
        };
        self.finish(&request.visitor, &user, rehashed, &keys).await
    }

    async fn finish(
        &self,
        visitor: &Visitor,
        checked: &User,
        rehashed: Option<String>,
        keys: &AttemptKeys,
    ) -> Result<SignedIn> {
        let browser = visitor.browser();
        self.settle(async || {
            // The sign-in may have ended while the password was hashed.
            let sign_in = self
                .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
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
