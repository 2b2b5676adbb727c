//! Table `inbox`: the messages of the demo.

use meibo_domain::{
    message::{ContentType, ReceivedMessage, RenderedMessage},
    recipient::Channel,
    time::Timestamp,
};

use crate::{
    db::{Batch, Db, DbError, Row, Table},
    statements, values,
};

/// Messages on the page at most.
const SHOWN: i64 = 100;

statements! {
    INSERT = "INSERT INTO inbox (id, channel, recipient, subject, content_type, content, received_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
    NEWEST = "SELECT id, channel, recipient, subject, content_type, content, received_at FROM inbox \
        ORDER BY received_at DESC, id LIMIT $1";
}

/// Adds a message, unless it is there already.
pub fn insert(batch: Batch, message: &ReceivedMessage) -> Batch {
    let params = values![
        message.id.as_str(),
        message.channel.as_str(),
        message.recipient.as_str(),
        message.message.subject.as_str(),
        message.message.content_type.as_str(),
        message.message.content.as_str(),
        message.received_at.0,
    ];
    batch.run(Table::Inbox, &INSERT, params)
}

/// The newest messages, the last one first; at most 100.
///
/// # Errors
/// The database's.
pub async fn newest(db: &Db) -> Result<Vec<ReceivedMessage>, DbError> {
    let rows = db.query(&NEWEST, &values![SHOWN]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<ReceivedMessage, DbError> {
    Ok(ReceivedMessage {
        id: row.text(0)?,
        channel: row.parse(1, |name| Channel::parse(&name).ok_or("no such channel"))?,
        recipient: row.text(2)?,
        message: RenderedMessage {
            subject: row.text(3)?,
            content_type: row.parse(4, |name| {
                ContentType::parse(&name).ok_or("no such content type")
            })?,
            content: row.text(5)?,
        },
        received_at: Timestamp(row.int(6)?),
    })
}
