//! Tables `grants`, `authorization_codes`, `refresh_tokens` and `access_tokens`.

use meibo_domain::{
    grant::{AccessToken, AuthorizationCode, Grant, RefreshToken},
    ids::{ApplicationId, GrantId, SessionId, UserId},
    time::Timestamp,
};

use crate::{
    db::{Batch, Db, DbError, Row, Table, Touch},
    statements, values,
};

macro_rules! columns {
    () => {
        "id, user_id, application_id, session_id, scopes, resources, auth_time, amr, nonce, created_at, expires_at"
    };
}

/// Was the grant made with `offline_access`, or does its session go on at the time of this parameter?
macro_rules! has_session {
    ($now:literal) => {
        concat!(
            "(is_offline = 1 OR EXISTS (SELECT 1 FROM sessions WHERE sessions.id = grants.session_id \
             AND sessions.expires_at > ",
            $now,
            "))"
        )
    };
}

/// Grants that a list gives at most.
const MAX_LISTED: i64 = 1000;

statements! {
    GET = concat!("SELECT ", columns!(), " FROM grants WHERE id = $1 AND ", has_session!("$2"));
    LIST_OF_USER = concat!(
        "SELECT ", columns!(), " FROM grants WHERE user_id = $1 AND expires_at > $2 AND ", has_session!("$2"),
        " ORDER BY created_at DESC, id DESC LIMIT $3"
    );
    DELETE_EXCESS = concat!(
        "DELETE FROM grants WHERE user_id = $1 AND application_id = $2 AND id <> $3 AND id NOT IN \
         (SELECT id FROM grants WHERE user_id = $1 AND application_id = $2 AND id <> $3 AND expires_at > $4 AND ",
        has_session!("$4"), " ORDER BY created_at DESC, id DESC LIMIT $5)"
    );
    INSERT = "INSERT INTO grants (id, version, user_id, application_id, session_id, scopes, is_offline, resources, \
        auth_time, amr, nonce, created_at, expires_at) \
        VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    DELETE = "DELETE FROM grants WHERE id = $1";
    DELETE_OF_USER_AT = "DELETE FROM grants WHERE user_id = $1 AND application_id = $2";
    DELETE_OF_USER = "DELETE FROM grants WHERE user_id = $1";
    DELETE_ONLINE_OF_SESSION = "DELETE FROM grants WHERE session_id = $1 AND is_offline = 0";
    BY_SESSION_OF_USER = "SELECT sessions.id, grants.application_id, COUNT(*) FROM grants \
        LEFT JOIN sessions ON sessions.id = grants.session_id AND sessions.expires_at > $2 \
        WHERE grants.user_id = $1 GROUP BY sessions.id, grants.application_id";
    BY_APPLICATION_OF_SESSION = "SELECT session_id, application_id, COUNT(*) FROM grants WHERE session_id = $1 \
        GROUP BY session_id, application_id";
    // It changes nothing, and counts.
    COUNT_OF_SESSION = "UPDATE grants SET version = version WHERE session_id = $1";
    DELETE_OF_SESSION = "DELETE FROM grants WHERE session_id = $1";
    DELETE_FIRST_PARTY_OF_SESSION = "DELETE FROM grants WHERE session_id = $1 AND application_id IN \
        (SELECT id FROM applications WHERE is_third_party = 0)";
    GET_CODE = "SELECT hash, grant_id, application_id, redirect_uri, code_challenge, expires_at, consumed_at \
        FROM authorization_codes WHERE hash = $1";
    INSERT_CODE = "INSERT INTO authorization_codes (hash, grant_id, application_id, redirect_uri, code_challenge, \
        expires_at, consumed_at) VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    CONSUME_CODE = "UPDATE authorization_codes SET consumed_at = $2 WHERE hash = $1 AND consumed_at IS NULL";
    GET_REFRESH_TOKEN = "SELECT hash, grant_id, application_id, created_at, chain_started_at, expires_at, rotated_at \
        FROM refresh_tokens WHERE hash = $1";
    INSERT_REFRESH_TOKEN = "INSERT INTO refresh_tokens (hash, grant_id, application_id, created_at, chain_started_at, \
        expires_at, rotated_at) VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    ROTATE_REFRESH_TOKEN = "UPDATE refresh_tokens SET rotated_at = $2 WHERE hash = $1 AND rotated_at IS NULL";
    KEEP_REFRESH_TOKEN = "UPDATE refresh_tokens SET rotated_at = NULL WHERE hash = $1 AND rotated_at IS NULL";
    GET_ACCESS_TOKEN = "SELECT access_tokens.hash, access_tokens.grant_id, access_tokens.user_id, \
        access_tokens.application_id, access_tokens.scopes, access_tokens.created_at, access_tokens.expires_at \
        FROM access_tokens WHERE access_tokens.hash = $1 AND access_tokens.expires_at > $2";
    INSERT_ACCESS_TOKEN = "INSERT INTO access_tokens (hash, grant_id, user_id, application_id, scopes, created_at, \
        expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    DELETE_ACCESS_TOKEN = "DELETE FROM access_tokens WHERE hash = $1";
}

