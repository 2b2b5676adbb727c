//! Users: the use cases of the Management API and the command line.

use meibo_crypto::password::Verification;
use meibo_domain::{
    Error, ErrorCode, Result,
    actor::{Actor, Subject},
    ids::UserId,
    page::{Page, PageRequest},
    password::{MAX_LENGTH, PasswordAlgorithm, normalise_password},
    profile::Profile,
    search::UserSearch,
    time::Timestamp,
    user::{Identifier, NewUser, User, UserPatch},
};
use meibo_store::{
    db::Batch,
    users::{self},
};
use serde_json::{Map, Value, json};

use crate::{App, access::require_management, audit::Audited, outcome::Outcome, sign_in::attempts};

impl App {
    /// Creates a user. The password, if any, is an administrator's: only its length is checked.
    ///
    /// # Errors
    /// `guard.invalid_input`, and a `user.…_already_in_use` for each unique member.
    pub async fn create_user(
        &self,
        actor: &Actor,
        new: NewUser,
        password: Option<String>,
    ) -> Result<User> {
        require_management(actor)?;
        let now = self.now();
        let id = UserId::parse(self.new_user_id())?;
        let mut user = new.create(
            id,
            uuid::Builder::from_random_bytes(self.entropy.uuid_v4()).into_uuid(),
            now,
        )?;
        if let Some(password) = password {
            user = self
                .with_administrators_password(&user, &password, now)
                .await?;
            user.version = 1;
        }
        self.settle(async || {
            let batch = users::insert(Batch::new(), &user);
            let audited = audited("User.Created", &user.id, json!({}));
            Ok(Outcome::commit(
                self.audit(batch, actor, now, audited),
                user.clone(),
            ))
        })
        .await
    }

