//! The password policy in the contract's form. Lengths can be set; the other checks are always on.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    json_object::object,
    password::{DEFAULT_MIN_LENGTH, MAX_LENGTH, PasswordPolicy},
};

/// A password of so many characters must always be taken (NIST SP 800-63B-4, 3.1.1.2).
const LEAST_MAX_LENGTH: usize = 64;

/// What a password must be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PasswordRules {
    /// How long it is.
    #[serde(deserialize_with = "object")]
    pub length: PasswordLength,
    /// Which kinds of characters it has: any.
    #[serde(deserialize_with = "object")]
    pub character_types: CharacterTypes,
    /// What it must not be.
    #[serde(deserialize_with = "object")]
    pub rejects: PasswordRejects,
}

/// Bounds in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PasswordLength {
    /// Least, 8 to 256.
    pub min: usize,
    /// Greatest, 64 to 256.
    pub max: usize,
}

/// Rules of composition, which make passwords worse; so there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CharacterTypes {
    /// Kinds of characters at least: 1.
    pub min: i64,
}

/// What is refused, always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PasswordRejects {
    /// Passwords that many people use.
    pub pwned: bool,
    /// One piece over and over, and plain sequences.
    pub repetition_and_sequence: bool,
    /// Little more than the person's identifiers or names.
    pub user_info: bool,
    /// Words of the operator's own; none are taken.
    pub words: Vec<String>,
}

impl Default for PasswordLength {
    fn default() -> Self {
        Self {
            min: DEFAULT_MIN_LENGTH,
            max: MAX_LENGTH,
        }
    }
}

impl Default for CharacterTypes {
    fn default() -> Self {
        Self { min: 1 }
    }
}

impl Default for PasswordRejects {
    fn default() -> Self {
        Self {
            pwned: true,
            repetition_and_sequence: true,
            user_info: true,
            words: Vec::new(),
        }
    }
}

impl PasswordRules {
    /// Both this and the operator's own policy: the stricter bound of each.
    #[must_use]
    pub fn with(&self, operator: &PasswordPolicy) -> PasswordPolicy {
        let length = self.length;
        let min_length = length.min.max(operator.min_length);
        PasswordPolicy {
            min_length,
            max_length: length.max.min(operator.max_length).max(min_length),
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        let length = self.length;
        let wrong = |member: &str, rule, message: String| {
            Err(Error::invalid(
                format!("passwordPolicy.{member}"),
                rule,
                message,
            ))
        };
        let bounds = |low, high| format!("{low} to {high}");
        if !(LEAST_MAX_LENGTH..=MAX_LENGTH).contains(&length.max) {
            return wrong("length.max", "range", bounds(LEAST_MAX_LENGTH, MAX_LENGTH));
        }
        if !(DEFAULT_MIN_LENGTH..=length.max).contains(&length.min) {
            return wrong(
                "length.min",
                "range",
                bounds(DEFAULT_MIN_LENGTH, length.max),
            );
        }
        if self.character_types.min != 1 {
            let message = "1: rules of composition are not offered, for they make passwords worse";
            return wrong("characterTypes.min", "not_offered", message.to_owned());
        }
        let rejects = &self.rejects;
        for (member, is_on) in [
            ("rejects.pwned", rejects.pwned),
            (
                "rejects.repetitionAndSequence",
                rejects.repetition_and_sequence,
            ),
            ("rejects.userInfo", rejects.user_info),
        ] {
            if !is_on {
                return wrong(
                    member,
                    "always_on",
                    "true: this check cannot be turned off".to_owned(),
                );
            }
        }
        if !rejects.words.is_empty() {
            let message = "an empty list: words of one's own are not offered";
            return wrong("rejects.words", "not_offered", message.to_owned());
        }
        Ok(())
    }
}
