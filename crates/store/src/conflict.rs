//! Which unique index means which conflict, and how a database error is told to people. Written
//! once, for both engines.

use meibo_domain::{Error, ErrorCode};

use crate::db::DbError;

/// Seconds after which a caller may try again when the database is away or busy.
const RETRY_AFTER: u32 = 1;

/// Unique columns and the code of the conflict. A primary key not named here is an id that exists.
const CONFLICTS: &[(&str, ErrorCode)] = &[
    ("users.username_key", ErrorCode::UsernameInUse),
    ("users.verified_email_key", ErrorCode::EmailInUse),
    ("users.verified_phone_key", ErrorCode::PhoneInUse),
    ("applications.id", ErrorCode::ApplicationIdInUse),
    (
        "application_secrets.application_id,name",
        ErrorCode::ApplicationSecretNameInUse,
    ),
    (
        "api_resources.indicator",
        ErrorCode::ResourceIdentifierInUse,
    ),
    ("scopes.resource_id,name", ErrorCode::ScopeNameInUse),
    ("roles.name", ErrorCode::RoleNameInUse),
];

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match &error {
            DbError::Unavailable { .. } => Self::new(ErrorCode::Unavailable)
                .retry_after(RETRY_AFTER)
                .caused_by(error),
            DbError::Overloaded => Self::new(ErrorCode::Overloaded)
                .retry_after(RETRY_AFTER)
                .caused_by(error),
            DbError::UniqueViolation { columns } => {
                let code = CONFLICTS
                    .iter()
                    .find(|(known, _)| known == columns)
                    .map(|(_, code)| *code);
                Self::new(code.unwrap_or(ErrorCode::UniqueViolation)).caused_by(error)
            }
            DbError::ForeignKeyViolation { .. } => {
                Self::new(ErrorCode::RelationNotFound).caused_by(error)
            }
            DbError::Corrupt { .. } | DbError::Invalid { .. } => Self::internal(error),
        }
    }
}
