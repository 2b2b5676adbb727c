//! Which identifiers the sign-in page asks for (contract 1.4).

use super::AuthorizationParameters;

/// The identifiers that an application would like its people to sign in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AskedIdentifiers {
    /// Whatever people have.
    #[default]
    Any,
    /// A username.
    Username,
    /// An email address.
    Email,
    /// A phone number.
    Phone,
}

impl AuthorizationParameters {
    /// The identifiers that `identifier` asks for: one kind of them when it names that one alone. The
    /// parameter is a wish about the page; whatever a person types is looked up all the same.
    #[must_use]
    pub fn asked_identifiers(&self) -> AskedIdentifiers {
        match self.identifier.as_deref().map(str::trim) {
            Some("username") => AskedIdentifiers::Username,
            Some("email") => AskedIdentifiers::Email,
            Some("phone") => AskedIdentifiers::Phone,
            _ => AskedIdentifiers::Any,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kind_alone_is_asked_for() {
        for (text, asked) in [
            ("username", AskedIdentifiers::Username),
            (" email ", AskedIdentifiers::Email),
            ("email username", AskedIdentifiers::Any),
            ("phone", AskedIdentifiers::Phone),
            ("", AskedIdentifiers::Any),
        ] {
            let parameters = AuthorizationParameters {
                identifier: Some(text.to_owned()),
                ..AuthorizationParameters::default()
            };
            assert_eq!(parameters.asked_identifiers(), asked, "{text}");
        }
    }
}
