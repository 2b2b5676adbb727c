//! Leaving: the question, and what is shown afterwards (OpenID Connect RP-Initiated Logout 2 and 6).

use askama::Template;

use crate::{HiddenField, Language, Layout, RenderError, samples::SampleWords, shown};

/// A question with two answers: `decision` is `sign_out` or `stay`.
#[derive(Debug, Template)]
#[template(path = "sign_in/sign_out.html")]
pub struct SignOutConfirmPage {
    /// Language and brand.
    pub layout: Layout,
    /// Where the form is posted.
    pub action: String,
    /// Inputs that go along unseen.
    pub hidden: Vec<HiddenField>,
    /// Who is signed in, when that is to be shown: a name or an identifier.
    pub person: Option<String>,
}

impl SignOutConfirmPage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    fn signed_in_as(&self) -> Option<String> {
        let person = self.person.as_deref()?;
        Some(
            self.layout
                .text_with("sign-out-person", &[("person", shown(person).into())]),
        )
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let ask = |person| Self {
            layout: words.layout(language),
            action: "/oidc/session/end/confirm".to_owned(),
            hidden: vec![("state".to_owned(), words.value.clone())],
            person,
        };
        vec![ask(Some(words.person.clone())), ask(None)]
    }
}

/// Nobody is signed in any more.
#[derive(Debug, Template)]
#[template(path = "sign_in/signed_out.html")]
pub struct SignedOutPage {
    /// Language and brand.
    pub layout: Layout,
    /// The application to go back to: its name, and an address that is registered for it.
    pub return_to: Option<(String, String)>,
}

impl SignedOutPage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    /// The words and the address of the way back.
    fn way_back(&self) -> Option<(String, &str)> {
        let (name, href) = self.return_to.as_ref()?;
        Some((
            self.layout
                .text_with("signed-out-return", &[("application", shown(name).into())]),
            href,
        ))
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let layout = || words.layout(language);
        vec![
            Self {
                layout: layout(),
                return_to: None,
            },
            Self {
                layout: layout(),
                return_to: Some((words.application.clone(), "/".to_owned())),
            },
        ]
    }
}
