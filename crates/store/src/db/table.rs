//! The tables, in the order in which a batch takes their locks.

use super::sql::Sql;

macro_rules! tables {
    ($($table:ident = $name:literal;)+) => {
        /// A table. The declared order is the lock order: a batch runs its statements sorted by
        /// it, so that two batches that meet in the same tables wait for one another instead of
        /// deadlocking.
        #[allow(missing_docs, reason = "each is the table of its name")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Table {
            $($table),+
        }

        impl Table {
            /// Every table, in lock order.
            pub const ALL: &[Self] = &[$(Self::$table),+];

            /// The table's name in SQL.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$table => $name),+
                }
            }

            /// Reads the row of an id and version, and keeps it from changing until the
            /// transaction ends. SQLite has one writer at a time, so there the read is enough.
            pub(super) const fn touch(self) -> Sql {
                match self {
                    $(Self::$table => Sql::of_both(
                        concat!(
                            "SELECT version FROM ", $name,
                            " WHERE id = $1 AND version = $2 FOR SHARE",
                        ),
                        concat!("SELECT version FROM ", $name, " WHERE id = ?1 AND version = ?2"),
                    )),+
                }
            }
        }
    };
}

tables! {
    Users = "users";
    Applications = "applications";
    ApplicationSecrets = "application_secrets";
    ApiResources = "api_resources";
    Scopes = "scopes";
    Roles = "roles";
    RoleScopes = "role_scopes";
    UserRoles = "user_roles";
    ApplicationRoles = "application_roles";
    Consents = "consents";
    Sessions = "sessions";
    SignIns = "sign_ins";
    Grants = "grants";
    AuthorizationCodes = "authorization_codes";
    RefreshTokens = "refresh_tokens";
    AccessTokens = "access_tokens";
    RevokedTokens = "revoked_tokens";
    ClientAssertions = "client_assertions";
    SigningKeys = "signing_keys";
    DataKeys = "data_keys";
    SignInAttempts = "sign_in_attempts";
    AuditLog = "audit_log";
    ActivityLog = "activity_log";
    Connectors = "connectors";
    VerificationCodes = "verification_codes";
    MessageSends = "message_sends";
    Counters = "counters";
    Inbox = "inbox";
    Jobs = "jobs";
    Settings = "settings";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_locked_first() {
        assert_eq!(Table::ALL.first(), Some(&Table::Users));
        assert!(Table::ALL.is_sorted());
    }

    #[test]
    fn names_are_snake_case_and_distinct() {
        let mut names: Vec<_> = Table::ALL.iter().map(|table| table.as_str()).collect();
        assert!(
            names
                .iter()
                .all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Table::ALL.len());
    }
}
