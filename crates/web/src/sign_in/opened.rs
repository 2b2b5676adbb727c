//! What the pages share: the sign-in that the address names, who posts, the way on, and the form once
//! more.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use meibo_app::{
    App,
    sign_in::{SignInView, SignedIn, Visitor},
};
use meibo_domain::{Error, ErrorCode, ids::SignInId};
use meibo_pages::RenderError;
use url::form_urlencoded;

use crate::{
    page::{page, see_other, with_cookie, with_retry_after},
    respond::Failure,
    state::AppState,
    visit::Visit,
};

/// The sign-in that the query of a page's address names, by `id`. Whoever posts to it is checked by
/// the use case; a page without one is `session.not_found`.
pub(super) struct NamedSignIn(pub(super) SignInId);

impl<S: Sync> FromRequestParts<S> for NamedSignIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .find(|(name, _)| name == "id")
            .and_then(|(_, value)| SignInId::parse(value).ok())
            .map(Self)
            .ok_or_else(|| ErrorCode::SignInNotFound.into())
    }
}

/// A sign-in under way in this browser, and the visit in the language of its request. A page that
/// shows one takes it from the request; `session.not_found` when it has ended or belongs to another
/// browser.
pub(super) struct Opened {
    pub(super) id: SignInId,
    pub(super) view: SignInView,
    pub(super) visit: Visit,
}

impl FromRequestParts<AppState> for Opened {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let NamedSignIn(id) = NamedSignIn::from_request_parts(parts, state).await?;
        let Ok(visit) = Visit::from_request_parts(parts, state).await;
        Ok(open(&state.app, visit, id).await?)
    }
}

/// Opens the sign-in `id` for this browser.
///
/// # Errors
/// `session.not_found` when it has ended or belongs to another browser.
pub(super) async fn open(app: &App, visit: Visit, id: SignInId) -> Result<Opened, Error> {
    let view = app.view_sign_in(&id, &visit.cookies).await?;
    let visit = visit.with_ui_locales(&view.ui_locales);
    Ok(Opened { id, view, visit })
}

/// Who posts to a page of a sign-in.
pub(super) fn visitor(visit: &Visit, sign_in_id: &SignInId) -> Visitor {
    Visitor {
        sign_in_id: sign_in_id.clone(),
        cookies: visit.cookies.clone(),
        address: visit.address,
        user_agent: visit.user_agent.clone(),
        request_id: visit.request_id.as_str().to_owned(),
    }
}

/// Back to the authorization endpoint, with the new session.
pub(super) fn go_on(visit: &Visit, signed_in: SignedIn) -> Response {
    let next = back_to_authorization(&signed_in.sign_in_id);
    with_cookie(
        visit
            .cookie_names
            .set_session(signed_in.session_token, signed_in.session_ttl),
        next,
    )
}

/// Back to the authorization endpoint, which goes on with the sign-in.
pub(super) fn back_to_authorization(id: &SignInId) -> Response {
    see_other(&format!("/oidc/auth/{id}"))
}

/// The form once more, with the status of what was wrong.
pub(super) fn form_again(
    visit: &Visit,
    error: &Error,
    html: Result<String, RenderError>,
) -> Response {
    let status =
        StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    with_retry_after(error.retry_after_seconds(), page(visit, status, html))
}
