//! The first administrator: a one-time link, printed at the first start.

use std::net::IpAddr;

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::{
    Error, ErrorCode, Result,
    actor::{Actor, Subject},
    ids::UserId,
    password::PasswordAlgorithm,
    role::OWNER_ROLE,
    user::{NewUser, User},
    username::Username,
};
use meibo_store::{db::Batch, roles, settings, users};
use serde_json::json;

use crate::{App, audit::Audited, outcome::Outcome};

/// The setting that holds the hash of the link's token.
const LINK: &str = "setup.link";

/// What the first administrator chooses.
pub struct FirstAdministrator {
    /// The link's token.
    pub token: String,
    /// Username.
    pub username: Username,
    /// Password; the policy is applied.
    pub password: String,
    /// Where the post came from.
    pub address: Option<IpAddr>,
    /// The request's id, for the audit log.
    pub request_id: Option<String>,
}

impl App {
    /// A new link that makes the first administrator; earlier ones stop to work. None when there is
    /// an administrator already.
    ///
    /// # Errors
    /// The database's.
    pub async fn issue_setup_link(&self) -> Result<Option<String>> {
        if roles::has_holder(&self.db, OWNER_ROLE).await? {
            return Ok(None);
        }
        let token = self.entropy.token();
        let hash = sha256_base64url(token.as_bytes());
        self.settle::<_, Error, _>(async || {
            Ok(Outcome::commit(
                settings::set(Batch::new(), LINK, &hash, self.now()),
                (),
            ))
        })
        .await?;
        Ok(Some(format!(
            "{}/setup/{token}",
            self.public_url.as_str().trim_end_matches('/')
        )))
    }

    /// Does the link still work?
    ///
    /// # Errors
    /// `setup.link_not_valid` when it does not.
    pub async fn check_setup_link(&self, token: &str) -> Result<()> {
        self.read_setup_link(token).await.map(drop)
    }

    /// Makes the first administrator, once.
    ///
    /// # Errors
    /// `setup.link_not_valid` when the link does not work any longer, `password.rejected`,
    /// `user.username_already_in_use`.
    pub async fn create_first_administrator(&self, request: FirstAdministrator) -> Result<User> {
        self.read_setup_link(&request.token).await?;
        self.password_policy()
            .await?
            .require(&request.password, &[request.username.as_str()])?;
        let digest = self.hash_password(&request.password).await?;
        let id = UserId::parse(self.new_user_id())?;
        let new = NewUser {
            username: Some(request.username),
            ..NewUser::default()
        };
        let now = self.now();
        let user = new
            .create(
                id,
                uuid::Builder::from_random_bytes(self.entropy.uuid_v4()).into_uuid(),
                now,
            )?
            .with_password(digest, PasswordAlgorithm::Argon2id, now);
        let actor = Actor {
            address: request.address,
            request_id: request.request_id.clone(),
            ..Actor::new(Subject::User(user.id.clone()))
        };
        self.settle(async || {
            let link = self.read_setup_link(&request.token).await?;
            let batch = settings::take(Batch::new(), LINK, &link);
            let batch = users::insert(batch, &user);
            let batch = roles::give_to_user(batch, &user.id, OWNER_ROLE);
            let audited = Audited {
                action: "User.Created",
                target_type: "user",
                target_id: user.id.as_str(),
                detail: json!({"role": OWNER_ROLE, "by": "setup link"}),
            };
            Ok(Outcome::commit(
                self.audit(batch, &actor, now, audited),
                user.clone(),
            ))
        })
        .await
    }

    /// The stored hash of the link's token. A link that a starting node wrote while the first
    /// administrator was being made is worth nothing.
    async fn read_setup_link(&self, token: &str) -> Result<String> {
        if roles::has_holder(&self.db, OWNER_ROLE).await? {
            return Err(ErrorCode::SetupLinkUsed.into());
        }
        let stored = settings::get(&self.db, LINK).await?;
        let presented = sha256_base64url(token.as_bytes());
        stored
            .filter(|stored| meibo_crypto::digest::equal(stored.as_bytes(), presented.as_bytes()))
            .ok_or_else(|| ErrorCode::SetupLinkUsed.into())
    }
}
