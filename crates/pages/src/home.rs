//! What stands at `/`.

use askama::Template;

use crate::{Language, Layout, RenderError, samples::SampleWords};

/// Says what this server is, and where developers find what they need.
#[derive(Debug, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// Language and brand.
    pub layout: Layout,
    /// The issuer, as applications are told it.
    pub issuer: String,
    /// The discovery document.
    pub discovery_href: String,
    /// The page to read and try the Management API.
    pub api_reference_href: String,
}

impl HomePage {
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
            issuer: "http://localhost:3001/oidc".to_owned(),
            discovery_href: "/oidc/.well-known/openid-configuration".to_owned(),
            api_reference_href: "/api".to_owned(),
        }]
    }
}
