//! `/sign-in`: an identifier and a password.

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::{App, sign_in::PasswordSignIn};
use meibo_domain::{Error, ErrorCode, ErrorKind, Result};
use meibo_oauth::authorize::AskedIdentifiers;
use meibo_pages::{AcceptedIdentifiers, Field, FormError, SignInPage};

use super::{
    field,
    opened::{NamedSignIn, Opened, form_again, go_on, open},
    place,
};
use crate::{extract::Form, page::page, respond::Answer, visit::Visit};

pub(super) async fn show(opened: Opened) -> Response {
    let identifier = opened.view.login_hint.clone().unwrap_or_default();
    page(
        &opened.visit,
        StatusCode::OK,
        form(&opened, identifier).render(),
    )
}

pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    NamedSignIn(sign_in_id): NamedSignIn,
    Form(pairs): Form,
) -> Answer {
    let request = PasswordSignIn {
        sign_in_id,
        cookies: visit.cookies.clone(),
        identifier: field(&pairs, "identifier"),
        password: field(&pairs, "password"),
        address: visit.address,
        user_agent: visit.user_agent.clone(),
    };
    match app.sign_in_with_password(&request).await {
        Ok(signed_in) => Ok(go_on(&visit, signed_in)),
        Err(error) => Ok(reopen(&app, visit, &request, &error).await?),
    }
}

/// The form again, with what was wrong.
///
/// # Errors
/// What belongs on the error page.
async fn reopen(
    app: &App,
    visit: Visit,
    request: &PasswordSignIn,
    error: &Error,
) -> Result<Response> {
    let is_wait = matches!(
        error.code(),
        ErrorCode::TooManyAttempts | ErrorCode::TooManyRequests
    );
    let field = match error.code() {
        ErrorCode::InvalidCredentials => Field::Password,
        ErrorCode::UserSuspended => Field::Form,
        _ if is_wait || error.kind() == ErrorKind::Unavailable => Field::Form,
        _ => return Err(error.clone()),
    };
    let opened = open(app, visit, request.sign_in_id.clone())
        .await
        .map_err(|_| error.clone())?;
    let mut shown = form(&opened, request.identifier.clone());
    if is_wait {
        shown.wait_seconds = error.retry_after_seconds();
    } else {
        let code = error.code().as_str();
        shown.error = Some(FormError::from_code(
            opened.visit.language,
            field,
            code,
            &[],
        ));
    }
    Ok(form_again(&opened.visit, error, shown.render()))
}

fn form(opened: &Opened, identifier: String) -> SignInPage {
    let here = place("sign-in", &opened.id);
    SignInPage {
        layout: opened.visit.layout_at(&here),
        action: here,
        hidden: Vec::new(),
        identifier,
        identifiers: match opened.view.identifiers {
            AskedIdentifiers::Username => AcceptedIdentifiers::Username,
            AskedIdentifiers::Email => AcceptedIdentifiers::Email,
            AskedIdentifiers::Any => AcceptedIdentifiers::UsernameOrEmail,
        },
        error: None,
        wait_seconds: None,
        register_href: Some(place("register", &opened.id)),
        application_name: opened.view.application_name.clone(),
    }
}
