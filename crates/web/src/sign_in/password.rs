//! `/sign-in`: an identifier and a password.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use meibo_app::{
    App,
    sign_in::{PasswordSignIn, SignInView},
};
use meibo_domain::{Error, ErrorCode, ErrorKind, ids::SignInId};
use meibo_pages::{AcceptedIdentifiers, Field, FormError, SignInPage};

use super::{field, place, sign_in_id};
use crate::{
    extract::Form,
    page::{page, refusal, see_other, with_cookie, with_retry_after},
    visit::Visit,
};

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    RawQuery(query): RawQuery,
) -> Response {
    let view = async {
        let id = sign_in_id(query.as_deref())?;
        let view = app.view_sign_in(&id, &visit.cookies).await?;
        Ok::<_, Error>((id, view))
    };
    match view.await {
        Ok((id, view)) => {
            let visit = visit.with_ui_locales(&view.ui_locales);
            let identifier = view.login_hint.clone().unwrap_or_default();
            page(
                &visit,
                StatusCode::OK,
                form(&visit, &id, view, identifier).render(),
            )
        }
        Err(error) => refusal(error),
    }
}

pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    RawQuery(query): RawQuery,
    Form(pairs): Form,
) -> Response {
    let id = match sign_in_id(query.as_deref()) {
        Ok(id) => id,
        Err(error) => return refusal(error),
    };
    let request = PasswordSignIn {
        sign_in_id: id.clone(),
        cookies: visit.cookies.clone(),
        identifier: field(&pairs, "identifier"),
        password: field(&pairs, "password"),
        address: visit.address,
    };
    match app.sign_in_with_password(&request).await {
        Ok(signed_in) => {
            let cookie = visit.cookie_names.set_session(signed_in.session_token);
            with_cookie(
                cookie,
                see_other(&format!("/oidc/auth/{}", signed_in.sign_in_id)),
            )
        }
        Err(error) => refused(&app, visit, &id, request.identifier, &error).await,
    }
}

/// The form again, with what was wrong; other failures get the error page.
async fn refused(
    app: &App,
    visit: Visit,
    id: &SignInId,
    identifier: String,
    error: &Error,
) -> Response {
    let is_told_in_form = matches!(
        error.code(),
        ErrorCode::InvalidCredentials
            | ErrorCode::UserSuspended
            | ErrorCode::TooManyAttempts
            | ErrorCode::TooManyRequests
    ) || error.kind() == ErrorKind::Unavailable;
    if !is_told_in_form {
        return refusal(error.clone());
    }
    let view = match app.view_sign_in(id, &visit.cookies).await {
        Ok(view) => view,
        Err(_) => return refusal(error.clone()),
    };
    let visit = visit.with_ui_locales(&view.ui_locales);
    let mut shown = form(&visit, id, view, identifier);
    if matches!(
        error.code(),
        ErrorCode::TooManyAttempts | ErrorCode::TooManyRequests
    ) {
        shown.wait_seconds = error.retry_after_seconds();
    } else {
        let field = match error.code() {
            ErrorCode::InvalidCredentials => Field::Password,
            _ => Field::Form,
        };
        shown.error = Some(FormError::from_code(
            visit.language,
            field,
            error.code().as_str(),
            &[],
        ));
    }
    let status =
        StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    with_retry_after(
        error.retry_after_seconds(),
        page(&visit, status, shown.render()),
    )
}

fn form(visit: &Visit, id: &SignInId, view: SignInView, identifier: String) -> SignInPage {
    let here = place("sign-in", id);
    SignInPage {
        layout: visit.layout_at(&here),
        action: here,
        hidden: Vec::new(),
        identifier,
        identifiers: AcceptedIdentifiers::UsernameOrEmail,
        error: None,
        wait_seconds: None,
        register_href: Some(place("register", id)),
        application_name: view.application_name,
    }
}
