//! Table `message_sends`: the last messages to a recipient, which is named by a hash.

use meibo_domain::{
    message_send::{FreePlace, MessageSend},
    time::Timestamp,
};

use crate::{
    db::{Batch, Db, DbError, Table},
    statements, values,
};

statements! {
    LIST = "SELECT place, network, sent_at FROM message_sends WHERE recipient_hash = $1";
    TAKE = "INSERT INTO message_sends (recipient_hash, place, network, sent_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (recipient_hash, place) DO NOTHING";
    TAKE_AGAIN = "UPDATE message_sends SET network = $3, sent_at = $4 \
        WHERE recipient_hash = $1 AND place = $2 AND sent_at = $5";
}

/// The places of a recipient that were taken, at most ten.
///
/// # Errors
/// The database's.
pub async fn list(db: &Db, recipient_hash: &str) -> Result<Vec<MessageSend>, DbError> {
    let rows = db.query(&LIST, &values![recipient_hash]).await?;
    let sends = rows.iter().map(|row| {
        Ok(MessageSend {
            place: row.int(0)?,
            network: row.text(1)?,
            sent_at: Timestamp(row.int(2)?),
        })
    });
    sends.collect()
}

/// Takes a place for `network`; conflicts when another message took it since it was read.
pub fn take(
    batch: Batch,
    recipient_hash: &str,
    place: FreePlace,
    network: &str,
    now: Timestamp,
) -> Batch {
    let batch = match place {
        FreePlace::New(place) => {
            let params = values![recipient_hash, place, network, now.0];
            batch.expect(1, Table::MessageSends, &TAKE, params)
        }
        FreePlace::Again(send) => {
            let params = values![recipient_hash, send.place, network, now.0, send.sent_at.0];
            batch.expect(1, Table::MessageSends, &TAKE_AGAIN, params)
        }
    };
    batch.conflict("message_sends.place")
}