/// The grant of an id; none when it was made without `offline_access` and its session has ended.
///
/// # Errors
/// The database's.
pub async fn get(db: &Db, id: &GrantId, now: Timestamp) -> Result<Option<Grant>, DbError> {
    db.query_opt(&GET, &values![id.as_str(), now.0])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The live grants of a user, newest first; a thousand of them at most.
///
/// # Errors
/// The database's.
pub async fn list_of_user(db: &Db, user: &UserId, now: Timestamp) -> Result<Vec<Grant>, DbError> {
    db.query(&LIST_OF_USER, &values![user.as_str(), now.0, MAX_LISTED])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// Adds a grant.
pub fn insert(batch: Batch, grant: &Grant) -> Batch {
    let params = values![
        grant.id.as_str(),
        grant.user_id.as_str(),
        grant.application_id.as_str(),
        grant.session_id.as_ref().map(|id| id.as_str().to_owned()),
        grant.scopes.to_string(),
        grant.scopes.contains("offline_access"),
        serde_json::json!(grant.resources).to_string(),
        grant.auth_time.0,
        grant.amr.join(" "),
        grant.nonce.clone(),
        grant.created_at.0,
        grant.expires_at.0,
    ];
    batch.expect(1, Table::Grants, &INSERT, params)
}

/// A guard: the grant is not revoked. A grant never changes. It is locked before what was issued
/// under it, in the order in which a revocation deletes them.
#[must_use]
pub fn still_there(id: &GrantId) -> Touch {
    Touch {
        table: Table::Grants,
        id: id.as_str().to_owned(),
        version: 1,
    }
}

/// Revokes a grant and, by the foreign keys, everything issued under it; it may be gone already.
pub fn delete(batch: Batch, id: &GrantId) -> Batch {
    batch.run(Table::Grants, &DELETE, values![id.as_str()])
}

/// Revokes every grant of a user.
pub fn delete_of_user(batch: Batch, user: &UserId) -> Batch {
    batch.run(Table::Grants, &DELETE_OF_USER, values![user.as_str()])
}

/// Revokes every grant of a user at an application.
pub fn delete_of_user_at(batch: Batch, user: &UserId, application: &ApplicationId) -> Batch {
    batch.run(
        Table::Grants,
        &DELETE_OF_USER_AT,
        values![user.as_str(), application.as_str()],
    )
}

/// Revokes the grants that end with a session: those without `offline_access`.
pub fn delete_online_of_session(batch: Batch, session: &SessionId) -> Batch {
    batch.run(
        Table::Grants,
        &DELETE_ONLINE_OF_SESSION,
        values![session.as_str()],
    )
}

/// How often an application was granted something in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionGrants {
    /// The session; none when it has ended.
    pub live_session: Option<SessionId>,
    /// The application.
    pub application_id: ApplicationId,
    /// Grants.
    pub count: i64,
}

/// A user's grants by session and application.
///
/// # Errors
/// The database's.
pub async fn by_session_of_user(
    db: &Db,
    user: &UserId,
    now: Timestamp,
) -> Result<Vec<SessionGrants>, DbError> {
    let params = values![user.as_str(), now.0];
    let rows = db.query(&BY_SESSION_OF_USER, &params).await?;
    rows.iter().map(session_grants_from_row).collect()
}

/// The grants of a living session by application.
///
/// # Errors
/// The database's.
pub async fn by_application_of_session(
    db: &Db,
    session: &SessionId,
) -> Result<Vec<SessionGrants>, DbError> {
    let params = values![session.as_str()];
    let rows = db.query(&BY_APPLICATION_OF_SESSION, &params).await?;
    rows.iter().map(session_grants_from_row).collect()
}

/// A guard: the session has as many grants as were read. Add it before what deletes them.
pub fn keep_count_of_session(batch: Batch, session: &SessionId, read: &[SessionGrants]) -> Batch {
    let params = values![session.as_str()];
    batch
        .expect(total(read), Table::Grants, &COUNT_OF_SESSION, params)
        .conflict("grants.changed")
}

fn total(read: &[SessionGrants]) -> u64 {
    read.iter().map(|grants| grants.count.unsigned_abs()).sum()
}

fn session_grants_from_row(row: &Row) -> Result<SessionGrants, DbError> {
    Ok(SessionGrants {
        live_session: row.opt_text(0)?.and_then(|id| SessionId::parse(id).ok()),
        application_id: row.parse(1, ApplicationId::parse)?,
        count: row.int(2)?,
    })
}

/// Revokes the grants that were made in a session, `offline_access` or not.
pub fn delete_of_session(batch: Batch, session: &SessionId) -> Batch {
    batch.run(Table::Grants, &DELETE_OF_SESSION, values![session.as_str()])
}

/// As [`delete_of_session`], but those of third-party applications stay.
pub fn delete_first_party_of_session(batch: Batch, session: &SessionId) -> Batch {
    batch.run(
        Table::Grants,
        &DELETE_FIRST_PARTY_OF_SESSION,
        values![session.as_str()],
    )
}

/// Revokes the oldest grants of `grant`'s user and application, so that with it at most `max` are
/// left. Whoever makes grants under a limit must hold the user's row ([`crate::users::hold`]), so
/// that they come one after the other.
pub fn delete_excess(batch: Batch, grant: &Grant, max: i64) -> Batch {
    let params = values![
        grant.user_id.as_str(),
        grant.application_id.as_str(),
        grant.id.as_str(),
        grant.created_at.0,
        (max - 1).max(0),
    ];
    batch.run(Table::Grants, &DELETE_EXCESS, params)
}

/// The authorization code of a hash, used or not.
///
/// # Errors
/// The database's.
pub async fn get_code(db: &Db, hash: &str) -> Result<Option<AuthorizationCode>, DbError> {
    db.query_opt(&GET_CODE, &values![hash])
        .await?
        .as_ref()
        .map(code_from_row)
        .transpose()
}

/// Adds an authorization code.
pub fn insert_code(batch: Batch, code: &AuthorizationCode) -> Batch {
    let params = values![
        code.hash.as_str(),
        code.grant_id.as_str(),
        code.application_id.as_str(),
        code.redirect_uri.as_str(),
        code.code_challenge.clone(),
        code.expires_at.0,
    ];
    batch.expect(1, Table::AuthorizationCodes, &INSERT_CODE, params)
}

/// Marks a code as used; conflicts when it was used or revoked meanwhile.
pub fn consume_code(batch: Batch, hash: &str, now: Timestamp) -> Batch {
    batch
        .expect(
            1,
            Table::AuthorizationCodes,
            &CONSUME_CODE,
            values![hash, now.0],
        )
        .conflict("code.consumed")
}

/// The refresh token of a hash, rotated or not.
///
/// # Errors
/// The database's.
pub async fn get_refresh_token(db: &Db, hash: &str) -> Result<Option<RefreshToken>, DbError> {
    db.query_opt(&GET_REFRESH_TOKEN, &values![hash])
        .await?
        .as_ref()
        .map(refresh_token_from_row)
        .transpose()
}

/// Adds a refresh token.
pub fn insert_refresh_token(batch: Batch, token: &RefreshToken) -> Batch {
    let params = values![
        token.hash.as_str(),
        token.grant_id.as_str(),
        token.application_id.as_str(),
        token.created_at.0,
        token.chain_started_at.0,
        token.expires_at.0,
    ];
    batch.expect(1, Table::RefreshTokens, &INSERT_REFRESH_TOKEN, params)
}

/// Marks a refresh token as rotated; conflicts when it was rotated or revoked meanwhile.
pub fn rotate_refresh_token(batch: Batch, hash: &str, now: Timestamp) -> Batch {
    batch
        .expect(
            1,
            Table::RefreshTokens,
            &ROTATE_REFRESH_TOKEN,
            values![hash, now.0],
        )
        .conflict("refresh_token.rotated")
}

/// A guard: the refresh token is neither rotated nor revoked.
pub fn keep_refresh_token(batch: Batch, hash: &str) -> Batch {
    batch
        .expect(1, Table::RefreshTokens, &KEEP_REFRESH_TOKEN, values![hash])
        .conflict("refresh_token.rotated")
}

/// The opaque access token of a hash that has not expired; whether its person may still use it says
/// [`crate::live_tokens`].
///
/// # Errors
/// The database's.
pub async fn get_access_token(
    db: &Db,
    hash: &str,
    now: Timestamp,
) -> Result<Option<AccessToken>, DbError> {
    db.query_opt(&GET_ACCESS_TOKEN, &values![hash, now.0])
        .await?
        .as_ref()
        .map(access_token_from_row)
        .transpose()
}

/// Adds an opaque access token.
pub fn insert_access_token(batch: Batch, token: &AccessToken) -> Batch {
    let params = values![
        token.hash.as_str(),
        token.grant_id.as_str(),
        token.user_id.as_str(),
        token.application_id.as_str(),
        token.scopes.to_string(),
        token.created_at.map(Timestamp::millis),
        token.expires_at.0,
    ];
    batch.expect(1, Table::AccessTokens, &INSERT_ACCESS_TOKEN, params)
}

/// Revokes an opaque access token; it may be gone already.
pub fn delete_access_token(batch: Batch, hash: &str) -> Batch {
    batch.run(Table::AccessTokens, &DELETE_ACCESS_TOKEN, values![hash])
}

fn from_row(row: &Row) -> Result<Grant, DbError> {
    Ok(Grant {
        id: row.parse(0, GrantId::parse)?,
        user_id: row.parse(1, UserId::parse)?,
        application_id: row.parse(2, ApplicationId::parse)?,
        session_id: row.opt_text(3)?.and_then(|id| SessionId::parse(id).ok()),
        scopes: row.text(4)?.into(),
        resources: row.json(5)?,
        auth_time: Timestamp(row.int(6)?),
        amr: row.str(7)?.split_whitespace().map(str::to_owned).collect(),
        nonce: row.opt_text(8)?,
        created_at: Timestamp(row.int(9)?),
        expires_at: Timestamp(row.int(10)?),
    })
}

fn code_from_row(row: &Row) -> Result<AuthorizationCode, DbError> {
    Ok(AuthorizationCode {
        hash: row.text(0)?,
        grant_id: row.parse(1, GrantId::parse)?,
        application_id: row.parse(2, ApplicationId::parse)?,
        redirect_uri: row.text(3)?,
        code_challenge: row.opt_text(4)?,
        expires_at: Timestamp(row.int(5)?),
        consumed_at: row.opt_int(6)?.map(Timestamp),
    })
}

pub(crate) fn refresh_token_from_row(row: &Row) -> Result<RefreshToken, DbError> {
    Ok(RefreshToken {
        hash: row.text(0)?,
        grant_id: row.parse(1, GrantId::parse)?,
        application_id: row.parse(2, ApplicationId::parse)?,
        created_at: Timestamp(row.int(3)?),
        chain_started_at: Timestamp(row.int(4)?),
        expires_at: Timestamp(row.int(5)?),
        rotated_at: row.opt_int(6)?.map(Timestamp),
    })
}

pub(crate) fn access_token_from_row(row: &Row) -> Result<AccessToken, DbError> {
    access_token_at(row, 0)
}

/// Reads an access token whose seven columns begin at `first`.
pub(crate) fn access_token_at(row: &Row, first: usize) -> Result<AccessToken, DbError> {
    Ok(AccessToken {
        hash: row.text(first)?,
        grant_id: row.parse(first + 1, GrantId::parse)?,
        user_id: row.parse(first + 2, UserId::parse)?,
        application_id: row.parse(first + 3, ApplicationId::parse)?,
        scopes: row.text(first + 4)?.into(),
        created_at: row.opt_int(first + 5)?.map(Timestamp),
        expires_at: Timestamp(row.int(first + 6)?),
    })
}
