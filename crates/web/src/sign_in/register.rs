//! `/register`: a username and a password.

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::{App, sign_in::Registration};
use meibo_domain::{Error, ErrorCode, ErrorKind, Result, sign_in::Intent};
use meibo_pages::{Field, RegisterPage};

use super::{
    field,
    opened::{NamedSignIn, Opened, form_again, go_on, open, visitor},
    places::{REGISTER, SIGN_IN, address_page, place},
};
use crate::{
    account_form::form_errors,
    extract::Form,
    page::{page, see_other},
    respond::Answer,
    visit::Visit,
};

pub(super) async fn show(State(app): State<App>, opened: Opened) -> Response {
    let ways = &opened.view.ways;
    if !ways.register_username && ways.register.is_any() {
        return see_other(&place(address_page(Intent::Register), &opened.id));
    }
    page(
        &opened.visit,
        StatusCode::OK,
        form(&app, &opened, String::new()).render(),
    )
}

pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    NamedSignIn(sign_in_id): NamedSignIn,
    Form(pairs): Form,
) -> Answer {
    let request = Registration {
        visitor: visitor(&visit, &sign_in_id),
        username: field(&pairs, "username"),
        password: field(&pairs, "password"),
        language: visit.language.tag(),
        has_agreed: !field(&pairs, "agreement").is_empty(),
    };
    match app.register(&request).await {
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
    request: &Registration,
    error: &Error,
) -> Result<Response> {
    let is_told_in_form = matches!(
        error.code(),
        ErrorCode::InvalidInput
            | ErrorCode::PasswordRejected
            | ErrorCode::UsernameInUse
            | ErrorCode::TooManyRequests
            | ErrorCode::TermsNotAccepted
    ) || error.kind() == ErrorKind::Unavailable;
    if !is_told_in_form {
        return Err(error.clone());
    }
    let opened = open(app, visit, request.visitor.sign_in_id.clone())
        .await
        .map_err(|_| error.clone())?;
    let mut shown = form(app, &opened, request.username.clone());
    shown.errors = form_errors(opened.visit.language, Field::Username, error);
    Ok(form_again(&opened.visit, error, shown.render()))
}

fn form(app: &App, opened: &Opened, username: String) -> RegisterPage {
    let here = place(REGISTER, &opened.id);
    RegisterPage {
        layout: opened.visit.layout_at(&here),
        action: here,
        username,
        password_min_length: app
            .password_policy_under(&opened.visit.experience)
            .min_length,
        errors: Vec::new(),
        address_href: opened
            .view
            .ways
            .register
            .is_any()
            .then(|| place(address_page(Intent::Register), &opened.id)),
        sign_in_href: opened
            .visit
            .experience
            .is_sign_in_open()
            .then(|| place(SIGN_IN, &opened.id)),
        asks_agreement: opened.visit.experience.asks_agreement_at_registration(),
        application_name: opened.view.application_name.clone(),
    }
}
