//! Deleting what has expired, a bounded number of rows at a time, so that no write waits long.

use meibo_domain::{
    job::DEAD_DAYS,
    lockout::{MAX_CONSECUTIVE, RUN_TTL, WINDOW},
    message_send::SEND_WINDOW,
    time::{Timestamp, days, minutes},
};

use crate::{
    db::{Batch, CommitError, Db, DbError, Sql, Table, Value},
    statements, values,
};

/// Rows that one statement deletes at most.
const CHUNK: i64 = 500;

/// Days after which activity records are deleted.
pub const ACTIVITY_DAYS: u64 = 90;

statements! {
    SESSIONS = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= $1 LIMIT $2)";
    SIGN_INS = "DELETE FROM sign_ins WHERE id IN (SELECT id FROM sign_ins WHERE expires_at <= $1 LIMIT $2)";
    GRANTS = "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE expires_at <= $1 LIMIT $2)";
    CODES = "DELETE FROM authorization_codes WHERE hash IN \
        (SELECT hash FROM authorization_codes WHERE expires_at <= $1 LIMIT $2)";
    REFRESH_TOKENS = "DELETE FROM refresh_tokens WHERE hash IN \
        (SELECT hash FROM refresh_tokens WHERE expires_at <= $1 LIMIT $2)";
    ACCESS_TOKENS = "DELETE FROM access_tokens WHERE hash IN \
        (SELECT hash FROM access_tokens WHERE expires_at <= $1 LIMIT $2)";
    REVOKED_TOKENS = "DELETE FROM revoked_tokens WHERE jti IN \
        (SELECT jti FROM revoked_tokens WHERE expires_at <= $1 LIMIT $2)";
    CLIENT_ASSERTIONS = "DELETE FROM client_assertions WHERE hash IN \
        (SELECT hash FROM client_assertions WHERE expires_at <= $1 LIMIT $2)";
    ATTEMPTS = "DELETE FROM sign_in_attempts WHERE key IN \
        (SELECT key FROM sign_in_attempts WHERE window_started_at <= $1 AND key NOT LIKE 'c:%' LIMIT $2)";
    RUNS_OF_FAILURES = "DELETE FROM sign_in_attempts WHERE key IN \
        (SELECT key FROM sign_in_attempts WHERE window_started_at <= $1 AND key LIKE 'c:%' AND count < $3 LIMIT $2)";
    VERIFICATION_CODES = "DELETE FROM verification_codes WHERE id IN \
        (SELECT id FROM verification_codes WHERE expires_at <= $1 LIMIT $2)";
    MESSAGE_SENDS = "DELETE FROM message_sends WHERE (recipient_hash, place) IN \
        (SELECT recipient_hash, place FROM message_sends WHERE sent_at <= $1 LIMIT $2)";
    COUNTERS = "DELETE FROM counters WHERE key IN (SELECT key FROM counters WHERE ends_at <= $1 LIMIT $2)";
    INBOX = "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE received_at <= $1 LIMIT $2)";
    ACTIVITY = "DELETE FROM activity_log WHERE id IN (SELECT id FROM activity_log WHERE at <= $1 LIMIT $2)";
    DEAD_JOBS = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE failed_at <= $1 LIMIT $2)";
}

/// Deletes what expired before `now`; used codes and rotated tokens stay until their own expiry has
/// passed by a day, so that their reuse is noticed. Gives the number of rows deleted.
///
/// # Errors
/// The database's; what was deleted before stays deleted.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<u64, DbError> {
    let yesterday = now - days(1);
    // A node whose clock is behind must still find what is not to be taken again.
    let a_while_ago = now - minutes(5);
    let mut deleted = 0;
    let before = |time: Timestamp| values![time.0, CHUNK];
    let plan: [(Table, &Sql, Vec<Value>); 16] = [
        (Table::Sessions, &SESSIONS, before(now)),
        (Table::SignIns, &SIGN_INS, before(now)),
        (Table::Grants, &GRANTS, before(now)),
        (Table::AuthorizationCodes, &CODES, before(yesterday)),
        (Table::RefreshTokens, &REFRESH_TOKENS, before(yesterday)),
        (Table::AccessTokens, &ACCESS_TOKENS, before(now)),
        (Table::RevokedTokens, &REVOKED_TOKENS, before(a_while_ago)),
        (
            Table::ClientAssertions,
            &CLIENT_ASSERTIONS,
            before(a_while_ago),
        ),
        (Table::SignInAttempts, &ATTEMPTS, before(now - WINDOW)),
        (
            Table::SignInAttempts,
            &RUNS_OF_FAILURES,
            values![(now - RUN_TTL).0, CHUNK, MAX_CONSECUTIVE],
        ),
        (
            Table::VerificationCodes,
            &VERIFICATION_CODES,
            before(yesterday),
        ),
        (
            Table::MessageSends,
            &MESSAGE_SENDS,
            before(now - SEND_WINDOW),
        ),
        (Table::Counters, &COUNTERS, before(a_while_ago)),
        (Table::Inbox, &INBOX, before(yesterday)),
        (
            Table::ActivityLog,
            &ACTIVITY,
            before(now - days(ACTIVITY_DAYS)),
        ),
        (Table::Jobs, &DEAD_JOBS, before(now - days(DEAD_DAYS))),
    ];
    for (table, sql, params) in plan {
        loop {
            let batch = Batch::new().run(table, sql, params.clone());
            let count = match db.commit(batch).await {
                Ok(committed) => committed.count(0),
                // Somebody else holds one of the rows; the next sweep finds it.
                Err(CommitError::Conflict { .. }) => break,
                Err(CommitError::Db(error)) => return Err(error),
            };
            deleted += count;
            if count < CHUNK.unsigned_abs() {
                break;
            }
        }
    }
    Ok(deleted)
}
