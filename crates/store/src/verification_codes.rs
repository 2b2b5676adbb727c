//! Table `verification_codes`.

use meibo_domain::{
    time::Timestamp,
    verification_code::{CodePurpose, VerificationCode},
};

use crate::{
    db::{Batch, Db, DbError, Row, Table},
    statements, values,
};

statements! {
    FIND = "SELECT id, purpose, bound_to, recipient_key, hash, tries, created_at, expires_at FROM verification_codes \
        WHERE recipient_key = $1 AND purpose = $2 AND bound_to = $3";
    FIND_BOUND = "SELECT id, purpose, bound_to, recipient_key, hash, tries, created_at, expires_at FROM verification_codes \
        WHERE bound_to = $1 AND purpose = $2 ORDER BY created_at DESC, id LIMIT 1";
    REPLACE = "INSERT INTO verification_codes (id, purpose, bound_to, recipient_key, hash, tries, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, 0, $6, $7) ON CONFLICT (recipient_key, purpose, bound_to) DO UPDATE SET \
        id = excluded.id, hash = excluded.hash, tries = 0, created_at = excluded.created_at, expires_at = excluded.expires_at";
    COUNT_TRY = "UPDATE verification_codes SET tries = tries + 1 WHERE id = $1 AND tries = $2";
    CONSUME = "DELETE FROM verification_codes WHERE id = $1 AND tries = $2";
}

/// The code for a recipient, a purpose and what it is bound to.
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

/// Adds a code in place of an earlier one for the same recipient, purpose and binding.
pub fn replace(batch: Batch, code: &VerificationCode) -> Batch {
    let params = values![
        code.id.as_str(),
        code.purpose.as_str(),
        code.bound_to.as_str(),
        code.recipient_key.as_str(),
        code.hash.as_str(),
        code.created_at.0,
        code.expires_at.0,
    ];
    batch.expect(1, Table::VerificationCodes, &REPLACE, params)
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
