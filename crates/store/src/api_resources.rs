//! Tables `api_resources` and `scopes`.

use meibo_domain::{
    ids::{ApiResourceId, ScopeId},
    resource::{ApiResource, MANAGEMENT_API_RESOURCE_ID, Scope},
    time::Timestamp,
};

use crate::{
    db::{Batch, Db, DbError, Row, Table},
    statements, values,
};

macro_rules! columns {
    () => {
        "id, version, name, indicator, is_default, access_token_ttl, created_at"
    };
}

statements! {
    GET = concat!("SELECT ", columns!(), " FROM api_resources WHERE id = $1");
    LIST = concat!("SELECT ", columns!(), " FROM api_resources ORDER BY created_at DESC, id DESC");
    INSERT = concat!("INSERT INTO api_resources (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)");
    UPDATE = "UPDATE api_resources SET version = $3, name = $4, access_token_ttl = $5, is_default = $6 \
        WHERE id = $1 AND version = $2";
    COUNT_UP = "UPDATE api_resources SET version = version + 1 WHERE id = $1";
    COUNT_UP_FROM = "UPDATE api_resources SET version = version + 1 WHERE id = $1 AND version = $2";
    CLEAR_DEFAULT = "UPDATE api_resources SET is_default = 0, version = version + 1 WHERE is_default = 1 AND id <> $1";
    DELETE = "DELETE FROM api_resources WHERE id = $1";
    SCOPES = "SELECT id, resource_id, name, description, created_at FROM scopes WHERE resource_id = $1 \
        ORDER BY created_at, name";
    ALL_SCOPES = "SELECT id, resource_id, name, description, created_at FROM scopes ORDER BY created_at, name";
    GET_SCOPE = "SELECT id, resource_id, name, description, created_at FROM scopes WHERE id = $1 AND resource_id = $2";
    INSERT_SCOPE = "INSERT INTO scopes (id, resource_id, name, description, created_at) VALUES ($1, $2, $3, $4, $5)";
    UPDATE_SCOPE = "UPDATE scopes SET name = $3, description = $4 WHERE id = $1 AND resource_id = $2";
    DELETE_SCOPE = "DELETE FROM scopes WHERE id = $1 AND resource_id = $2";
}

/// The resource of an id.
///
/// # Errors
/// The database's.
pub async fn get(db: &Db, id: &ApiResourceId) -> Result<Option<ApiResource>, DbError> {
    db.query_opt(&GET, &values![id.as_str()])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// Every resource, newest first; a register has few.
///
/// # Errors
/// The database's.
pub async fn list(db: &Db) -> Result<Vec<ApiResource>, DbError> {
    db.query(&LIST, &[]).await?.iter().map(from_row).collect()
}

/// The scopes of a resource, oldest first.
///
/// # Errors
/// The database's.
pub async fn scopes(db: &Db, id: &ApiResourceId) -> Result<Vec<Scope>, DbError> {
    db.query(&SCOPES, &values![id.as_str()])
        .await?
        .iter()
        .map(scope_from_row)
        .collect()
}

/// The scopes of every resource.
///
/// # Errors
/// The database's.
pub async fn all_scopes(db: &Db) -> Result<Vec<Scope>, DbError> {
    db.query(&ALL_SCOPES, &[])
        .await?
        .iter()
        .map(scope_from_row)
        .collect()
}

/// One scope of a resource.
///
/// # Errors
/// The database's.
pub async fn get_scope(
    db: &Db,
    resource: &ApiResourceId,
    id: &ScopeId,
) -> Result<Option<Scope>, DbError> {
    db.query_opt(&GET_SCOPE, &values![id.as_str(), resource.as_str()])
        .await?
        .as_ref()
        .map(scope_from_row)
        .transpose()
}

/// Adds a resource.
pub fn insert(batch: Batch, resource: &ApiResource) -> Batch {
    let params = values![
        resource.id.as_str(),
        resource.version,
        resource.name.as_str(),
        resource.indicator.as_str(),
        resource.is_default,
        resource.access_token_ttl,
        resource.created_at.0,
    ];
    batch.expect(1, Table::ApiResources, &INSERT, params)
}

/// Saves a changed resource, and makes it the only default when it is one; conflicts when somebody
/// else changed it since it was read. The indicator never changes.
pub fn update(batch: Batch, resource: &ApiResource) -> Batch {
    let params = values![
        resource.id.as_str(),
        resource.version - 1,
        resource.version,
        resource.name.as_str(),
        resource.access_token_ttl,
        resource.is_default,
    ];
    let batch = if resource.is_default && resource.id.as_str() != MANAGEMENT_API_RESOURCE_ID {
        // The built-in resource stands for the set of which one is the default: whoever claims that
        // waits for its row, and then sees whom to take it from.
        let set = values![MANAGEMENT_API_RESOURCE_ID];
        batch.expect(1, Table::ApiResources, &COUNT_UP, set)
    } else {
        batch
    };
    let batch = batch
        .expect(1, Table::ApiResources, &UPDATE, params)
        .conflict("resource.version");
    if resource.is_default {
        return batch.run(
            Table::ApiResources,
            &CLEAR_DEFAULT,
            values![resource.id.as_str()],
        );
    }
    batch
}

/// Deletes a resource and its scopes.
pub fn delete(batch: Batch, id: &ApiResourceId) -> Batch {
    batch.expect(1, Table::ApiResources, &DELETE, values![id.as_str()])
}

/// Adds a scope.
pub fn insert_scope(batch: Batch, scope: &Scope) -> Batch {
    let params = values![
        scope.id.as_str(),
        scope.resource_id.as_str(),
        scope.name.as_str(),
        scope.description.clone(),
        scope.created_at.0,
    ];
    batch.expect(1, Table::Scopes, &INSERT_SCOPE, params)
}

/// Saves a changed scope; conflicts when its resource, whose version stands for its scopes too, was
/// changed since it was read.
pub fn update_scope(batch: Batch, resource: &ApiResource, scope: &Scope) -> Batch {
    let owner = values![resource.id.as_str(), resource.version];
    let batch = batch
        .expect(1, Table::ApiResources, &COUNT_UP_FROM, owner)
        .conflict("resource.version");
    let params = values![
        scope.id.as_str(),
        scope.resource_id.as_str(),
        scope.name.as_str(),
        scope.description.clone()
    ];
    batch.expect(1, Table::Scopes, &UPDATE_SCOPE, params)
}

/// Deletes a scope.
pub fn delete_scope(batch: Batch, resource: &ApiResourceId, id: &ScopeId) -> Batch {
    batch.expect(
        1,
        Table::Scopes,
        &DELETE_SCOPE,
        values![id.as_str(), resource.as_str()],
    )
}

fn from_row(row: &Row) -> Result<ApiResource, DbError> {
    Ok(ApiResource {
        id: row.parse(0, ApiResourceId::parse)?,
        version: row.int(1)?,
        name: row.text(2)?,
        indicator: row.text(3)?,
        is_default: row.bool(4)?,
        access_token_ttl: row.int(5)?,
        created_at: Timestamp(row.int(6)?),
    })
}

fn scope_from_row(row: &Row) -> Result<Scope, DbError> {
    Ok(Scope {
        id: row.parse(0, ScopeId::parse)?,
        resource_id: row.parse(1, ApiResourceId::parse)?,
        name: row.text(2)?,
        description: row.opt_text(3)?,
        created_at: Timestamp(row.int(4)?),
    })
}
