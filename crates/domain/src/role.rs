//! Roles: named sets of scopes that users or machine applications hold. Those here are built in.

/// The id and name of the role of the first administrator.
pub const OWNER_ROLE: &str = "owner";

/// The id of the role that lets a machine application use the Management API.
pub const MANAGEMENT_API_ROLE: &str = "management-api-access";

/// The id of the role that lets a machine application use the login API.
pub const LOGIN_API_ROLE: &str = "login-api-access";
