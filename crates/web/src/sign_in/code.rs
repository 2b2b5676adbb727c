//! `/sign-in/code/verify`, `/register/code/verify`, `/forgot-password/verify`: the code that was sent.

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::{
    App,
    sign_in::{CodeSubmission, Proved},
};
use meibo_domain::{Error, ErrorCode, Result, sign_in::Intent};
use meibo_pages::{CodePage, Field};

use super::{
    field,
    opened::{Opened, form_again, go_on, visitor},
    places::{NEW_PASSWORD, PROVED_ACCOUNT, address_page, code_page, place},
    proof::{address_form_again, is_passing, said_at},
};
use crate::{
    extract::Form,
    page::{page, see_other},
    respond::Answer,
};

/// Without a code under way the page for the address is the place to be.
pub(super) async fn show(intent: Intent, opened: Opened) -> Response {
    let sent = opened.view.proof.as_ref();
    match sent.filter(|proof| proof.intent == intent && proof.proved_at.is_none()) {
        Some(proof) => {
            let html = form(&opened, intent, proof.recipient.to_string()).render();
            page(&opened.visit, StatusCode::OK, html)
        }
        None => see_other(&place(address_page(intent), &opened.id)),
    }
}

pub(super) async fn submit(
    intent: Intent,
    State(app): State<App>,
    opened: Opened,
    Form(pairs): Form,
) -> Answer {
    let request = CodeSubmission {
        visitor: visitor(&opened.visit, &opened.id),
        intent,
        recipient: field(&pairs, "identifier"),
        code: field(&pairs, "code"),
        has_agreed: !field(&pairs, "agreement").is_empty(),
        page_language: opened.visit.language.tag(),
    };
    Ok(match app.prove_address(&request).await {
        Ok(Proved::SignedIn(signed_in)) => go_on(&opened.visit, signed_in),
        Ok(Proved::AskForAccount) => see_other(&place(PROVED_ACCOUNT, &opened.id)),
        Ok(Proved::AskForPassword) => see_other(&place(NEW_PASSWORD, &opened.id)),
        Err(error) => again(&opened, &request, &error)?,
    })
}

/// The page again while there is a code to be typed; the page for the address when another is needed.
///
/// # Errors
/// What belongs on the error page.
fn again(opened: &Opened, request: &CodeSubmission, error: &Error) -> Result<Response> {
    let intent = request.intent;
    let field = match error.code() {
        ErrorCode::VerificationCodeMismatch
        | ErrorCode::VerificationCodeNotFound
        | ErrorCode::VerificationCodeExpired
        | ErrorCode::VerificationCodeTooManyTries
        | ErrorCode::VerificationCodeEmailMismatch
        | ErrorCode::VerificationCodePhoneMismatch => Field::Code,
        ErrorCode::TermsNotAccepted => Field::Form,
        _ if is_passing(error) => Field::Form,
        _ => return address_form_again(opened, intent, request.recipient.clone(), error),
    };
    let mut shown = form(opened, intent, request.recipient.clone());
    shown.error = Some(said_at(opened, field, error));
    Ok(form_again(&opened.visit, error, shown.render()))
}

fn form(opened: &Opened, intent: Intent, address: String) -> CodePage {
    let here = place(code_page(intent), &opened.id);
    let other = place(address_page(intent), &opened.id);
    CodePage {
        layout: opened.visit.layout_at(&here),
        action: here,
        hidden: vec![("identifier".to_owned(), address.clone())],
        address,
        error: None,
        asks_agreement: intent == Intent::SignIn
            && opened.visit.experience.asks_agreement_at_sign_in(),
        resend_action: other.clone(),
        other_address_href: other,
    }
}
