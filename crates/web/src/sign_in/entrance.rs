//! Before a page is shown: is it open, and what if its sign-in has ended?

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::Method;
use meibo_app::App;
use meibo_domain::{ErrorCode, sign_in_experience::SignInExperience};
use url::Url;

use super::places::{REGISTER, SIGN_IN};
use crate::{page::see_other, respond::Failure};

/// Shows the other page in place of one that is closed, and sends a browser without a sign-in where
/// the settings say. What is posted goes on: the use case decides.
pub(crate) async fn entrance(State(app): State<App>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let Ok(experience) = app.sign_in_experience().await else {
        return next.run(request).await;
    };
    if let Some(other) = instead_of(request.uri().path(), &experience) {
        let query = request.uri().query().unwrap_or_default();
        return see_other(&format!("{other}?{query}"));
    }
    let response = next.run(request).await;
    let failure = response.extensions().get::<Failure>();
    let is_unknown =
        failure.is_some_and(|failure| failure.error().code() == ErrorCode::SignInNotFound);
    let elsewhere = experience.unknown_session_redirect_url.as_deref();
    match elsewhere.and_then(|url| Url::parse(url).ok()) {
        Some(url) if is_unknown => see_other(url.as_str()),
        _ => response,
    }
}

/// The open page in the place of the closed one at `path`.
fn instead_of(path: &str, experience: &SignInExperience) -> Option<&'static str> {
    match path {
        SIGN_IN if !experience.is_sign_in_open() => Some(REGISTER),
        REGISTER if !experience.is_registration_open() => Some(SIGN_IN),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_is_always_open() {
        for (mode, sign_in, register) in [
            ("SignIn", None, Some("/sign-in")),
            ("Register", Some("/register"), None),
            ("SignInAndRegister", None, None),
        ] {
            let stored = format!("{{\"signInMode\":\"{mode}\"}}");
            let experience = SignInExperience::from_stored(&stored).unwrap();
            assert_eq!(instead_of("/sign-in", &experience), sign_in, "{mode}");
            assert_eq!(instead_of("/register", &experience), register, "{mode}");
            assert_eq!(instead_of("/consent", &experience), None, "{mode}");
        }
    }
}
