//! Making an account with an address that has been proved.

use askama::Template;

use crate::{
    Field, FormError, Language, Layout, RenderError,
    form::{Agreement, TextField},
    samples::SampleWords,
    shown,
};

/// One form, with the field `password` when the account is to have one.
#[derive(Debug, Template)]
#[template(path = "sign_in/proved_account.html")]
pub struct ProvedAccountPage {
    /// Language and brand.
    pub layout: Layout,
    /// Where the form is posted.
    pub action: String,
    /// The address.
    pub address: String,
    /// The least number of characters of the password; none when the account has no password.
    pub password_min_length: Option<usize>,
    /// Why the last try failed; the first of each field is shown.
    pub errors: Vec<FormError>,
    /// Must the person say that they agree to the terms of the brand?
    pub asks_agreement: bool,
    /// Where another address is typed.
    pub other_address_href: String,
}

impl ProvedAccountPage {
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
        let address = [("address", shown(&self.address).into())];
        self.layout.text_with("proved-account-lead", &address)
    }

    fn notice(&self) -> Option<String> {
        FormError::at(&self.errors, Field::Form)
    }

    fn field(&self) -> Option<TextField> {
        self.password_min_length.map(|min| {
            TextField::new_password(&self.layout, min)
                .error(FormError::at(&self.errors, Field::Password))
                .focused(true)
        })
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let fresh = || Self {
            layout: words.layout(language),
            action: "/register/new".to_owned(),
            address: words.address.clone(),
            password_min_length: None,
            errors: Vec::new(),
            asks_agreement: false,
            other_address_href: "/register/code".to_owned(),
        };
        let min = [("min", 8.into())];
        let short = FormError::from_code(
            language,
            Field::Password,
            "password_rejected.too_short",
            &min,
        );
        let notice = FormError {
            field: Field::Form,
            message: words.message.clone(),
        };
        vec![
            fresh(),
            Self {
                password_min_length: Some(8),
                errors: vec![short],
                ..fresh()
            },
            Self {
                errors: vec![notice],
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
