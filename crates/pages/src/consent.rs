//! Asking a person whether an application may use their account.

use askama::Template;

use crate::{HiddenField, Language, Layout, RenderError, samples::SampleWords, shown, text};

/// Scopes that have words of their own; the message is `scope-` and the scope.
const KNOWN_SCOPES: [&str; 9] = [
    "openid",
    "profile",
    "email",
    "phone",
    "address",
    "custom_data",
    "identities",
    "roles",
    "offline_access",
];

/// One thing that the application asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeLine {
    /// The scope as it goes over the wire.
    pub scope: String,
    /// What it lets the application do, as the end of a sentence that begins with "It asks to".
    pub description: String,
}

impl ScopeLine {
    /// A scope in our words; `description` is what its owner says of a scope that we do not know,
    /// and the scope itself serves when nobody says anything.
    #[must_use]
    pub fn new(language: Language, scope: &str, description: Option<&str>) -> Self {
        let description = if KNOWN_SCOPES.contains(&scope) {
            text::text(language, &format!("scope-{scope}"))
        } else {
            shown(
                description
                    .filter(|words| !words.trim().is_empty())
                    .unwrap_or(scope),
            )
        };
        Self {
            scope: scope.to_owned(),
            description,
        }
    }
}

/// A question with two answers: `decision` is `allow` or `deny`.
#[derive(Debug, Template)]
#[template(path = "sign_in/consent.html")]
pub struct ConsentPage {
    /// Language and brand.
    pub layout: Layout,
    /// Where the form is posted.
    pub action: String,
    /// Inputs that go along unseen.
    pub hidden: Vec<HiddenField>,
    /// The application that asks, by the name its owner gave it.
    pub application_name: String,
    /// Who is signed in: a name or an identifier.
    pub person: String,
    /// What is asked for, in the order shown.
    pub scopes: Vec<ScopeLine>,
}

impl ConsentPage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    fn lead(&self) -> String {
        self.layout.text_with(
            "consent-lead",
            &[("application", shown(&self.application_name).into())],
        )
    }

    fn signed_in_as(&self) -> String {
        self.layout
            .text_with("consent-person", &[("person", shown(&self.person).into())])
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let ask = |scopes| Self {
            layout: words.layout(language),
            action: "/consent".to_owned(),
            hidden: vec![("sign_in".to_owned(), words.value.clone())],
            application_name: words.application.clone(),
            person: words.person.clone(),
            scopes,
        };
        let mut scopes: Vec<_> = KNOWN_SCOPES
            .iter()
            .map(|scope| ScopeLine::new(language, scope, None))
            .collect();
        scopes.push(ScopeLine::new(
            language,
            "read:orders",
            Some(&words.message),
        ));
        vec![ask(scopes), ask(Vec::new())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_told_in_words() {
        assert_eq!(
            ScopeLine::new(Language::En, "email", Some("x")).description,
            "see your email address"
        );
        assert_eq!(
            ScopeLine::new(Language::En, "read:x", Some("read\u{202e} your x")).description,
            "read your x"
        );
        assert_eq!(
            ScopeLine::new(Language::En, "read:x", Some(" ")).description,
            "read:x"
        );
        for scope in KNOWN_SCOPES {
            assert_ne!(
                ScopeLine::new(Language::Ja, scope, None).description,
                format!("scope-{scope}")
            );
        }
    }
}
