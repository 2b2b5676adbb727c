//! Choosing another password after a code has shown whose account it is.

use askama::Template;

use crate::{
    Field, FormError, Language, Layout, RenderError, form::TextField, samples::SampleWords, shown,
};

/// One form with the field `password`.
#[derive(Debug, Template)]
#[template(path = "sign_in/new_password.html")]
pub struct NewPasswordPage {
    /// Language and brand.
    pub layout: Layout,
    /// Where the form is posted.
    pub action: String,
    /// The address that was proved.
    pub address: String,
    /// The least number of characters of a password, which the hint tells.
    pub password_min_length: usize,
    /// Why the last try failed; the first of each field is shown.
    pub errors: Vec<FormError>,
}

impl NewPasswordPage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    fn title(&self) -> String {
        self.layout
            .form_title("new-password-title", !self.errors.is_empty())
    }

    fn lead(&self) -> String {
        let address = [("address", shown(&self.address).into())];
        self.layout.text_with("new-password-lead", &address)
    }

    fn notice(&self) -> Option<String> {
        FormError::at(&self.errors, Field::Form)
    }

    fn field(&self) -> TextField {
        TextField::new_password(&self.layout, self.password_min_length)
            .error(FormError::at(&self.errors, Field::Password))
            .focused(true)
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let fresh = || Self {
            layout: words.layout(language),
            action: "/forgot-password/new".to_owned(),
            address: words.address.clone(),
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
                errors: vec![common],
                ..fresh()
            },
            Self {
                errors: vec![notice],
                ..fresh()
            },
        ]
    }
}

/// It is done.
#[derive(Debug, Template)]
#[template(path = "sign_in/password_changed.html")]
pub struct PasswordChangedPage {
    /// Language and brand.
    pub layout: Layout,
    /// Where the person signs in with it.
    pub sign_in_href: String,
}

impl PasswordChangedPage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        vec![Self {
            layout: words.layout(language),
            sign_in_href: "/sign-in".to_owned(),
        }]
    }
}
