//! An answer that the browser posts to an application (OAuth 2.0 Form Post Response Mode 2).

use askama::Template;

use crate::{HiddenField, Language, Layout, RenderError, samples::SampleWords};

/// A form that a module sends at once; without scripts the reader sends it with the button.
#[derive(Debug, Template)]
#[template(path = "sign_in/form_post.html")]
pub struct FormPostPage {
    /// Language and brand.
    pub layout: Layout,
    /// The registered redirect URI.
    pub action: String,
    /// The parameters of the answer. HTML forms turn each line break into CRLF.
    pub fields: Vec<HiddenField>,
}

impl FormPostPage {
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
            action: "https://app.example/callback".to_owned(),
            fields: vec![
                ("code".to_owned(), "example".to_owned()),
                ("state".to_owned(), words.value.clone()),
            ],
        }]
    }
}
