//! Making an account with a username and a password.

use askama::Template;

use crate::{
    Field, FormError, Language, Layout, RenderError,
    form::{Agreement, TextField},
    samples::SampleWords,
    shown,
};

/// One form with the fields `username` and `password`.
#[derive(Debug, Template)]
#[template(path = "sign_in/register.html")]
pub struct RegisterPage {
    /// Language and brand.
    pub layout: Layout,
    /// Where the form is posted.
    pub action: String,
    /// What was typed before; empty for none.
    pub username: String,
    /// The least number of characters of a password, which the hint tells.
    pub password_min_length: usize,
    /// Why the last try failed; the first of each field is shown.
    pub errors: Vec<FormError>,
    /// Where an account is made with an address instead; without it that is not offered.
    pub address_href: Option<String>,
    /// Where people with an account sign in.
    pub sign_in_href: Option<String>,
    /// The application that asked, by the name its owner gave it.
    pub application_name: Option<String>,
    /// Must the person say that they agree to the terms of the brand?
    pub asks_agreement: bool,
}

impl RegisterPage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    fn title(&self) -> String {
        self.layout
            .form_title("register-title", !self.errors.is_empty())
    }

    fn agreement(&self) -> Option<Agreement> {
        self.asks_agreement.then(|| self.layout.agreement())?
    }

    fn lead(&self) -> String {
        match &self.application_name {
            Some(name) => self
                .layout
                .text_with("register-lead", &[("application", shown(name).into())]),
            None => self.layout.text("register-lead-plain"),
        }
    }

    fn notice(&self) -> Option<String> {
        FormError::at(&self.errors, Field::Form)
    }

    fn fields(&self) -> [TextField; 2] {
        account_fields(
            &self.layout,
            &self.username,
            self.password_min_length,
            &self.errors,
        )
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let fresh = || Self {
            layout: words.layout(language),
            action: "/register".to_owned(),
            username: String::new(),
            password_min_length: 8,
            errors: Vec::new(),
            address_href: None,
            sign_in_href: Some("/sign-in".to_owned()),
            application_name: Some(words.application.clone()),
            asks_agreement: false,
        };
        let min = [("min", 8.into())];
        let errors = vec![
            FormError::from_code(
                language,
                Field::Username,
                "user.username_already_in_use",
                &[],
            ),
            FormError::from_code(
                language,
                Field::Password,
                "password_rejected.too_short",
                &min,
            ),
        ];
        let notice = FormError {
            field: Field::Form,
            message: words.message.clone(),
        };
        vec![
            fresh(),
            Self {
                username: words.identifier.clone(),
                errors,
                address_href: Some("/register/code".to_owned()),
                ..fresh()
            },
            Self {
                errors: vec![notice],
                sign_in_href: None,
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

/// The fields of a form that makes an account: a username and a new password.
pub(crate) fn account_fields(
    layout: &Layout,
    username: &str,
    min: usize,
    errors: &[FormError],
) -> [TextField; 2] {
    let username_error =
        FormError::at(errors, Field::Username).or_else(|| FormError::at(errors, Field::Identifier));
    let is_password_next = !username.is_empty() && username_error.is_none();
    [
        TextField::text(layout, "username", "username", username)
            .hint(layout.text("username-hint"))
            .error(username_error)
            .focused(!is_password_next),
        TextField::new_password(layout, min)
            .error(FormError::at(errors, Field::Password))
            .focused(is_password_next),
    ]
}
