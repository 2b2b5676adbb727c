//! Tables `verification_codes` and `message_sends`.

use meibo_domain::{
    time::Timestamp,
    verification_code::{CodePurpose, MAX_SENDS, SEND_WINDOW, VerificationCode},
};

use crate::{
    db::{Batch, Db, DbError, Row, Table},
    statements, values,
};

statements! {
    FIND = "SELECT id, purpose, bound_to, recipient_key, hash, tries, created_at, expires_at FROM verification_codes \
        WHERE recipient_key = $1 AND purpose = $2 AND bound_to = $3 ORDER BY created_at DESC, id LIMIT 1";
    FIND_BOUND = "SELECT id, purpose, bound_to, recipient_key, hash, tries, created_at, expires_at FROM verification_codes \
        WHERE bound_to = $1 AND purpose = $2 ORDER BY created_at DESC, id LIMIT 1";
    INSERT = "INSERT INTO verification_codes (id, purpose, bound_to, recipient_key, hash, tries, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, 0, $6, $7)";
    DELETE_OF_RECIPIENT = "DELETE FROM verification_codes WHERE recipient_key = $1 AND purpose = $2 AND bound_to = $3";
    COUNT_TRY = "UPDATE verification_codes SET tries = tries + 1 WHERE id = $1 AND tries = $2";
    CONSUME = "DELETE FROM verification_codes WHERE id = $1 AND tries = $2";
    SENDS = "SELECT count FROM message_sends WHERE recipient_hash = $1 AND window_started_at > $2";
    COUNT_SEND = "INSERT INTO message_sends (recipient_hash, count, window_started_at) VALUES ($1, 1, $2) \
        ON CONFLICT (recipient_hash) DO UPDATE SET \
        count = CASE WHEN message_sends.window_started_at <= $3 THEN 1 ELSE message_sends.count + 1 END, \
        window_started_at = CASE WHEN message_sends.window_started_at <= $3 THEN excluded.window_started_at \
        ELSE message_sends.window_started_at END \
        WHERE message_sends.window_started_at <= $3 OR message_sends.count < $4";
}

/// The newest code for a recipient, a purpose and what it is bound to.
///
/// # Errors
/// The database's.
pub async fn find(
    db: &Db,
    recipient_key: &str,
    purpose: CodePurpose,
    bound_to: &str,
) -> Result<Option<VerificationCode>, DbError> {
    db.query_opt(&FIND, &values![recipient_key, purpose.as_str(), bound_to])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The newest code that was sent for a purpose to whomever in the thing it is bound to, a sign-in.
///
/// # Errors
/// The database's.
pub async fn find_bound(
    db: &Db,
    purpose: CodePurpose,
    bound_to: &str,
) -> Result<Option<VerificationCode>, DbError> {
    db.query_opt(&FIND_BOUND, &values![bound_to, purpose.as_str()])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// Adds a code in place of earlier ones for the same recipient, purpose and binding.
pub fn replace(batch: Batch, code: &VerificationCode) -> Batch {
    let batch = batch.run(
        Table::VerificationCodes,
        &DELETE_OF_RECIPIENT,
        values![
            code.recipient_key.as_str(),
            code.purpose.as_str(),
            code.bound_to.as_str()
        ],
    );
    let params = values![
        code.id.as_str(),
        code.purpose.as_str(),
        code.bound_to.as_str(),
        code.recipient_key.as_str(),
        code.hash.as_str(),
        code.created_at.0,
        code.expires_at.0,
    ];
    batch.expect(1, Table::VerificationCodes, &INSERT, params)
}

/// Counts a try; conflicts when another try was counted since the code was read.
pub fn count_try(batch: Batch, code: &VerificationCode) -> Batch {
    batch
        .expect(
            1,
            Table::VerificationCodes,
            &COUNT_TRY,
            values![code.id.as_str(), code.tries],
        )
        .conflict("verification_code.tries")
}

/// Uses the code up; conflicts when it was used, replaced or tried since it was read, so that of
/// many at once one wins.
pub fn consume(batch: Batch, code: &VerificationCode) -> Batch {
    batch
        .expect(
            1,
            Table::VerificationCodes,
            &CONSUME,
            values![code.id.as_str(), code.tries],
        )
        .conflict("verification_code.tries")
}

/// Messages that a recipient, named by the hash of its key, got in the present window.
///
/// # Errors
/// The database's.
pub async fn sends(db: &Db, recipient_hash: &str, now: Timestamp) -> Result<i64, DbError> {
    let since = (now - SEND_WINDOW).0;
    db.query_opt(&SENDS, &values![recipient_hash, since])
        .await?
        .map_or(Ok(0), |row| row.int(0))
}

/// Counts a message to a recipient; conflicts when it got [`MAX_SENDS`] in the window meanwhile.
pub fn count_send(batch: Batch, recipient_hash: &str, now: Timestamp) -> Batch {
    let params = values![recipient_hash, now.0, (now - SEND_WINDOW).0, MAX_SENDS];
    batch
        .expect(1, Table::MessageSends, &COUNT_SEND, params)
        .conflict("message_sends.count")
}

fn from_row(row: &Row) -> Result<VerificationCode, DbError> {
    Ok(VerificationCode {
        id: row.text(0)?,
        purpose: row.parse(1, |name| CodePurpose::parse(&name).ok_or("no such purpose"))?,
        bound_to: row.text(2)?,
        recipient_key: row.text(3)?,
        hash: row.text(4)?,
        tries: row.int(5)?,
        created_at: Timestamp(row.int(6)?),
        expires_at: Timestamp(row.int(7)?),
    })
}
