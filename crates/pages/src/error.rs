//! Something went wrong: what, what to do now, and what to tell the people who run the service.

use askama::Template;
use meibo_domain::ErrorKind;

use crate::{Language, Layout, RenderError, error_message, samples::SampleWords};

/// A failure, told to a person.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Language and brand.
    pub layout: Layout,
    /// What sort of failure it is; decides the title and what the reader is told to do.
    pub kind: ErrorKind,
    /// What happened, in the reader's language; by default from [`error_message`].
    pub message: Option<String>,
    /// For developers, for example what was wrong with a redirect URI. Never a secret.
    pub detail: Option<String>,
    /// The wire code, for example `oidc.invalid_redirect_uri`.
    pub code: Option<String>,
    /// What the log calls this request; never left out for [`ErrorKind::Internal`], whose hint asks
    /// the reader to pass it on.
    pub request_id: Option<String>,
}

impl ErrorPage {
    /// The page for a wire code in its own words, without detail and request id.
    #[must_use]
    pub fn from_code(layout: Layout, kind: ErrorKind, code: &str) -> Self {
        let message = error_message(layout.language, code, &[]);
        Self {
            layout,
            kind,
            message,
            detail: None,
            code: Some(code.to_owned()),
            request_id: None,
        }
    }

    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    fn title(&self) -> String {
        self.layout.text(wording(self.kind).0)
    }

    fn hint(&self) -> String {
        self.layout.text(wording(self.kind).1)
    }

    /// The message, unless it only repeats the title.
    fn explanation(&self) -> Option<&str> {
        let title = self.title();
        let bare = |text: &str| text.trim_end_matches(['.', '。']).to_owned();
        self.message
            .as_deref()
            .filter(|message| bare(message) != bare(&title))
    }

    const fn has_technical_details(&self) -> bool {
        self.detail.is_some() || self.code.is_some() || self.request_id.is_some()
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let layout = || words.layout(language);
        let kinds = [
            (ErrorKind::Invalid, "oidc.invalid_redirect_uri"),
            (ErrorKind::Unauthenticated, "user.suspended"),
            (ErrorKind::Forbidden, "request.cross_site"),
            (ErrorKind::NotFound, "setup.link_not_valid"),
            (ErrorKind::Conflict, "entity.changed_meanwhile"),
            (ErrorKind::TooLarge, "request.body_too_large"),
            (ErrorKind::TooMany, "request.too_many"),
            (ErrorKind::Internal, "server.internal"),
            (ErrorKind::Unavailable, "server.unavailable"),
        ];
        let mut pages: Vec<_> = kinds
            .into_iter()
            .map(|(kind, code)| Self {
                detail: Some(words.message.clone()),
                request_id: Some(words.value.clone()),
                ..Self::from_code(layout(), kind, code)
            })
            .collect();
        pages.push(Self {
            layout: layout(),
            kind: ErrorKind::NotFound,
            message: None,
            detail: None,
            code: None,
            request_id: None,
        });
        pages
    }
}

/// The messages of the title and of what to do.
const fn wording(kind: ErrorKind) -> (&'static str, &'static str) {
    match kind {
        ErrorKind::Unauthenticated => (
            "problem-title-unauthenticated",
            "problem-hint-unauthenticated",
        ),
        ErrorKind::Forbidden => ("problem-title-forbidden", "problem-hint-forbidden"),
        ErrorKind::NotFound => ("problem-title-not-found", "problem-hint-not-found"),
        ErrorKind::Conflict => ("problem-title-conflict", "problem-hint-conflict"),
        ErrorKind::TooLarge => ("problem-title-too-large", "problem-hint-too-large"),
        ErrorKind::TooMany => ("problem-title-too-many", "problem-hint-too-many"),
        ErrorKind::Internal => ("problem-title-internal", "problem-hint-internal"),
        ErrorKind::Unavailable => ("problem-title-unavailable", "problem-hint-unavailable"),
        ErrorKind::Invalid
        | ErrorKind::UnsupportedMediaType
        | ErrorKind::Refused
        | ErrorKind::NotConfigured => ("problem-title-invalid", "problem-hint-invalid"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_not_said_twice() {
        let page = |language| {
            ErrorPage::from_code(
                Layout::new(language),
                ErrorKind::Internal,
                "server.internal",
            )
        };
        for language in Language::ALL {
            assert_eq!(page(language).explanation(), None);
        }
        let other = ErrorPage::from_code(
            Layout::new(Language::En),
            ErrorKind::Invalid,
            "session.not_found",
        );
        assert!(other.explanation().is_some());
    }
}
