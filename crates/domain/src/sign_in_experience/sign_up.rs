//! What a new account begins with.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::methods::{IdentifierKind, SignInMethods};
use crate::{Error, Result};

/// What a person gives to make an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignUp {
    /// Identifiers. With email and phone together one of the two is enough.
    pub identifiers: Vec<IdentifierKind>,
    /// Is a password chosen?
    pub password: bool,
    /// Is an email address or phone number proved with a code first?
    pub verify: bool,
    /// Identifiers beside these. None is offered, so the list is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary_identifiers: Vec<Value>,
}

impl Default for SignUp {
    fn default() -> Self {
        Self {
            identifiers: vec![IdentifierKind::Username],
            password: true,
            verify: false,
            secondary_identifiers: Vec::new(),
        }
    }
}

impl SignUp {
    /// Does an account begin with this identifier?
    #[must_use]
    pub fn takes(&self, identifier: IdentifierKind) -> bool {
        self.identifiers.contains(&identifier)
    }

    /// Checks the members, and when accounts can be made also that their owners can sign in again.
    pub(super) fn check(&self, methods: &SignInMethods, is_open: bool) -> Result<()> {
        if !self.secondary_identifiers.is_empty() {
            let message = "an empty list: secondary identifiers are not offered";
            let path = "signUp.secondaryIdentifiers";
            return Err(Error::invalid(path, "not_offered", message));
        }
        for (index, identifier) in self.identifiers.iter().enumerate() {
            let path = || format!("signUp.identifiers.{index}");
            if self
                .identifiers
                .iter()
                .take(index)
                .any(|one| one == identifier)
            {
                let message = "each identifier at most once";
                return Err(Error::invalid(path(), "duplicate", message));
            }
            if is_open {
                self.check_way_back(*identifier, methods, path)?;
            }
        }
        if self.identifiers.iter().any(|one| one.is_reachable()) && !self.verify {
            let message =
                "true: an email address or phone number is proved before it is an identifier";
            return Err(Error::invalid("signUp.verify", "unverified", message));
        }
        if self.takes(IdentifierKind::Username) && !self.password {
            let message = "true: nothing but a password proves a username";
            return Err(Error::invalid("signUp.password", "no_proof", message));
        }
        if is_open && self.identifiers.is_empty() {
            let message = "at least one identifier, or signInMode SignIn to close registration";
            return Err(Error::invalid("signUp.identifiers", "required", message));
        }
        Ok(())
    }

    fn check_way_back(
        &self,
        identifier: IdentifierKind,
        methods: &SignInMethods,
        path: impl Fn() -> String,
    ) -> Result<()> {
        let by_password = self.password && methods.takes_password(identifier);
        if by_password || methods.takes_code(identifier) {
            return Ok(());
        }
        let message = format!(
            "an identifier that signs in with what a new account has: add {} to signIn.methods, with {}",
            identifier.as_str(),
            if self.password {
                "password"
            } else {
                "verificationCode"
            },
        );
        Err(Error::invalid(path(), "no_sign_in", message))
    }
}
