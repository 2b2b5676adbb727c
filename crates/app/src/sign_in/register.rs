//! Registration with a username and a password.

use meibo_domain::{
    Error, ErrorCode, Result,
    ids::UserId,
    password::PasswordAlgorithm,
    profile::Profile,
    sign_in::Intent,
    user::{Identifier, NewUser},
    username::Username,
};
use meibo_store::{db::Batch, users};
use serde_json::json;

use super::{AuthenticationMethod, SignedIn, Visitor};
use crate::{App, audit::Audited, outcome::Outcome};

/// What was posted.
pub struct Registration {
    /// Who posted it.
    pub visitor: Visitor,
    /// The username that the person chose.
    pub username: String,
    /// The password; the policy is applied.
    pub password: String,
    /// The page's language (BCP 47), which the account keeps.
    pub language: &'static str,
    /// Did the person say that they agree to the terms?
    pub has_agreed: bool,
}

impl App {
    /// Makes an account and signs its person in.
    ///
    /// # Errors
    /// `guard.invalid_input` for the username, `password.rejected`, `user.username_already_in_use`
    /// (a person must be able to choose another), `session.not_found`, `request.too_many`,
    /// `user.sign_in_method_not_enabled`, `user.terms_not_accepted`.
    pub async fn register(&self, request: &Registration) -> Result<SignedIn> {
        let visitor = &request.visitor;
        let sign_in = self
            .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
            .await?;
        self.check_address(visitor.address)?;
        let made = self.make_account(request).await;
        let user_id = made.as_ref().ok().map(|made| made.user_id.clone());
        self.recorded(&sign_in, Intent::Register, user_id.as_ref(), made)
    }

    /// As [`App::register`] in an open sign-in.
    async fn make_account(&self, request: &Registration) -> Result<SignedIn> {
        let visitor = &request.visitor;
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
        let (actor, browser) = (visitor.acting_as(&user.id), visitor.browser());
        self.settle::<_, Error, _>(async || {
            // The sign-in may have ended while the password was hashed.
            let sign_in = self
                .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
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
        .await
    }
}
