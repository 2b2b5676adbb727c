//! Which identifiers sign in, and how each is proved.

use serde::{Deserialize, Serialize};

use super::word::words;
use crate::{Error, Result, json_object::objects, user::Identifier};

words! {
    /// A kind of identifier.
    pub enum IdentifierKind {
        /// A username.
        Username = "username",
        /// An email address.
        Email = "email",
        /// A phone number.
        Phone = "phone",
    }
}

impl IdentifierKind {
    /// Can a code be sent there?
    #[must_use]
    pub const fn is_reachable(self) -> bool {
        matches!(self, Self::Email | Self::Phone)
    }
}

impl From<&Identifier> for IdentifierKind {
    fn from(identifier: &Identifier) -> Self {
        match identifier {
            Identifier::Username(_) => Self::Username,
            Identifier::Email(_) => Self::Email,
            Identifier::Phone(_) => Self::Phone,
        }
    }
}

/// One way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInMethod {
    /// What is typed.
    pub identifier: IdentifierKind,
    /// Does a password prove it?
    pub password: bool,
    /// Does a code that is sent there prove it? Offered while a connector can send one.
    pub verification_code: bool,
    /// Is the password asked for first, where both do?
    #[serde(default = "yes")]
    pub is_password_primary: bool,
}

const fn yes() -> bool {
    true
}

/// Every way to sign in, in the order offered; at least one, and one for each identifier at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInMethods {
    /// The ways.
    #[serde(deserialize_with = "objects")]
    pub methods: Vec<SignInMethod>,
}

impl Default for SignInMethods {
    fn default() -> Self {
        let method = |identifier: IdentifierKind| SignInMethod {
            identifier,
            password: true,
            verification_code: identifier.is_reachable(),
            is_password_primary: true,
        };
        Self {
            methods: IdentifierKind::ALL.iter().copied().map(method).collect(),
        }
    }
}

impl SignInMethods {
    /// The way of an identifier.
    #[must_use]
    pub fn method(&self, identifier: IdentifierKind) -> Option<&SignInMethod> {
        self.methods
            .iter()
            .find(|method| method.identifier == identifier)
    }

    /// Does this identifier sign in with a password?
    #[must_use]
    pub fn takes_password(&self, identifier: IdentifierKind) -> bool {
        self.method(identifier).is_some_and(|way| way.password)
    }

    /// Does this identifier sign in with a code?
    #[must_use]
    pub fn takes_code(&self, identifier: IdentifierKind) -> bool {
        self.method(identifier)
            .is_some_and(|way| way.verification_code)
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.methods.is_empty() {
            let message = "at least one way to sign in, or nobody could";
            return Err(Error::invalid("signIn.methods", "required", message));
        }
        for (index, method) in self.methods.iter().enumerate() {
            let path = |member: &str| format!("signIn.methods.{index}.{member}");
            let earlier = self.methods.iter().take(index);
            if earlier
                .into_iter()
                .any(|other| other.identifier == method.identifier)
            {
                let message = "each identifier at most once";
                return Err(Error::invalid(path("identifier"), "duplicate", message));
            }
            if method.verification_code && !method.identifier.is_reachable() {
                let message = "false: no code can be sent to a username";
                return Err(Error::invalid(
                    path("verificationCode"),
                    "unreachable",
                    message,
                ));
            }
            if !method.password && !method.verification_code {
                let message = "password or verificationCode must be true, or nothing proves it";
                return Err(Error::invalid(path("password"), "no_proof", message));
            }
        }
        Ok(())
    }
}
