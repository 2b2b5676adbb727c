//! Tables `applications` and `application_secrets`.

use meibo_domain::{
    application::{Application, ApplicationSecret, ApplicationType},
    ids::ApplicationId,
    page::{Page, PageRequest},
    time::Timestamp,
};

use crate::{
    db::{Batch, Db, DbError, Row, Table, Value},
    statements, values,
};

macro_rules! columns {
    () => {
        "id, version, name, description, application_type, is_third_party, oidc_client_metadata, \
         custom_client_metadata, custom_data, created_at"
    };
}

statements! {
    GET = concat!("SELECT ", columns!(), " FROM applications WHERE id = $1");
    COUNT = "SELECT COUNT(*) FROM applications";
    LIST = concat!(
        "SELECT ", columns!(), " FROM applications ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2"
    );
    INSERT = concat!(
        "INSERT INTO applications (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    UPDATE = "UPDATE applications SET version = $3, name = $4, description = $5, oidc_client_metadata = $6, \
        custom_client_metadata = $7, custom_data = $8 WHERE id = $1 AND version = $2";
    DELETE = "DELETE FROM applications WHERE id = $1";
    SECRETS = "SELECT application_id, name, sealed, hash, created_at, expires_at FROM application_secrets \
        WHERE application_id = $1 ORDER BY created_at, name";
    INSERT_SECRET = "INSERT INTO application_secrets (application_id, name, sealed, hash, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    UPDATE_SECRET = "UPDATE application_secrets SET name = $3 WHERE application_id = $1 AND name = $2";
    DELETE_SECRET = "DELETE FROM application_secrets WHERE application_id = $1 AND name = $2";
}

/// The application of an id.
///
/// # Errors
/// The database's.
pub async fn get(db: &Db, id: &ApplicationId) -> Result<Option<Application>, DbError> {
    db.query_opt(&GET, &values![id.as_str()])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// A page of the applications, newest first; all of them without `page` (a register has few).
///
/// # Errors
/// The database's.
pub async fn list(db: &Db, page: Option<PageRequest>) -> Result<Page<Application>, DbError> {
    let (limit, offset) = page.map_or((10_000, 0), |page| (page.limit(), page.offset()));
    let page_values = values![limit, offset];
    let (rows, total) =
        futures_util::try_join!(db.query(&LIST, &page_values), db.query_opt(&COUNT, &[]))?;
    let total = total.map_or(Ok(0), |row| row.int(0))?;
    Ok(Page {
        items: rows.iter().map(from_row).collect::<Result<_, _>>()?,
        total,
    })
}

/// The secrets of an application, oldest first.
///
/// # Errors
/// The database's.
pub async fn secrets(db: &Db, id: &ApplicationId) -> Result<Vec<ApplicationSecret>, DbError> {
    db.query(&SECRETS, &values![id.as_str()])
        .await?
        .iter()
        .map(secret_from_row)
        .collect()
}

/// Adds a new application.
pub fn insert(batch: Batch, application: &Application) -> Batch {
    let mut params = values![
        application.id.as_str(),
        application.version,
        application.name.as_str(),
        application.description.clone()
    ];
    params.push(application.application_type.as_str().into());
    params.push(application.is_third_party.into());
    params.extend(json_values(application));
    params.push(application.created_at.0.into());
    batch.expect(1, Table::Applications, &INSERT, params)
}

/// Saves a changed application; conflicts when somebody else changed it since it was read.
pub fn update(batch: Batch, application: &Application) -> Batch {
    let mut params = values![
        application.id.as_str(),
        application.version - 1,
        application.version,
        application.name.as_str(),
        application.description.clone(),
    ];
    params.extend(json_values(application));
    batch
        .expect(1, Table::Applications, &UPDATE, params)
        .conflict("application.version")
}

/// Deletes an application and, by the foreign keys, its secrets, roles and grants.
pub fn delete(batch: Batch, id: &ApplicationId) -> Batch {
    batch.expect(1, Table::Applications, &DELETE, values![id.as_str()])
}

/// Adds a secret.
pub fn insert_secret(batch: Batch, secret: &ApplicationSecret) -> Batch {
    let params = values![
        secret.application_id.as_str(),
        secret.name.as_str(),
        secret.sealed.as_str(),
        secret.hash.as_str(),
        secret.created_at.0,
        secret.expires_at.map(Timestamp::millis),
    ];
    batch.expect(1, Table::ApplicationSecrets, &INSERT_SECRET, params)
}

/// Renames a secret.
pub fn rename_secret(batch: Batch, id: &ApplicationId, name: &str, new_name: &str) -> Batch {
    batch.expect(
        1,
        Table::ApplicationSecrets,
        &UPDATE_SECRET,
        values![id.as_str(), name, new_name],
    )
}

/// Deletes a secret.
pub fn delete_secret(batch: Batch, id: &ApplicationId, name: &str) -> Batch {
    batch.expect(
        1,
        Table::ApplicationSecrets,
        &DELETE_SECRET,
        values![id.as_str(), name],
    )
}

fn json_values(application: &Application) -> Vec<Value> {
    values![
        serde_json::json!(application.oidc).to_string(),
        serde_json::json!(application.custom).to_string(),
        serde_json::json!(application.custom_data).to_string(),
    ]
}

fn from_row(row: &Row) -> Result<Application, DbError> {
    Ok(Application {
        id: row.parse(0, ApplicationId::parse)?,
        version: row.int(1)?,
        name: row.text(2)?,
        description: row.opt_text(3)?,
        application_type: row.parse(4, |text| {
            ApplicationType::parse(&text).ok_or("an unknown type")
        })?,
        is_third_party: row.bool(5)?,
        oidc: row.json(6)?,
        custom: row.json(7)?,
        custom_data: row.json(8)?,
        created_at: Timestamp(row.int(9)?),
    })
}

fn secret_from_row(row: &Row) -> Result<ApplicationSecret, DbError> {
    Ok(ApplicationSecret {
        application_id: row.parse(0, ApplicationId::parse)?,
        name: row.text(1)?,
        sealed: row.text(2)?,
        hash: row.text(3)?,
        created_at: Timestamp(row.int(4)?),
        expires_at: row.opt_int(5)?.map(Timestamp),
    })
}
