//! Sign-in with an identifier and a password.

use askama::Template;

use crate::{
    Field, FormError, Language, Layout, RenderError,
    form::{Agreement, TextField},
    samples::SampleWords,
    shown,
};

/// What a person may type to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptedIdentifiers {
    /// Usernames only.
    Username,
    /// Verified email addresses only.
    Email,
    /// Verified phone numbers only.
    Phone,
    /// A username or a verified email address.
    UsernameOrEmail,
    /// A username or a verified phone number.
    UsernameOrPhone,
    /// A verified address of either kind.
    EmailOrPhone,
    /// A username or a verified address of either kind.
    Any,
}

/// One form with the fields `identifier` and `password`.
#[derive(Debug, Template)]
#[template(path = "sign_in/sign_in.html")]
pub struct SignInPage {
    /// Language and brand.
    pub layout: Layout,
    /// Where the form is posted.
    pub action: String,
    /// What was typed before, or a login hint; empty for none.
    pub identifier: String,
    /// What the identifier may be.
    pub identifiers: AcceptedIdentifiers,
    /// Why the last try failed.
    pub error: Option<FormError>,
    /// Where a code is asked for, with what was typed; without it codes are not offered.
    pub code_action: Option<String>,
    /// Where another password is chosen; without it that is not offered.
    pub forgot_password_href: Option<String>,
    /// Where an account is made; without it registration is not offered.
    pub register_href: Option<String>,
    /// The application that asked, by the name its owner gave it.
    pub application_name: Option<String>,
    /// Must the person say that they agree to the terms of the brand?
    pub asks_agreement: bool,
}

impl SignInPage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    fn title(&self) -> String {
        self.layout
            .form_title("sign-in-title", self.error.is_some())
    }

    fn agreement(&self) -> Option<Agreement> {
        self.asks_agreement.then(|| self.layout.agreement())?
    }

    fn lead(&self) -> String {
        match &self.application_name {
            Some(name) => self
                .layout
                .text_with("sign-in-lead", &[("application", shown(name).into())]),
            None => self.layout.text("sign-in-lead-plain"),
        }
    }

    /// What is said above the fields.
    fn notice(&self) -> Option<String> {
        FormError::at(&self.error, Field::Form)
    }

    fn identifier_field(&self) -> TextField {
        let label = match self.identifiers {
            AcceptedIdentifiers::Username => "username",
            AcceptedIdentifiers::Email => "email",
            AcceptedIdentifiers::Phone => "phone",
            AcceptedIdentifiers::UsernameOrEmail => "username-or-email",
            AcceptedIdentifiers::UsernameOrPhone => "username-or-phone",
            AcceptedIdentifiers::EmailOrPhone => "email-or-phone",
            AcceptedIdentifiers::Any => "username-email-or-phone",
        };
        let field = TextField::text(&self.layout, "identifier", label, &self.identifier)
            .error(
                FormError::at(&self.error, Field::Identifier)
                    .or(FormError::at(&self.error, Field::Username)),
            )
            .focused(!self.is_password_next());
        match self.identifiers {
            AcceptedIdentifiers::Email => field.email(),
            AcceptedIdentifiers::Phone => field.phone(),
            _ => field,
        }
    }

    fn password_field(&self) -> TextField {
        TextField::current_password(&self.layout)
            .error(FormError::at(&self.error, Field::Password))
            .focused(self.is_password_next())
    }

    /// Is there an identifier that nothing was wrong with?
    fn is_password_next(&self) -> bool {
        let is_identifier_wrong = self
            .error
            .as_ref()
            .is_some_and(|error| matches!(error.field, Field::Identifier | Field::Username));
        !self.identifier.is_empty() && !is_identifier_wrong
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let fresh = || Self {
            layout: words.layout(language),
            action: "/sign-in".to_owned(),
            identifier: String::new(),
            identifiers: AcceptedIdentifiers::UsernameOrEmail,
            error: None,
            code_action: None,
            forgot_password_href: None,
            register_href: Some("/register".to_owned()),
            application_name: Some(words.application.clone()),
            asks_agreement: false,
        };
        let refused = FormError::from_code(
            language,
            Field::Password,
            "session.invalid_credentials",
            &[],
        );
        let wait = FormError::from_code_after(
            language,
            Field::Form,
            "session.verification_blocked_too_many_attempts",
            Some(840),
        );
        let unavailable = FormError {
            field: Field::Form,
            message: words.message.clone(),
        };
        vec![
            fresh(),
            Self {
                identifier: words.identifier.clone(),
                error: Some(refused),
                ..fresh()
            },
            Self {
                error: Some(wait),
                identifier: words.identifier.clone(),
                ..fresh()
            },
            Self {
                identifiers: AcceptedIdentifiers::Any,
                code_action: Some("/sign-in/code".to_owned()),
                forgot_password_href: Some("/forgot-password".to_owned()),
                ..fresh()
            },
            Self {
                error: Some(unavailable),
                identifiers: AcceptedIdentifiers::Email,
                register_href: None,
                application_name: None,
                ..fresh()
            },
            Self {
                layout: words.branded(language),
                asks_agreement: true,
                ..fresh()
            },
        ]
    }
}
