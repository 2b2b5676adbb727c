//! Table `consents`.

use meibo_domain::{
    consent::{Consent, Extent},
    ids::{ApplicationId, UserId},
    time::Timestamp,
};

use crate::{
    db::{Batch, Db, DbError, Row, Table},
    statements, values,
};

statements! {
    GET = "SELECT user_id, application_id, version, scopes, resources, created_at, updated_at FROM consents \
        WHERE user_id = $1 AND application_id = $2";
    LIST_OF_USER = "SELECT user_id, application_id, version, scopes, resources, created_at, updated_at FROM consents \
        WHERE user_id = $1 ORDER BY created_at DESC, application_id LIMIT 1000";
    INSERT = "INSERT INTO consents (user_id, application_id, version, scopes, resources, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id, application_id) DO NOTHING";
    UPDATE = "UPDATE consents SET version = $4, scopes = $5, resources = $6, updated_at = $7 \
        WHERE user_id = $1 AND application_id = $2 AND version = $3";
    KEEP = "UPDATE consents SET version = version WHERE user_id = $1 AND application_id = $2 AND version = $3 \
        AND created_at = $4";
    DELETE = "DELETE FROM consents WHERE user_id = $1 AND application_id = $2";
}

/// What a user has allowed an application.
///
/// # Errors
/// The database's.
pub async fn get(
    db: &Db,
    user: &UserId,
    application: &ApplicationId,
) -> Result<Option<Consent>, DbError> {
    db.query_opt(&GET, &values![user.as_str(), application.as_str()])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// What a user has allowed applications, newest first, at most a thousand.
///
/// # Errors
/// The database's.
pub async fn list_of_user(db: &Db, user: &UserId) -> Result<Vec<Consent>, DbError> {
    db.query(&LIST_OF_USER, &values![user.as_str()])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// Remembers a new consent, of version 1, or one that has grown; conflicts when it was given, changed
/// or revoked meanwhile.
pub fn save(batch: Batch, consent: &Consent) -> Batch {
    let mut params = values![consent.user_id.as_str(), consent.application_id.as_str()];
    let is_new = consent.version == 1;
    if !is_new {
        params.push((consent.version - 1).into());
    }
    params.extend(values![
        consent.version,
        consent.extent.scopes.to_string(),
        serde_json::json!(consent.extent.resources).to_string(),
    ]);
    if is_new {
        params.push(consent.created_at.0.into());
    }
    params.push(consent.updated_at.0.into());
    let sql = if is_new { &INSERT } else { &UPDATE };
    batch
        .expect(1, Table::Consents, sql, params)
        .conflict("consent.version")
}

/// A guard: the consent is as it was read.
pub fn keep(batch: Batch, consent: &Consent) -> Batch {
    let params = values![
        consent.user_id.as_str(),
        consent.application_id.as_str(),
        consent.version,
        // A consent that was revoked and given again has its first version again.
        consent.created_at.0,
    ];
    batch
        .expect(1, Table::Consents, &KEEP, params)
        .conflict("consent.version")
}

/// Forgets what a user has allowed an application; there may be nothing.
pub fn delete(batch: Batch, user: &UserId, application: &ApplicationId) -> Batch {
    batch.run(
        Table::Consents,
        &DELETE,
        values![user.as_str(), application.as_str()],
    )
}

fn from_row(row: &Row) -> Result<Consent, DbError> {
    Ok(Consent {
        user_id: row.parse(0, UserId::parse)?,
        application_id: row.parse(1, ApplicationId::parse)?,
        version: row.int(2)?,
        extent: Extent {
            scopes: row.text(3)?.into(),
            resources: row.json(4)?,
        },
        created_at: Timestamp(row.int(5)?),
        updated_at: Timestamp(row.int(6)?),
    })
}
