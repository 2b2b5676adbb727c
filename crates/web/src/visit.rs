//! Who visits a page: the browser's cookies, its address, and the reader's language.

use std::{convert::Infallible, net::IpAddr, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use axum_extra::extract::cookie::CookieJar;
use meibo_app::oidc::BrowserCookies;
use meibo_domain::sign_in_experience::SignInExperience;
use meibo_pages::{Language, Layout};
use url::form_urlencoded;

use crate::{
    brand::brand,
    cookies::CookieNames,
    extract::{ClientAddress, RequestId},
    reader_language::{detected_language, fallback_language},
    state::{AppState, WebConfig},
};

/// The query parameter by which a reader chooses a language.
const LANGUAGE: &str = "lang";

/// A browser that asks for a page.
pub(crate) struct Visit {
    pub(crate) cookies: BrowserCookies,
    pub(crate) cookie_names: CookieNames,
    pub(crate) address: IpAddr,
    /// What the browser calls itself, as sent.
    pub(crate) user_agent: Option<String>,
    pub(crate) request_id: RequestId,
    /// The settings that pages are shown by.
    pub(crate) experience: Arc<SignInExperience>,
    config: Arc<WebConfig>,
    /// The language of the cookie or the header, else that of the settings.
    pub(crate) language: Language,
    /// The language chosen with this very request, to be kept.
    pub(crate) chosen_language: Option<Language>,
    /// Was the language chosen before?
    is_language_kept: bool,
    /// Did the reader or the application ask for a language, and do the settings listen?
    is_language_asked: bool,
    /// Path and query of this address without the choice of a language.
    place: String,
}

impl Visit {
    /// The layout of a page at this address.
    pub(crate) fn layout(&self) -> Layout {
        self.layout_in(self.language, &self.place)
    }

    /// The layout of the form at `place`, which this post did not get through.
    pub(crate) fn layout_at(&self, place: &str) -> Layout {
        self.layout_in(self.language, place)
    }

    /// Prefers the request's `ui_locales` to the header; a choice by cookie stands above both.
    #[must_use]
    pub(crate) fn with_ui_locales(mut self, ui_locales: &[String]) -> Self {
        let asked = ui_locales.iter().find_map(|tag| Language::from_tag(tag));
        if let Some(asked) = asked
            && self.chosen_language.is_none()
            && !self.is_language_kept
        {
            self.language = asked;
            self.is_language_asked = true;
        }
        self
    }

    /// The language, if anybody asked for one.
    pub(crate) fn asked_language(&self) -> Option<Language> {
        self.is_language_asked.then_some(self.language)
    }

    fn layout_in(&self, language: Language, place: &str) -> Layout {
        let joint = if place.contains('?') { '&' } else { '?' };
        let links = Language::ALL
            .into_iter()
            .map(|other| (other, format!("{place}{joint}{LANGUAGE}={}", other.tag())));
        Layout {
            language_links: links.collect(),
            brand: brand(&self.experience, &self.config.public_url),
            ..Layout::new(language)
        }
    }
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let Ok(jar) = CookieJar::from_request_parts(parts, state).await;
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let request_id = RequestId::from_request_parts(parts, state).await?;
        let user_agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let cookie_names = CookieNames::new(state.config.is_https());
        let kept = cookie_names
            .read_language(&jar)
            .as_deref()
            .and_then(Language::from_tag);
        let (chosen, place) = split_language(parts.uri.path(), parts.uri.query());
        let accept = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        let experience = state.app.shown_sign_in_experience().await;
        let info = experience.language_info;
        let asked = chosen.or(kept).or_else(|| detected_language(info, accept));
        Ok(Self {
            cookies: cookie_names.read(&jar),
            cookie_names,
            address,
            user_agent,
            request_id,
            config: Arc::clone(&state.config),
            experience,
            language: asked.unwrap_or_else(|| fallback_language(info)),
            chosen_language: chosen,
            is_language_kept: kept.is_some(),
            is_language_asked: asked.is_some(),
            place,
        })
    }
}

/// The chosen language, and the address without the choice.
fn split_language(path: &str, query: Option<&str>) -> (Option<Language>, String) {
    let mut chosen = None;
    let mut rest = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if name == LANGUAGE {
            chosen = Language::from_tag(&value);
        } else {
            rest.append_pair(&name, &value);
        }
    }
    let rest = rest.finish();
    (
        chosen,
        if rest.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{rest}")
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_of_a_language_is_taken_out_of_the_address() {
        assert_eq!(
            split_language("/sign-in", Some("id=a&lang=ja&x=%26")),
            (Some(Language::Ja), "/sign-in?id=a&x=%26".into())
        );
        assert_eq!(split_language("/", Some("lang=xx")), (None, "/".into()));
        assert_eq!(split_language("/", None), (None, "/".into()));
    }
}
