//! Form fields, and what was wrong with them.

use askama::Template;
use meibo_domain::sign_in::Channels;

use crate::{Argument, Language, Layout, error_message, text, text::wait_message};

/// An input that a reader does not see: name and value, sent back as they are.
pub type HiddenField = (String, String);

/// The part of a form that an error belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The form as a whole.
    Form,
    /// `identifier`.
    Identifier,
    /// `username`.
    Username,
    /// `password`.
    Password,
    /// `code`.
    Code,
}

/// Why a form was not accepted, said beside the field that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormError {
    /// Where it is said.
    pub field: Field,
    /// What is wrong and what to do, in the reader's language.
    pub message: String,
}

impl FormError {
    /// The error for a wire code, in words of [`error_message`]. A code without words is told as
    /// a request that could not be understood.
    #[must_use]
    pub fn from_code(
        language: Language,
        field: Field,
        code: &str,
        arguments: &[Argument<'_>],
    ) -> Self {
        let message = error_message(language, code, arguments)
            .or_else(|| error_message(language, "request.invalid_input", &[]))
            .unwrap_or_else(|| code.to_owned());
        Self { field, message }
    }

    /// As [`FormError::from_code`] without arguments; of an error that `wait_seconds` mend it says how long that is.
    #[must_use]
    pub fn from_code_after(
        language: Language,
        field: Field,
        code: &str,
        wait_seconds: Option<u32>,
    ) -> Self {
        match wait_seconds.and_then(|seconds| wait_message(language, code, seconds)) {
            Some(message) => Self { field, message },
            None => Self::from_code(language, field, code, &[]),
        }
    }

    /// What is said at `field`, of several errors the first.
    pub(crate) fn at<'a>(
        errors: impl IntoIterator<Item = &'a Self>,
        field: Field,
    ) -> Option<String> {
        errors
            .into_iter()
            .find(|error| error.field == field)
            .map(|error| error.message.clone())
    }
}

/// One labelled input with its hint and its error. The id of the input is its name.
#[derive(Debug, Template)]
#[template(path = "field.html")]
pub(crate) struct TextField {
    name: &'static str,
    label: String,
    autocomplete: &'static str,
    kind: Kind,
    value: String,
    hint: Option<String>,
    error: Option<String>,
    is_focused: bool,
}

#[derive(Debug)]
enum Kind {
    Text,
    Email,
    Phone,
    /// Digits.
    Code,
    /// With the words of the switch that shows it.
    Password(String),
}

/// A template of ours escapes what it writes, so it is not escaped again inside another.
impl askama::filters::HtmlSafe for TextField {}

impl TextField {
    /// A username, or whatever else signs in. `value` is what was typed before.
    pub(crate) fn text(layout: &Layout, name: &'static str, label: &str, value: &str) -> Self {
        Self {
            name,
            label: layout.text(label),
            autocomplete: "username",
            kind: Kind::Text,
            value: value.to_owned(),
            hint: None,
            error: None,
            is_focused: false,
        }
    }

    /// An address that a code is sent to. `value` is what was typed before.
    pub(crate) fn address(layout: &Layout, channels: Channels, value: &str) -> Self {
        let (label, kind, autocomplete) = match channels {
            Channels { sms: false, .. } => ("email", Kind::Email, "email"),
            Channels { email: false, .. } => ("phone", Kind::Phone, "tel"),
            _ => ("email-or-phone", Kind::Text, "username"),
        };
        Self {
            kind,
            autocomplete,
            ..Self::text(layout, "identifier", label, value)
        }
    }

    /// The digits of a verification code. They are never filled in.
    pub(crate) fn code(layout: &Layout) -> Self {
        Self {
            kind: Kind::Code,
            autocomplete: "one-time-code",
            hint: Some(layout.text("code-hint")),
            ..Self::text(layout, "code", "code", "")
        }
    }

    /// A password that the person has. It is never filled in.
    pub(crate) fn current_password(layout: &Layout) -> Self {
        Self {
            name: "password",
            label: layout.text("password"),
            autocomplete: "current-password",
            kind: Kind::Password(layout.text("show-password")),
            value: String::new(),
            hint: None,
            error: None,
            is_focused: false,
        }
    }

    /// A password that the person chooses, of at least `min` characters.
    pub(crate) fn new_password(layout: &Layout, min: usize) -> Self {
        let hint = text::text_with(layout.language, "password-hint", &[("min", min.into())]);
        Self {
            autocomplete: "new-password",
            hint: Some(hint),
            ..Self::current_password(layout)
        }
    }

    /// Brings up the keyboard with an at sign, where only an email address signs in.
    pub(crate) fn email(self) -> Self {
        Self {
            kind: Kind::Email,
            ..self
        }
    }

    /// Brings up the keyboard with digits, where only a phone number signs in.
    pub(crate) fn phone(self) -> Self {
        Self {
            kind: Kind::Phone,
            ..self
        }
    }

    pub(crate) fn hint(self, hint: String) -> Self {
        Self {
            hint: Some(hint),
            ..self
        }
    }

    pub(crate) fn error(self, error: Option<String>) -> Self {
        Self { error, ..self }
    }

    pub(crate) fn focused(self, is_focused: bool) -> Self {
        Self { is_focused, ..self }
    }

    /// The ids of what is said about the field, as `aria-describedby` wants them.
    fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        match (error, hint) {
            (Some(error), Some(hint)) => Some(format!("{error} {hint}")),
            (error, hint) => error.or(hint),
        }
    }

    const fn reveal(&self) -> Option<&String> {
        match &self.kind {
            Kind::Password(words) => Some(words),
            Kind::Text | Kind::Email | Kind::Phone | Kind::Code => None,
        }
    }
}

/// The mark by which a person agrees to the terms.
#[derive(Debug, Template)]
#[template(path = "agreement.html")]
pub(crate) struct Agreement {
    /// What the person says.
    pub(crate) sentence: String,
    /// What is agreed to: words and address of each.
    pub(crate) links: Vec<(String, String)>,
}

/// As [`TextField`].
impl askama::filters::HtmlSafe for Agreement {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_without_words_still_says_something() {
        let known = FormError::from_code(
            Language::En,
            Field::Username,
            "user.username_already_in_use",
            &[],
        );
        let unknown = FormError::from_code(Language::En, Field::Form, "no.such_code", &[]);
        assert_ne!(known.message, unknown.message);
        assert!(unknown.message.contains("cannot be understood"));
    }

    #[test]
    fn an_error_is_found_at_its_field_only() {
        let errors = [FormError {
            field: Field::Password,
            message: "short".to_owned(),
        }];
        assert_eq!(
            FormError::at(&errors, Field::Password).as_deref(),
            Some("short")
        );
        assert_eq!(FormError::at(&errors, Field::Username), None);
    }
}
