//! Table `sessions`.

use meibo_domain::{
    ids::{SessionId, UserId},
    session::Session,
    time::Timestamp,
};

use crate::{
    db::{Batch, Db, DbError, Row, Table, Touch},
    statements, values,
};

macro_rules! columns {
    () => {
        "sessions.id, sessions.token_hash, sessions.user_id, sessions.auth_time, sessions.amr, \
         sessions.created_at, sessions.expires_at, sessions.last_used_at, sessions.user_agent, sessions.address"
    };
}

statements! {
    FIND = concat!("SELECT ", columns!(), " FROM sessions JOIN users ON users.id = sessions.user_id \
        WHERE sessions.token_hash = $1 AND sessions.expires_at > $2 AND users.is_suspended = 0");
    GET = concat!("SELECT ", columns!(), " FROM sessions WHERE sessions.id = $1 AND sessions.user_id = $2 \
        AND sessions.expires_at > $3");
    LIST = concat!("SELECT ", columns!(), " FROM sessions WHERE sessions.user_id = $1 AND sessions.expires_at > $2 \
        ORDER BY sessions.last_used_at DESC, sessions.id");
    INSERT = "INSERT INTO sessions (id, version, token_hash, user_id, auth_time, amr, created_at, expires_at, \
        last_used_at, user_agent, address) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    NOTE_USE = "UPDATE sessions SET last_used_at = $3, expires_at = $4 WHERE id = $1 AND token_hash = $2";
    DELETE = "DELETE FROM sessions WHERE id = $1";
    TAKE = "DELETE FROM sessions WHERE id = $1 AND token_hash = $2";
    DELETE_OF_USER = "DELETE FROM sessions WHERE user_id = $1";
}

/// The live session of a cookie, if its user may use one.
///
/// # Errors
/// The database's.
pub async fn find(db: &Db, token_hash: &str, now: Timestamp) -> Result<Option<Session>, DbError> {
    db.query_opt(&FIND, &values![token_hash, now.0])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// A user's live session of an id.
///
/// # Errors
/// The database's.
pub async fn get(
    db: &Db,
    user: &UserId,
    id: &SessionId,
    now: Timestamp,
) -> Result<Option<Session>, DbError> {
    db.query_opt(&GET, &values![id.as_str(), user.as_str(), now.0])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// Every live session of a user, the one used last first.
///
/// # Errors
/// The database's.
pub async fn list(db: &Db, user: &UserId, now: Timestamp) -> Result<Vec<Session>, DbError> {
    db.query(&LIST, &values![user.as_str(), now.0])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// Adds a session.
pub fn insert(batch: Batch, session: &Session) -> Batch {
    let params = values![
        session.id.as_str(),
        session.token_hash.as_str(),
        session.user_id.as_str(),
        session.auth_time.0,
        session.amr.join(" "),
        session.created_at.0,
        session.expires_at.0,
        session.last_used_at.0,
        session.user_agent.clone(),
        session.address.map(|address| address.to_string()),
    ];
    batch.expect(1, Table::Sessions, &INSERT, params)
}

/// Saves when a session was last used and ends; conflicts when it has ended, or another was put in its
/// place. It stands in the place of [`still_there`], not beside it: two uses at once would each hold
/// the row that the other is about to write.
pub fn note_use(batch: Batch, session: &Session) -> Batch {
    let params = values![
        session.id.as_str(),
        session.token_hash.as_str(),
        session.last_used_at.0,
        session.expires_at.0,
    ];
    batch
        .expect(1, Table::Sessions, &NOTE_USE, params)
        .conflict("session.ended")
}

/// A guard: the session has not ended. But for its last use, a session never changes.
#[must_use]
pub fn still_there(id: &SessionId) -> Touch {
    Touch {
        table: Table::Sessions,
        id: id.as_str().to_owned(),
        version: 1,
    }
}

/// Ends a session; it may be gone already.
pub fn delete(batch: Batch, id: &SessionId) -> Batch {
    batch.run(Table::Sessions, &DELETE, values![id.as_str()])
}

/// Ends a session in whose place another is put; conflicts when that was done already.
pub fn take(batch: Batch, session: &Session) -> Batch {
    batch
        .expect(
            1,
            Table::Sessions,
            &TAKE,
            values![session.id.as_str(), session.token_hash.as_str()],
        )
        .conflict("session.taken")
}

/// Ends every session of a user.
pub fn delete_of_user(batch: Batch, user: &UserId) -> Batch {
    batch.run(Table::Sessions, &DELETE_OF_USER, values![user.as_str()])
}

fn from_row(row: &Row) -> Result<Session, DbError> {
    Ok(Session {
        id: row.parse(0, SessionId::parse)?,
        token_hash: row.text(1)?,
        user_id: row.parse(2, UserId::parse)?,
        auth_time: Timestamp(row.int(3)?),
        amr: row.str(4)?.split_whitespace().map(str::to_owned).collect(),
        created_at: Timestamp(row.int(5)?),
        expires_at: Timestamp(row.int(6)?),
        last_used_at: Timestamp(row.int(7)?),
        user_agent: row.opt_text(8)?,
        address: row.opt_text(9)?.and_then(|text| text.parse().ok()),
    })
}
