//! A key: how an entry of a key map names a place in a reply.

use super::path::{QueryFault, SingularQuery};
use crate::{Error, Result};

/// The longest key, in characters.
pub const MAX_LENGTH: usize = 256;

/// A key as it was written, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    text: String,
    pub(super) form: KeyForm,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyForm {
    /// It begins with `$`.
    Query(SingularQuery),
    /// It has a dot: a member of that name, or a path of names.
    Dotted,
    /// A bare name.
    Bare,
}

impl Key {
    /// Takes a name, a path of names, or an RFC 9535 query that leads to one place at most.
    ///
    /// # Errors
    /// `guard.invalid_input` for the member `key`: it is empty, longer than 256 characters, has control
    /// characters or spaces around it, or begins with `$` and is no singular query.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |rule, message: &str| Err(Error::invalid("key", rule, message));
        if text.is_empty() {
            return wrong(
                "empty",
                "name a member of the reply, or leave the entry out",
            );
        }
        crate::text::check_text("key", text, MAX_LENGTH)?;
        if text.trim() != text {
            return wrong("surrounding_space", "without spaces around it");
        }
        let form = if text.starts_with('$') {
            match SingularQuery::parse(text) {
                Ok(query) => KeyForm::Query(query),
                Err(QueryFault::Syntax) => {
                    return wrong(
                        "json_path",
                        "a key that begins with $ is a JSONPath such as $.user.id or $['$name']",
                    );
                }
                Err(QueryFault::NotSingular) => {
                    return wrong(
                        "not_singular",
                        "a JSONPath of names and indices only, which leads to one place at most",
                    );
                }
            }
        } else if text.contains('.') {
            KeyForm::Dotted
        } else {
            KeyForm::Bare
        };
        Ok(Self {
            text: text.to_owned(),
            form,
        })
    }

    /// The key as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_keys_are_refused_by_their_rule() {
        for (key, rule) in [
            ("", "empty"),
            (" a", "surrounding_space"),
            ("a\u{3000}", "surrounding_space"),
            ("a\nb", "control_character"),
            ("a\0", "control_character"),
            (&"名".repeat(257), "too_long"),
            ("$name", "json_path"),
            ("$.", "json_path"),
            ("$..id", "not_singular"),
            ("$.users[*].id", "not_singular"),
        ] {
            let error = Key::parse(key).unwrap_err();
            let violation = &error.violations()[0];
            assert_eq!(
                (violation.path.as_str(), violation.rule),
                ("key", rule),
                "{key:?}"
            );
        }
        for key in [
            "a",
            "a b",
            "a.b",
            ".",
            "a..b",
            "名前",
            "user-id",
            "$",
            "$.a",
            &"x".repeat(256),
        ] {
            assert_eq!(Key::parse(key).unwrap().as_str(), key);
        }
    }
}
