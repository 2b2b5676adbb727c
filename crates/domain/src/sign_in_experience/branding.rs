//! The operator's pictures.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{Error, Result, text::check_called_url};

/// Addresses of pictures, each an absolute http or https URL of at most 2,048 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Branding {
    /// The logo on a light page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
    /// The logo on a dark page; the light one otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dark_logo_url: Option<String>,
    /// The sign in the browser's tab.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favicon: Option<String>,
    /// That sign where the browser is dark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dark_favicon: Option<String>,
}

impl Branding {
    const fn members(&self) -> [(&'static str, &Option<String>); 4] {
        [
            ("branding.logoUrl", &self.logo_url),
            ("branding.darkLogoUrl", &self.dark_logo_url),
            ("branding.favicon", &self.favicon),
            ("branding.darkFavicon", &self.dark_favicon),
        ]
    }

    /// An empty string is no picture.
    pub(super) fn without_empty(self) -> Self {
        let kept = |url: Option<String>| url.filter(|url| !url.is_empty());
        Self {
            logo_url: kept(self.logo_url),
            dark_logo_url: kept(self.dark_logo_url),
            favicon: kept(self.favicon),
            dark_favicon: kept(self.dark_favicon),
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        self.members()
            .into_iter()
            .filter_map(|(path, url)| Some((path, url.as_deref()?)))
            .try_for_each(|(path, url)| {
                check_called_url(path, url)?;
                if origin_of(url).is_none() {
                    let rule = "letters, digits, dots and hyphens in the host";
                    return Err(Error::invalid(path, "url", rule));
                }
                Ok(())
            })
    }

    /// Scheme, host and port of every picture, each once: what a page may load pictures from.
    #[must_use]
    pub fn origins(&self) -> Vec<String> {
        let mut origins: Vec<String> = self
            .members()
            .into_iter()
            .filter_map(|(_, url)| origin_of(url.as_deref()?))
            .collect();
        origins.sort_unstable();
        origins.dedup();
        origins
    }
}

/// Scheme, host and port, when they hold nothing that could end the word of a content security policy:
/// the host of a URL may hold `;` and `,`.
fn origin_of(url: &str) -> Option<String> {
    let origin = Url::parse(url).ok()?.origin().ascii_serialization();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:/[]".contains(&byte);
    origin.bytes().all(is_plain).then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_named_once_and_hold_nothing_else() {
        let branding = Branding {
            logo_url: Some("https://cdn.example/a;b.svg?x='none'".to_owned()),
            dark_logo_url: Some("https://CDN.example:443/b.svg".to_owned()),
            favicon: Some("http://例え.jp:8080/i.png".to_owned()),
            dark_favicon: None,
        };
        assert!(branding.check().is_ok());
        assert_eq!(
            branding.origins(),
            ["http://xn--r8jz45g.jp:8080", "https://cdn.example"]
        );
    }

    #[test]
    fn a_host_adds_nothing_to_a_policy() {
        for url in [
            "https://a;script-src/x.svg",
            "https://a,b.example/x.svg",
            "https://a;sandbox",
        ] {
            let branding = Branding {
                logo_url: Some(url.to_owned()),
                ..Branding::default()
            };
            assert!(branding.check().is_err(), "{url}");
            assert_eq!(branding.origins(), Vec::<String>::new(), "{url}");
        }
    }
}
