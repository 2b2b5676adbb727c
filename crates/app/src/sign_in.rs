//! Signing in: the pages' use cases.

pub(crate) mod attempts;
mod consent;
mod forgotten_password;
mod password;
mod prove_address;
mod proved_account;
mod records;
mod register;
mod send_code;
mod view;
mod visitor;
mod ways;

pub use consent::{AfterConsent, AskedScope, ConsentForm, ConsentView};
pub use forgotten_password::PasswordReset;
pub use password::PasswordSignIn;
pub use prove_address::{CodeSubmission, Proved};
pub use proved_account::ProvedRegistration;
pub use register::Registration;
pub use send_code::CodeSending;
pub use view::SignInView;
pub use visitor::Visitor;

use std::{net::IpAddr, time::Duration};

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::{
    Result,
    ids::{ApplicationId, SessionId, SignInId, UserId},
    session::{Session, kept_user_agent},
    sign_in::SignIn,
    time::Timestamp,
    user::User,
};
use meibo_oauth::authorize::AuthorizationParameters;
use meibo_store::{db::Batch, sessions, sign_ins, users};

use crate::{
    App,
    oidc::{BrowserCookies, ended_sessions::Patience},
};

/// A person who has signed in.
pub struct SignedIn {
    /// The session's token, for the cookie; it is in no other place.
    pub session_token: String,
    /// How long the session may last, and the cookie with it.
    pub session_ttl: Duration,
    /// The sign-in that the browser goes on with.
    pub sign_in_id: SignInId,
    /// Who it is.
    pub user_id: UserId,
}

/// How a person proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AuthenticationMethod {
    Password,
    /// A code by email. Not a second factor: whoever reads the mailbox has it.
    Email,
    /// A code by text message.
    Sms,
}

impl AuthenticationMethod {
    /// Its `amr` (RFC 8176; `email` is a word of our own).
    const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// The browser that somebody signs in with.
struct SigningBrowser<'a> {
    cookies: &'a BrowserCookies,
    /// Its address; unspecified when it is not known.
    address: IpAddr,
    /// What it calls itself.
    user_agent: Option<&'a str>,
    /// For the end of another person's session in it.
    patience: Patience,
}

impl App {
    /// A session for `user`, in the place of the browser's former one, and the sign-in that knows
    /// it. A new token at each sign-in leaves a fixed one worthless. The same person's session goes
    /// on under its id, and so does what applications were granted in it; another person's ends with
    /// what was granted until then. The batch conflicts when the user is not as it was read, or the
    /// sign-in has ended.
    async fn begin_session(
        &self,
        batch: Batch,
        sign_in: &SignIn,
        user: &User,
        method: AuthenticationMethod,
        browser: &SigningBrowser<'_>,
        now: Timestamp,
    ) -> Result<(Batch, SignedIn)> {
        let former = self.session_of(browser.cookies).await?;
        let token = self.entropy.token();
        let session = Session {
            id: match &former {
                Some(former) if former.user_id == user.id => former.id.clone(),
                _ => SessionId::parse(self.new_id())?,
            },
            token_hash: sha256_base64url(token.as_bytes()),
            user_id: user.id.clone(),
            auth_time: now,
            amr: vec![method.as_str().to_owned()],
            created_at: now,
            expires_at: self.session_limits.expiry(now, now),
            last_used_at: now,
            user_agent: browser.user_agent.and_then(kept_user_agent),
            address: Some(browser.address).filter(|address| !address.is_unspecified()),
        };
        let mut batch = users::record_sign_in(batch, user, application_of(sign_in).as_ref(), now);
        if let Some(former) = former {
            batch = sessions::take(batch, &former);
            if former.id != session.id {
                // Boxed, for it is rare and every sign-in's future would hold it.
                let ended = self.end_replaced_session_in(
                    batch,
                    &former.id,
                    &former.user_id,
                    &browser.patience,
                );
                batch = Box::pin(ended).await?;
            }
        }
        let batch =
            sign_ins::set_session(sessions::insert(batch, &session), &sign_in.id, &session.id);
        Ok((
            batch,
            SignedIn {
                session_token: token,
                session_ttl: self.session_limits.ttl,
                sign_in_id: sign_in.id.clone(),
                user_id: user.id.clone(),
            },
        ))
    }
}

/// The application that a sign-in is for.
fn application_of(sign_in: &SignIn) -> Option<ApplicationId> {
    let parameters = AuthorizationParameters::from_form(&sign_in.request).ok()?;
    ApplicationId::parse(parameters.client_id?).ok()
}
