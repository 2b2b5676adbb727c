//! Roles: named sets of scopes that users or machine applications hold.

use crate::{ids::RoleId, time::Timestamp};

/// The id and name of the built-in role of the first administrator.
pub const OWNER_ROLE: &str = "owner";

/// The id of the built-in role that lets a machine application use the Management API.
pub const MANAGEMENT_API_ROLE: &str = "management-api-access";

/// The id of the built-in role that lets a machine application use the login API.
pub const LOGIN_API_ROLE: &str = "login-api-access";

/// Who can hold a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleType {
    /// Users.
    User,
    /// Machine-to-machine applications.
    MachineToMachine,
}

impl RoleType {
    /// The name in the Management API and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::MachineToMachine => "MachineToMachine",
        }
    }

    /// From the stored name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::User, Self::MachineToMachine]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// A named set of scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Id.
    pub id: RoleId,
    /// Name, unique.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who can hold it.
    pub role_type: RoleType,
    /// When it was made.
    pub created_at: Timestamp,
}
