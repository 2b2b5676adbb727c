//! How the operator presents the service: what pages show of the settings, and `/brand.css`.

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use http::{HeaderValue, header};
use meibo_app::App;
use meibo_domain::sign_in_experience::{ColorScheme, SignInExperience};
use meibo_pages::{Brand, BrandLinks, Picture, brand_stylesheet};
use url::Url;

use crate::{
    respond::{Answer, weak_etag},
    state::AppState,
};

const STYLESHEET: &str = "/brand.css";

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route(STYLESHEET, get(stylesheet))
}

/// The operator's colours. A browser asks each time by the tag, so that a change is seen at once.
async fn stylesheet(State(app): State<App>) -> Answer {
    let css = brand_stylesheet(&app.sign_in_experience().await?.color);
    let tag = weak_etag(css.as_bytes());
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/css; charset=utf-8"),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, no-cache"),
        ),
    ];
    let mut response = (headers, css).into_response();
    tag.map(|tag| response.headers_mut().insert(header::ETAG, tag));
    Ok(response)
}

/// What pages at `public_url` show of the settings.
pub(crate) fn brand(experience: &SignInExperience, public_url: &Url) -> Brand {
    let (branding, color) = (&experience.branding, experience.color);
    let is_light_only = !color.is_dark_mode_enabled;
    let picture = |light: &Option<String>, dark: &Option<String>| {
        let light_href = written(light);
        let dark_href = written(dark);
        Some(Picture {
            href: light_href.or_else(|| dark_href.clone())?,
            dark_href: dark_href.filter(|_| !is_light_only),
        })
    };
    let logo = picture(&branding.logo_url, &branding.dark_logo_url);
    // Beside another's logo stands another's name: that of the host people came to.
    let name = logo.as_ref().and(public_url.host_str()).map(str::to_owned);
    Brand {
        name,
        logo,
        favicon: picture(&branding.favicon, &branding.dark_favicon),
        stylesheet_href: (color != ColorScheme::default()).then(|| STYLESHEET.to_owned()),
        is_light_only,
        links: BrandLinks {
            terms_of_use: written(&experience.terms_of_use_url),
            privacy_policy: written(&experience.privacy_policy_url),
            support_website: written(&experience.support_website_url),
            support_email: experience.support_email.clone(),
        },
    }
}

/// An address as browsers read it, without blanks and other surprises.
fn written(url: &Option<String>) -> Option<String> {
    Url::parse(url.as_deref()?).ok().map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(settings: &str) -> Brand {
        let experience = SignInExperience::from_stored(settings).unwrap();
        brand(
            &experience,
            &Url::parse("https://id.shop.example:8443").unwrap(),
        )
    }

    #[test]
    fn without_a_logo_the_page_is_meibos() {
        let own = shown("{}");
        assert!(own.name.is_none() && own.logo.is_none() && own.stylesheet_href.is_none());
        assert_eq!(own.links, BrandLinks::default());
    }

    #[test]
    fn a_dark_picture_is_for_dark_pages() {
        let both = r#"{"branding":{"logoUrl":"https://c.example/a b.svg","darkLogoUrl":"https://c.example/d.svg"}"#;
        let dark = shown(&format!("{both}}}"));
        assert_eq!(dark.name.as_deref(), Some("id.shop.example"));
        let logo = dark.logo.unwrap();
        assert_eq!(logo.href, "https://c.example/a%20b.svg");
        assert_eq!(logo.dark_href.as_deref(), Some("https://c.example/d.svg"));
        let light = shown(&format!(
            "{both},\"color\":{{\"isDarkModeEnabled\":false}}}}"
        ));
        assert!(light.is_light_only && light.logo.unwrap().dark_href.is_none());
        assert!(light.stylesheet_href.is_some());
        let only_dark = shown(r#"{"branding":{"darkLogoUrl":"https://c.example/d.svg"}}"#);
        assert_eq!(only_dark.logo.unwrap().href, "https://c.example/d.svg");
    }
}