    /// The user of an id.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn get_user(&self, actor: &Actor, id: &UserId) -> Result<User> {
        require_management(actor)?;
        self.load_user(id).await
    }

    /// The user whom an operator names: by id, username or verified email address.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn find_user(&self, actor: &Actor, name: &str) -> Result<User> {
        require_management(actor)?;
        if let Ok(id) = UserId::parse(name)
            && let Some(user) = users::get(&self.db, &id).await?
        {
            return Ok(user);
        }
        let identifier = Identifier::parse(name).map_err(|_| Error::not_found(name))?;
        users::find(&self.db, &identifier)
            .await?
            .ok_or_else(|| Error::not_found(name))
    }

    /// A page of the users that a search finds, newest first.
    ///
    /// # Errors
    /// `server.overloaded` when too many searches that scan are under way.
    pub async fn list_users(
        &self,
        actor: &Actor,
        search: &UserSearch,
        page: PageRequest,
    ) -> Result<Page<User>> {
        require_management(actor)?;
        Ok(users::list(&self.db, search, page).await?)
    }

    /// Changes a user.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `guard.invalid_input`, `user.…_already_in_use`.
    pub async fn update_user(&self, actor: &Actor, id: &UserId, patch: UserPatch) -> Result<User> {
        self.change_user(actor, id, "User.Updated", |user, now| {
            user.apply(patch.clone(), now)
        })
        .await
    }

    /// Merges members into a user's custom data (shallow).
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `guard.invalid_input`.
    pub async fn merge_custom_data(
        &self,
        actor: &Actor,
        id: &UserId,
        members: Map<String, Value>,
    ) -> Result<User> {
        self.change_user(actor, id, "User.Updated", |user, now| {
            user.merge_custom_data(members.clone(), now)
        })
        .await
    }

    /// Merges members into a user's profile (shallow; the address as a whole).
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `guard.invalid_input`.
    pub async fn merge_profile(
        &self,
        actor: &Actor,
        id: &UserId,
        profile: Profile,
    ) -> Result<User> {
        self.change_user(actor, id, "User.Updated", |user, now| {
            user.merge_profile(profile.clone(), now)
        })
        .await
    }

    /// Sets a user's password, as an administrator: only its length is checked. Sessions and grants
    /// end, for whoever knew the old one may have them; failed sign-ins are forgotten.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `guard.invalid_input`.
    pub async fn set_password(&self, actor: &Actor, id: &UserId, password: String) -> Result<User> {
        require_management(actor)?;
        self.load_user(id).await?;
        let digest = self.hash_administrators_password(&password).await?;
        self.settle(async || {
            let now = self.now();
            let user = self.load_user(id).await?.with_password(
                digest.clone(),
                PasswordAlgorithm::Argon2id,
                now,
            );
            let batch = users::update(Batch::new(), &user);
            let batch = self.end_everything_in(batch, id).await?;
            let batch = attempts::release(batch, &user);
            let batch = self.forget_guesses_in(batch, &user);
            let audited = audited("User.PasswordSet", id, json!({}));
            Ok(Outcome::commit(
                self.audit(batch, actor, now, audited),
                user,
            ))
        })
        .await
    }

    /// Is `password` the user's?
    ///
    /// # Errors
    /// `session.invalid_credentials` when it is not, `entity.not_exists_with_id`.
    pub async fn verify_password(
        &self,
        actor: &Actor,
        id: &UserId,
        password: String,
    ) -> Result<()> {
        require_management(actor)?;
        let user = self.load_user(id).await?;
        match self.check_password(&password, Some(&user)).await? {
            Verification::Match { .. } => Ok(()),
            Verification::Mismatch | Verification::Unusable => {
                Err(ErrorCode::InvalidCredentials.into())
            }
        }
    }

    /// Suspends a user, whose sessions and tokens end at once, or lets the user in again, whatever
    /// sign-ins have failed.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn set_suspension(
        &self,
        actor: &Actor,
        id: &UserId,
        is_suspended: bool,
    ) -> Result<User> {
        require_management(actor)?;
        self.settle(async || {
            let now = self.now();
            let user = self.load_user(id).await?.with_suspension(is_suspended, now);
            let batch = users::update(Batch::new(), &user);
            let batch = if is_suspended {
                self.end_everything_in(batch, id).await?
            } else {
                self.forget_guesses_in(attempts::release(batch, &user), &user)
            };
            let audited = audited(
                "User.SuspensionStatusUpdated",
                id,
                json!({"isSuspended": is_suspended}),
            );
            Ok(Outcome::commit(
                self.audit(batch, actor, now, audited),
                user,
            ))
        })
        .await
    }

    /// Deletes a user and everything that hangs on it.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`; `user.cannot_delete_self` for a person's own account.
    pub async fn delete_user(&self, actor: &Actor, id: &UserId) -> Result<()> {
        require_management(actor)?;
        if actor.subject == Subject::User(id.clone()) {
            return Err(ErrorCode::CannotDeleteSelf.into());
        }
        self.settle(async || {
            let user = self.load_user(id).await?;
            let batch = users::delete(Batch::new(), &user.id);
            let batch = self.announce_deletion(batch, id).await?;
            let audited = audited("User.Deleted", id, json!({}));
            Ok(Outcome::commit(
                self.audit(batch, actor, self.now(), audited),
                (),
            ))
        })
        .await
    }

    pub(crate) async fn load_user(&self, id: &UserId) -> Result<User> {
        users::get(&self.db, id)
            .await?
            .ok_or_else(|| Error::not_found(id))
    }

    async fn change_user(
        &self,
        actor: &Actor,
        id: &UserId,
        action: &'static str,
        change: impl Fn(&User, Timestamp) -> Result<User>,
    ) -> Result<User> {
        require_management(actor)?;
        self.settle(async || {
            let now = self.now();
            let before = self.load_user(id).await?;
            let user = change(&before, now)?;
            let batch = users::update(Batch::new(), &user);
            let audited = audited(
                action,
                id,
                json!({"changed": changed_members(&before, &user)}),
            );
            Ok(Outcome::commit(
                self.audit(batch, actor, now, audited),
                user,
            ))
        })
        .await
    }

    async fn with_administrators_password(
        &self,
        user: &User,
        password: &str,
        now: Timestamp,
    ) -> Result<User> {
        let digest = self.hash_administrators_password(password).await?;
        Ok(user.with_password(digest, PasswordAlgorithm::Argon2id, now))
    }

    async fn hash_administrators_password(&self, password: &str) -> Result<String> {
        let length = normalise_password(password).chars().count();
        if length == 0 || length > MAX_LENGTH {
            return Err(Error::invalid(
                "password",
                "length",
                format!("1 to {MAX_LENGTH} characters"),
            ));
        }
        self.hash_password(password).await
    }
}

fn audited<'a>(action: &'static str, id: &'a UserId, detail: Value) -> Audited<'a> {
    Audited {
        action,
        target_type: "user",
        target_id: id.as_str(),
        detail,
    }
}

/// The names of the members that differ, in the Management API's spelling; never their values.
fn changed_members(before: &User, after: &User) -> Vec<&'static str> {
    [
        ("username", before.username != after.username),
        ("primaryEmail", before.primary_email != after.primary_email),
        ("primaryPhone", before.primary_phone != after.primary_phone),
        ("name", before.name != after.name),
        ("avatar", before.avatar != after.avatar),
        ("profile", before.profile != after.profile),
        ("customData", before.custom_data != after.custom_data),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
