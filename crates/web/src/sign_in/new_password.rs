//! `/forgot-password/new` and `/forgot-password/done`: another password for a proved address.

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::{App, sign_in::PasswordReset};
use meibo_domain::{
    Error, ErrorCode, ErrorKind, Result,
    sign_in::{AddressProof, Intent},
};
use meibo_pages::{Field, NewPasswordPage, PasswordChangedPage};

use super::{
    field,
    opened::{Opened, form_again},
    place,
    proof::{NEW_PASSWORD, PASSWORD_CHANGED, address_form_again, address_page, visitor},
};
use crate::{
    account_form::form_errors,
    extract::Form,
    page::{page, see_other},
    respond::Answer,
};

pub(super) async fn show(State(app): State<App>, opened: Opened) -> Response {
    match proved(&opened) {
        Some(proof) => page(
            &opened.visit,
            StatusCode::OK,
            form(&app, &opened, proof).render(),
        ),
        None => see_other(&place(address_page(Intent::ForgotPassword), &opened.id)),
    }
}

pub(super) async fn submit(State(app): State<App>, opened: Opened, Form(pairs): Form) -> Answer {
    let request = PasswordReset {
        visitor: visitor(&opened.visit, &opened.id),
        password: field(&pairs, "password"),
    };
    match app.reset_password(&request).await {
        Ok(()) => Ok(see_other(&place(PASSWORD_CHANGED, &opened.id))),
        Err(error) => Ok(again(&app, &opened, &error)?),
    }
}

pub(super) async fn done(opened: Opened) -> Response {
    let shown = PasswordChangedPage {
        layout: opened.visit.layout(),
        sign_in_href: place("sign-in", &opened.id),
    };
    page(&opened.visit, StatusCode::OK, shown.render())
}

fn proved(opened: &Opened) -> Option<&AddressProof> {
    opened
        .view
        .proof
        .as_ref()
        .filter(|proof| proof.intent == Intent::ForgotPassword && proof.proved_at.is_some())
}

/// # Errors
/// What belongs on the error page.
fn again(app: &App, opened: &Opened, error: &Error) -> Result<Response> {
    let is_told_here = error.code() == ErrorCode::PasswordRejected
        || matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::TooMany);
    match proved(opened).filter(|_| is_told_here) {
        Some(proof) => {
            let mut shown = form(app, opened, proof);
            shown.errors = form_errors(opened.visit.language, Field::Form, error);
            Ok(form_again(&opened.visit, error, shown.render()))
        }
        None => address_form_again(opened, Intent::ForgotPassword, String::new(), error),
    }
}

fn form(app: &App, opened: &Opened, proof: &AddressProof) -> NewPasswordPage {
    let here = place(NEW_PASSWORD, &opened.id);
    NewPasswordPage {
        layout: opened.visit.layout_at(&here),
        action: here,
        hidden: Vec::new(),
        address: proof.recipient.to_string(),
        password_min_length: app
            .password_policy_under(&opened.visit.experience)
            .min_length,
        errors: Vec::new(),
    }
}
