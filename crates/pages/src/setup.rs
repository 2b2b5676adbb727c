//! The first administrator of a new server.

use askama::Template;

use crate::{
    Field, FormError, Language, Layout, RenderError, form::TextField, register::account_fields,
    samples::SampleWords, shown,
};

/// One form with the fields `username` and `password`, behind the one-time link.
#[derive(Debug, Template)]
#[template(path = "setup/setup.html")]
pub struct SetupPage {
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
}

impl SetupPage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    fn title(&self) -> String {
        self.layout
            .form_title("setup-title", !self.errors.is_empty())
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
            action: "/setup".to_owned(),
            username: String::new(),
            password_min_length: 8,
            errors: Vec::new(),
        };
        let common =
            FormError::from_code(language, Field::Password, "password_rejected.pwned", &[]);
        let notice = FormError {
            field: Field::Form,
            message: words.message.clone(),
        };
        vec![
            fresh(),
            Self {
                username: words.identifier.clone(),
                errors: vec![notice, common],
                ..fresh()
            },
        ]
    }
}

/// The first administrator exists.
#[derive(Debug, Template)]
#[template(path = "setup/done.html")]
pub struct SetupDonePage {
    /// Language and brand.
    pub layout: Layout,
    /// The username that was chosen.
    pub username: String,
    /// Where to go now.
    pub next_href: String,
}

impl SetupDonePage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    fn body(&self) -> String {
        self.layout.text_with(
            "setup-done-body",
            &[("username", shown(&self.username).into())],
        )
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        vec![Self {
            layout: words.layout(language),
            username: words.identifier.clone(),
            next_href: "/".to_owned(),
        }]
    }
}
