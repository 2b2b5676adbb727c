//! Table `connectors`.

use meibo_domain::{
    connector::{Connector, find_factory},
    recipient::Channel,
    time::Timestamp,
};

use crate::{
    db::{Batch, Db, DbError, Row, Table},
    statements, values,
};

macro_rules! columns {
    () => {
        "id, version, factory_id, config_sealed, metadata, created_at"
    };
}

statements! {
    LIST = concat!("SELECT ", columns!(), " FROM connectors ORDER BY channel");
    GET = concat!("SELECT ", columns!(), " FROM connectors WHERE id = $1");
    OF_CHANNEL = concat!("SELECT ", columns!(), " FROM connectors WHERE channel = $1");
    INSERT = "INSERT INTO connectors (id, version, factory_id, channel, config_sealed, metadata, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (channel) DO NOTHING";
    UPDATE = "UPDATE connectors SET version = $3, config_sealed = $4, metadata = $5 WHERE id = $1 AND version = $2";
    DELETE = "DELETE FROM connectors WHERE id = $1 AND version = $2";
}

/// Every connector: the one for email, the one for text messages.
///
/// # Errors
/// The database's.
pub async fn list(db: &Db) -> Result<Vec<Connector>, DbError> {
    db.query(&LIST, &[]).await?.iter().map(from_row).collect()
}

/// The connector of an id.
///
/// # Errors
/// The database's.
pub async fn get(db: &Db, id: &str) -> Result<Option<Connector>, DbError> {
    db.query_opt(&GET, &values![id])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The connector that serves a channel.
///
/// # Errors
/// The database's.
pub async fn of_channel(db: &Db, channel: Channel) -> Result<Option<Connector>, DbError> {
    db.query_opt(&OF_CHANNEL, &values![channel.as_str()])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// Adds a connector; conflicts when its channel got another one since it was looked at.
pub fn insert(batch: Batch, connector: &Connector) -> Batch {
    let params = values![
        connector.id.as_str(),
        connector.version,
        connector.factory.id,
        connector.channel().as_str(),
        connector.config_sealed.as_str(),
        metadata(connector),
        connector.created_at.0,
    ];
    batch
        .expect(1, Table::Connectors, &INSERT, params)
        .conflict("connectors.channel")
}

/// Saves a changed connector; conflicts when somebody else changed it since it was read.
pub fn update(batch: Batch, connector: &Connector) -> Batch {
    let params = values![
        connector.id.as_str(),
        connector.version - 1,
        connector.version,
        connector.config_sealed.as_str(),
        metadata(connector),
    ];
    batch
        .expect(1, Table::Connectors, &UPDATE, params)
        .conflict("connector.version")
}

/// Deletes a connector that is as it was read; conflicts otherwise.
pub fn delete(batch: Batch, connector: &Connector) -> Batch {
    let params = values![connector.id.as_str(), connector.version];
    batch
        .expect(1, Table::Connectors, &DELETE, params)
        .conflict("connector.version")
}

fn metadata(connector: &Connector) -> String {
    serde_json::Value::Object(connector.metadata.clone()).to_string()
}

fn from_row(row: &Row) -> Result<Connector, DbError> {
    Ok(Connector {
        id: row.text(0)?,
        version: row.int(1)?,
        factory: row.parse(2, |id| find_factory(&id).ok_or("no such connector factory"))?,
        config_sealed: row.text(3)?,
        metadata: row.json(4)?,
        created_at: Timestamp(row.int(5)?),
    })
}
