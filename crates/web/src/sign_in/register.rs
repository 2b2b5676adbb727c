//! `/register`: a username and a password.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use meibo_app::{
    App,
    sign_in::{Registration, SignInView},
};
use meibo_domain::{Error, ErrorCode, ErrorKind, ids::SignInId};
use meibo_pages::{Field, RegisterPage};

use super::{field, place, sign_in_id};
use crate::{
    account_form::form_errors,
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
            page(
                &visit,
                StatusCode::OK,
                form(&app, &visit, &id, view, String::new()).render(),
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
    let request = Registration {
        sign_in_id: id.clone(),
        cookies: visit.cookies.clone(),
        username: field(&pairs, "username"),
        password: field(&pairs, "password"),
        address: visit.address,
        request_id: visit.request_id.as_str().to_owned(),
    };
    match app.register(&request).await {
        Ok(signed_in) => {
            let cookie = visit.cookie_names.set_session(signed_in.session_token);
            with_cookie(
                cookie,
                see_other(&format!("/oidc/auth/{}", signed_in.sign_in_id)),
            )
        }
        Err(error) => refused(&app, visit, &id, request.username, &error).await,
    }
}

/// The form again, with what was wrong; other failures get the error page.
async fn refused(
    app: &App,
    visit: Visit,
    id: &SignInId,
    username: String,
    error: &Error,
) -> Response {
    let is_told_in_form = matches!(
        error.code(),
        ErrorCode::InvalidInput
            | ErrorCode::PasswordRejected
            | ErrorCode::UsernameInUse
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
    let mut shown = form(app, &visit, id, view, username);
    shown.errors = form_errors(visit.language, Field::Username, error);
    let status =
        StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    with_retry_after(
        error.retry_after_seconds(),
        page(&visit, status, shown.render()),
    )
}

fn form(
    app: &App,
    visit: &Visit,
    id: &SignInId,
    view: SignInView,
    username: String,
) -> RegisterPage {
    let here = place("register", id);
    RegisterPage {
        layout: visit.layout_at(&here),
        action: here,
        hidden: Vec::new(),
        username,
        password_min_length: app.password_policy().min_length,
        errors: Vec::new(),
        sign_in_href: Some(place("sign-in", id)),
        application_name: view.application_name,
    }
}
