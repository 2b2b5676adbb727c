//! Registration with a username and a password.

use std::net::IpAddr;

use meibo_domain::{
    Error, ErrorCode, Result,
    actor::{Actor, Subject},
    event::Activity,
    ids::{SignInId, UserId},
    password::PasswordAlgorithm,
    profile::Profile,
    user::{Identifier, NewUser},
    username::Username,
};
use meibo_store::{db::Batch, users};
use serde_json::json;

use super::{AuthenticationMethod, SignedIn, SigningBrowser, application_of};
use crate::{
    App,
    audit::Audited,
    oidc::{BrowserCookies, ended_sessions::Patience},
    outcome::Outcome,
};

/// What was posted.
pub struct Registration {
    /// The sign-in under way.
    pub sign_in_id: SignInId,
    /// The browser's cookies.
    pub cookies: BrowserCookies,
    /// The username that the person chose.
    pub username: String,
    /// The password; the policy is applied.
    pub password: String,
    /// The page's language (BCP 47), which the account keeps.
    pub language: &'static str,
    /// Did the person say that they agree to the terms?
    pub has_agreed: bool,
    /// Where it came from.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// The request's id, for the audit log.
    pub request_id: String,
}

impl Registration {
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
    /// Makes an account and signs its person in.
    ///
    /// # Errors
    /// `guard.invalid_input` for the username, `password.rejected`, `user.username_already_in_use`
    /// (a person must be able to choose another), `session.not_found`, `request.too_many`,
    /// `user.sign_in_method_not_enabled`, `user.terms_not_accepted`.
    pub async fn register(&self, request: &Registration) -> Result<SignedIn> {
        let sign_in = self
            .open_sign_in(&request.sign_in_id, &request.cookies)
            .await?;
        self.check_address(request.address)?;
        let experience = self.sign_in_experience().await?;
        experience.check_password_registration(request.has_agreed)?;
        let username = Username::parse(request.username.trim())?;
        self.password_policy_under(&experience)
            .require(&request.password, &[username.as_str()])?;
        if users::find(&self.db, &Identifier::Username(username.clone()))
            .await?
            .is_some()
        {
            return Err(ErrorCode::UsernameInUse.into());
        }
        let digest = self.hash_password(&request.password).await?;
        let now = self.now();
        let login_id = uuid::Builder::from_random_bytes(self.entropy.uuid_v4()).into_uuid();
        let new = NewUser {
            username: Some(username),
            profile: Profile {
                locale: Some(request.language.to_owned()),
                ..Profile::default()
            },
            ..NewUser::default()
        };
        let user = new
            .create(UserId::parse(self.new_user_id())?, login_id, now)?
            .with_password(digest, PasswordAlgorithm::Argon2id, now);
        let actor = Actor {
            address: Some(request.address),
            request_id: Some(request.request_id.clone()),
            ..Actor::new(Subject::User(user.id.clone()))
        };
        let browser = request.browser();
        let signed_in = self
            .settle::<_, Error, _>(async || {
                // The sign-in may have ended while the password was hashed.
                let sign_in = self
                    .open_sign_in(&request.sign_in_id, &request.cookies)
                    .await?;
                let batch = users::insert(Batch::new(), &user);
                let audited = Audited {
                    action: "User.Created",
                    target_type: "user",
                    target_id: user.id.as_str(),
                    detail: json!({"by": "registration"}),
                };
                let batch = self.audit(batch, &actor, now, audited);
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
            .await?;
        self.record_activity(Activity {
            key: "Interaction.Register.Submit",
            is_success: true,
            user_id: Some(user.id.as_str().to_owned()),
            application_id: application_of(&sign_in).map(|id| id.as_str().to_owned()),
            payload: json!({}),
            at: now,
        });
        Ok(signed_in)
    }
}
