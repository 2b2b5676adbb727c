//! Typing the code that was sent.

use askama::Template;

use crate::{
    Field, FormError, HiddenField, Language, Layout, RenderError,
    form::{Agreement, TextField},
    samples::SampleWords,
    shown,
};

/// One form with the field `code`, and one that sends another.
#[derive(Debug, Template)]
#[template(path = "sign_in/code.html")]
pub struct CodePage {
    /// Language and brand.
    pub layout: Layout,
    /// Where the code is posted.
    pub action: String,
    /// Inputs that go along unseen, with either form; the address is one.
    pub hidden: Vec<HiddenField>,
    /// Where the code was sent.
    pub address: String,
    /// Why the last try failed.
    pub error: Option<FormError>,
    /// Must the person say that they agree to the terms of the brand?
    pub asks_agreement: bool,
    /// Where another code is asked for.
    pub resend_action: String,
    /// Where another address is typed.
    pub other_address_href: String,
}

impl CodePage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    fn title(&self) -> String {
        self.layout.form_title("code-title", self.error.is_some())
    }

    fn agreement(&self) -> Option<Agreement> {
        self.asks_agreement.then(|| self.layout.agreement())?
    }

    fn lead(&self) -> String {
        self.layout
            .text_with("code-lead", &[("address", shown(&self.address).into())])
    }

    fn notice(&self) -> Option<String> {
        FormError::at(&self.error, Field::Form)
    }

    fn field(&self) -> TextField {
        TextField::code(&self.layout)
            .error(FormError::at(&self.error, Field::Code))
            .focused(true)
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let fresh = || Self {
            layout: words.layout(language),
            action: "/sign-in/code/verify".to_owned(),
            hidden: vec![("identifier".to_owned(), words.address.clone())],
            address: words.address.clone(),
            error: None,
            asks_agreement: false,
            resend_action: "/sign-in/code".to_owned(),
            other_address_href: "/sign-in/code".to_owned(),
        };
        let wrong = FormError::from_code(
            language,
            Field::Code,
            "verification_code.code_mismatch",
            &[],
        );
        let wait = FormError::from_code_after(
            language,
            Field::Form,
            "session.verification_blocked_too_many_attempts",
            Some(840),
        );
        let notice = FormError {
            field: Field::Form,
            message: words.message.clone(),
        };
        vec![
            fresh(),
            Self {
                error: Some(wrong),
                ..fresh()
            },
            Self {
                error: Some(wait),
                ..fresh()
            },
            Self {
                error: Some(notice),
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
