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
    /// The API that it belongs to, by the name its owner gave it.
    pub resource: Option<String>,
}

impl ScopeLine {
    /// A standard scope in our words; one that we do not know stands for itself.
    #[must_use]
    pub fn standard(language: Language, scope: &str) -> Self {
        let description = if KNOWN_SCOPES.contains(&scope) {
            text::text(language, &format!("scope-{scope}"))
        } else {
            shown(scope)
        };
        Self {
            scope: scope.to_owned(),
            description,
            resource: None,
        }
    }

    /// A scope of an API in its owner's words; the scope itself serves when there are none.
    #[must_use]
    pub fn of_resource(scope: &str, description: Option<&str>, resource: &str) -> Self {
        let words = description.filter(|words| !words.trim().is_empty());
        Self {
            scope: scope.to_owned(),
            description: shown(words.unwrap_or(scope)),
            resource: Some(shown(resource)),
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
    /// Where somebody else signs in.
    pub other_account_href: String,
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
            other_account_href: "/sign-in".to_owned(),
        };
        let mut scopes: Vec<_> = KNOWN_SCOPES
            .iter()
            .map(|scope| ScopeLine::standard(language, scope))
            .collect();
        scopes.push(ScopeLine::of_resource(
            "read:orders",
            Some(&words.order_scope),
            &words.resource,
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
            ScopeLine::standard(Language::En, "email").description,
            "see your email address"
        );
        let of_resource = |scope, words| ScopeLine::of_resource(scope, words, "API").description;
        assert_eq!(
            of_resource("read:x", Some("read\u{202e} your x")),
            "read your x"
        );
        assert_eq!(of_resource("read:x", Some(" ")), "read:x");
        assert_eq!(of_resource("email", Some("send mail")), "send mail");
        for scope in KNOWN_SCOPES {
            assert_ne!(
                ScopeLine::standard(Language::Ja, scope).description,
                format!("scope-{scope}")
            );
        }
    }
}
