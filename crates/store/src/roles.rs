//! Tables `roles`, `role_scopes`, `user_roles` and `application_roles`.

use meibo_domain::{
    ids::{ApplicationId, UserId},
    scope::ScopeSet,
};

use crate::{
    db::{Batch, Db, DbError, Row, Table},
    statements, values,
};

statements! {
    SCOPES_OF_USER = "SELECT DISTINCT api_resources.indicator, scopes.name FROM user_roles \
        JOIN role_scopes ON role_scopes.role_id = user_roles.role_id \
        JOIN scopes ON scopes.id = role_scopes.scope_id \
        JOIN api_resources ON api_resources.id = scopes.resource_id WHERE user_roles.user_id = $1";
    SCOPES_OF_APPLICATION = "SELECT DISTINCT api_resources.indicator, scopes.name FROM application_roles \
        JOIN role_scopes ON role_scopes.role_id = application_roles.role_id \
        JOIN scopes ON scopes.id = role_scopes.scope_id \
        JOIN api_resources ON api_resources.id = scopes.resource_id WHERE application_roles.application_id = $1";
    NAMES_OF_USER = "SELECT roles.name FROM user_roles JOIN roles ON roles.id = user_roles.role_id \
        WHERE user_roles.user_id = $1 ORDER BY roles.name";
    HOLDERS = "SELECT COUNT(*) FROM user_roles WHERE role_id = $1";
    GIVE_TO_USER = "INSERT INTO user_roles (user_id, role_id) VALUES ($1, $2)";
    GIVE_TO_APPLICATION = "INSERT INTO application_roles (application_id, role_id) VALUES ($1, $2)";
}

/// The scopes that somebody's roles hold, by resource indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldScopes(Vec<(String, String)>);

impl HeldScopes {
    /// The scopes of one resource.
    #[must_use]
    pub fn for_resource(&self, indicator: &str) -> ScopeSet {
        self.0
            .iter()
            .filter(|(resource, _)| resource == indicator)
            .map(|(_, scope)| scope.clone())
            .collect()
    }
}

/// The scopes that a user's roles hold.
///
/// # Errors
/// The database's.
pub async fn scopes_of_user(db: &Db, id: &UserId) -> Result<HeldScopes, DbError> {
    held(&db.query(&SCOPES_OF_USER, &values![id.as_str()]).await?)
}

/// The scopes that a machine application's roles hold.
///
/// # Errors
/// The database's.
pub async fn scopes_of_application(db: &Db, id: &ApplicationId) -> Result<HeldScopes, DbError> {
    held(
        &db.query(&SCOPES_OF_APPLICATION, &values![id.as_str()])
            .await?,
    )
}

/// The names of a user's roles, sorted.
///
/// # Errors
/// The database's.
pub async fn names_of_user(db: &Db, id: &UserId) -> Result<Vec<String>, DbError> {
    db.query(&NAMES_OF_USER, &values![id.as_str()])
        .await?
        .iter()
        .map(|row| row.text(0))
        .collect()
}

/// Does any user hold the role?
///
/// # Errors
/// The database's.
pub async fn has_holder(db: &Db, role_id: &str) -> Result<bool, DbError> {
    let row = db.query_opt(&HOLDERS, &values![role_id]).await?;
    Ok(row.map_or(Ok(0), |row| row.int(0))? > 0)
}

/// Gives a role to a user.
pub fn give_to_user(batch: Batch, user: &UserId, role_id: &str) -> Batch {
    batch.expect(
        1,
        Table::UserRoles,
        &GIVE_TO_USER,
        values![user.as_str(), role_id],
    )
}

/// Gives a role to a machine application.
pub fn give_to_application(batch: Batch, application: &ApplicationId, role_id: &str) -> Batch {
    batch.expect(
        1,
        Table::ApplicationRoles,
        &GIVE_TO_APPLICATION,
        values![application.as_str(), role_id],
    )
}

fn held(rows: &[Row]) -> Result<HeldScopes, DbError> {
    rows.iter()
        .map(|row| Ok((row.text(0)?, row.text(1)?)))
        .collect::<Result<_, _>>()
        .map(HeldScopes)
}
