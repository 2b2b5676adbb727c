//! Which tokens are alive: each question is one statement over the tables that a token depends on.
//!
//! A person's token lives while its grant does (which an application's or a user's deletion takes
//! along, and which ends with its session when it was made without `offline_access`), while its
//! person is not suspended, and while it is not denied. A machine's lives while its application is
//! there and it is not denied.

use meibo_domain::{
    grant::{AccessToken, RefreshToken},
    ids::{ApplicationId, GrantId, UserId},
    scope::ScopeSet,
    time::Timestamp,
    user::User,
};

use crate::{
    db::{Db, DbError, Row},
    grants::{access_token_at, access_token_from_row, refresh_token_from_row},
    statements,
    users::{self, columns},
    values,
};

/// What must hold of `grants` and `users` at the time `$n`.
macro_rules! alive_at {
    ($now:literal) => {
        concat!(
            "users.is_suspended = 0 AND grants.expires_at > ",
            $now,
            " AND (grants.is_offline = 1 OR EXISTS (SELECT 1 FROM sessions \
             WHERE sessions.id = grants.session_id AND sessions.expires_at > ",
            $now,
            "))"
        )
    };
}

statements! {
    PERSON = concat!(
        "SELECT users.username FROM grants JOIN users ON users.id = grants.user_id WHERE grants.id = $1 \
         AND grants.user_id = $2 AND grants.application_id = $3 AND ",
        alive_at!("$5"),
        " AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE revoked_tokens.jti = $4)"
    );
    MACHINE = "SELECT applications.id FROM applications WHERE applications.id = $1 \
        AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE revoked_tokens.jti = $2)";
    ACCESS_TOKEN = concat!(
        "SELECT access_tokens.hash, access_tokens.grant_id, access_tokens.user_id, access_tokens.application_id, \
         access_tokens.scopes, access_tokens.created_at, access_tokens.expires_at, users.username \
         FROM access_tokens JOIN grants ON grants.id = access_tokens.grant_id \
         JOIN users ON users.id = grants.user_id \
         WHERE access_tokens.hash = $1 AND access_tokens.expires_at > $2 AND ",
        alive_at!("$2")
    );
    USER_OF_ACCESS_TOKEN = concat!(
        "SELECT ", columns!(), ", access_tokens.hash, access_tokens.grant_id, access_tokens.user_id, \
         access_tokens.application_id, access_tokens.scopes, access_tokens.created_at, access_tokens.expires_at \
         FROM access_tokens JOIN grants ON grants.id = access_tokens.grant_id \
         JOIN users ON users.id = grants.user_id \
         WHERE access_tokens.hash = $1 AND access_tokens.expires_at > $2 AND ",
        alive_at!("$2")
    );
    REFRESH_TOKEN = concat!(
        "SELECT refresh_tokens.hash, refresh_tokens.grant_id, refresh_tokens.application_id, \
         refresh_tokens.created_at, refresh_tokens.chain_started_at, refresh_tokens.expires_at, \
         refresh_tokens.rotated_at, users.username, grants.user_id, grants.scopes \
         FROM refresh_tokens JOIN grants ON grants.id = refresh_tokens.grant_id \
         JOIN users ON users.id = grants.user_id \
         WHERE refresh_tokens.hash = $1 AND refresh_tokens.expires_at > $2 AND ",
        alive_at!("$2")
    );
}

/// Something that is alive, and what its person signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live<T> {
    /// The thing.
    pub token: T,
    /// The person's username, if there is one.
    pub username: Option<String>,
}

/// A refresh token with what its grant says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedRefreshToken {
    /// The token, perhaps rotated.
    pub token: RefreshToken,
    /// Whose account.
    pub user_id: UserId,
    /// What the grant allows.
    pub scopes: ScopeSet,
}

/// Is a person's JWT access token alive, as far as the register says? The caller verified it and
/// looked at its expiry.
///
/// # Errors
/// The database's.
pub async fn find_persons_jwt(
    db: &Db,
    (grant_id, user_id, application_id): (&GrantId, &UserId, &ApplicationId),
    jti: &str,
    now: Timestamp,
) -> Result<Option<Live<()>>, DbError> {
    let params = values![
        grant_id.as_str(),
        user_id.as_str(),
        application_id.as_str(),
        jti,
        now.0,
    ];
    let row = db.query_opt(&PERSON, &params).await?;
    row.as_ref().map(|row| live(row, 0, ())).transpose()
}

/// Is a machine's JWT access token alive, as far as the register says?
///
/// # Errors
/// The database's.
pub async fn is_machines_jwt_alive(
    db: &Db,
    application_id: &ApplicationId,
    jti: &str,
) -> Result<bool, DbError> {
    let row = db
        .query_opt(&MACHINE, &values![application_id.as_str(), jti])
        .await?;
    Ok(row.is_some())
}

/// The opaque access token of a hash, if it is alive.
///
/// # Errors
/// The database's.
pub async fn find_access_token(
    db: &Db,
    hash: &str,
    now: Timestamp,
) -> Result<Option<Live<AccessToken>>, DbError> {
    let row = db.query_opt(&ACCESS_TOKEN, &values![hash, now.0]).await?;
    row.as_ref()
        .map(|row| live(row, 7, access_token_from_row(row)?))
        .transpose()
}

/// The opaque access token of a hash with its user, if it is alive.
///
/// # Errors
/// The database's.
pub async fn find_access_token_and_user(
    db: &Db,
    hash: &str,
    now: Timestamp,
) -> Result<Option<(AccessToken, User)>, DbError> {
    db.query_opt(&USER_OF_ACCESS_TOKEN, &values![hash, now.0])
        .await?
        .map(|row| {
            Ok((
                access_token_at(&row, users::COLUMN_COUNT)?,
                users::from_row(&row)?,
            ))
        })
        .transpose()
}

/// The refresh token of a hash, if its grant is alive; it may be rotated.
///
/// # Errors
/// The database's.
pub async fn find_refresh_token(
    db: &Db,
    hash: &str,
    now: Timestamp,
) -> Result<Option<Live<GrantedRefreshToken>>, DbError> {
    let row = db.query_opt(&REFRESH_TOKEN, &values![hash, now.0]).await?;
    let read = |row: &Row| {
        let granted = GrantedRefreshToken {
            token: refresh_token_from_row(row)?,
            user_id: row.parse(8, UserId::parse)?,
            scopes: row.text(9)?.into(),
        };
        live(row, 7, granted)
    };
    row.as_ref().map(read).transpose()
}

fn live<T>(row: &Row, username: usize, token: T) -> Result<Live<T>, DbError> {
    Ok(Live {
        token,
        username: row.opt_text(username)?,
    })
}
