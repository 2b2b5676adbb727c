//! What both pages share: the sign-in that the address names, the way on, and the form once more.

use axum::{http::StatusCode, response::Response};
use meibo_app::{
    App,
    sign_in::{SignInView, SignedIn},
};
use meibo_domain::{Error, ErrorCode, Result, ids::SignInId};
use meibo_pages::RenderError;
use url::form_urlencoded;

use crate::{
    page::{page, see_other, with_cookie, with_retry_after},
    visit::Visit,
};

/// A sign-in under way in this browser, and the visit in the language of its request.
pub(super) struct Opened {
    pub(super) id: SignInId,
    pub(super) view: SignInView,
    pub(super) visit: Visit,
}

/// The sign-in that the query of a page's address names.
///
/// # Errors
/// `session.not_found`.
pub(super) fn sign_in_id(query: Option<&str>) -> Result<SignInId> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "id")
        .and_then(|(_, value)| SignInId::parse(value).ok())
        .ok_or_else(|| ErrorCode::SignInNotFound.into())
}

/// Opens the sign-in `id` for this browser.
///
/// # Errors
/// `session.not_found` when it has ended or belongs to another browser.
pub(super) async fn open(app: &App, visit: Visit, id: SignInId) -> Result<Opened> {
    let view = app.view_sign_in(&id, &visit.cookies).await?;
    let visit = visit.with_ui_locales(&view.ui_locales);
    Ok(Opened { id, view, visit })
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
