//! `/register/new`: an account with an address that has been proved.

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::{App, sign_in::ProvedRegistration};
use meibo_domain::{
    Error, ErrorCode, ErrorKind, Result,
    sign_in::{AddressProof, Intent},
};
use meibo_pages::{Field, ProvedAccountPage};

use super::{
    field,
    opened::{Opened, form_again, go_on},
    place,
    proof::{PROVED_ACCOUNT, address_form_again, address_page, visitor},
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
        None => see_other(&place(address_page(Intent::Register), &opened.id)),
    }
}

pub(super) async fn submit(State(app): State<App>, opened: Opened, Form(pairs): Form) -> Answer {
    let request = ProvedRegistration {
        visitor: visitor(&opened.visit, &opened.id),
        password: field(&pairs, "password"),
        has_agreed: !field(&pairs, "agreement").is_empty(),
        page_language: opened.visit.language.tag(),
    };
    match app.register_proved(&request).await {
        Ok(signed_in) => Ok(go_on(&opened.visit, signed_in)),
        Err(error) => Ok(again(&app, &opened, &error)?),
    }
}

fn proved(opened: &Opened) -> Option<&AddressProof> {
    opened.view.proof.as_ref().filter(|proof| {
        matches!(proof.intent, Intent::SignIn | Intent::Register) && proof.proved_at.is_some()
    })
}

/// # Errors
/// What belongs on the error page.
fn again(app: &App, opened: &Opened, error: &Error) -> Result<Response> {
    let is_told_here = matches!(
        error.code(),
        ErrorCode::PasswordRejected | ErrorCode::TermsNotAccepted
    ) || matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::TooMany);
    match proved(opened).filter(|_| is_told_here) {
        Some(proof) => {
            let mut shown = form(app, opened, proof);
            shown.errors = form_errors(opened.visit.language, Field::Form, error);
            Ok(form_again(&opened.visit, error, shown.render()))
        }
        None => address_form_again(opened, Intent::Register, String::new(), error),
    }
}

fn form(app: &App, opened: &Opened, proof: &AddressProof) -> ProvedAccountPage {
    let here = place(PROVED_ACCOUNT, &opened.id);
    let has_password = opened.view.ways.register_password;
    ProvedAccountPage {
        layout: opened.visit.layout_at(&here),
        action: here,
        hidden: Vec::new(),
        address: proof.recipient.to_string(),
        password_min_length: has_password.then(|| {
            app.password_policy_under(&opened.visit.experience)
                .min_length
        }),
        errors: Vec::new(),
        asks_agreement: opened.view.ways.register_agreement,
        other_address_href: place(address_page(proof.intent), &opened.id),
    }
}
