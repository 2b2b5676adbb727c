//! Ids as types, so that one kind cannot be taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The longest id that is taken; imported users keep the ids they had.
pub const MAX_ID_LENGTH: usize = 128;

/// Characters of a generated user id (a-z0-9).
pub const USER_ID_LENGTH: usize = 12;

/// Characters of every other generated id (a-z0-9).
pub const ID_LENGTH: usize = 21;

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes 1 to 128 visible ASCII characters other than `/`, `?`, `#`, `%` and `\`, which
            /// would change a path.
            ///
            /// # Errors
            /// `guard.invalid_input` for anything else.
            pub fn parse(text: impl Into<String>) -> Result<Self> {
                let text = text.into();
                let visible = |byte: u8| byte.is_ascii_graphic() && !b"/?#%\\".contains(&byte);
                if text.is_empty() || text.len() > MAX_ID_LENGTH || !text.bytes().all(visible) {
                    return Err(Error::invalid("id", "id", "an id is 1 to 128 visible ASCII characters without / ? # % \\"));
                }
                Ok(Self(text))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;
            fn try_from(text: String) -> Result<Self> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// A user's id; `sub` on `/oidc`.
    UserId;
    /// An application's id; `client_id` on `/oidc`.
    ApplicationId;
    /// An API resource's id.
    ApiResourceId;
    /// A scope's id.
    ScopeId;
    /// A role's id.
    RoleId;
    /// A signed-in browser; `sid` in ID tokens.
    SessionId;
    /// A sign-in under way.
    SignInId;
    /// What a person allowed an application.
    GrantId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_ids_are_kept_and_path_breaking_ones_refused() {
        for good in [
            "a",
            "auth0|5f7c8ec7c33c6c004bbafe82",
            "123e4567-e89b-12d3-a456-426614174000",
            &"x".repeat(128),
        ] {
            assert_eq!(UserId::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            " ",
            "a b",
            "a/b",
            "a?b",
            "a#b",
            "a%2f",
            "名",
            "a\0",
            &"x".repeat(129),
        ] {
            assert!(UserId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
