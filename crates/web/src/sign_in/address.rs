//! `/sign-in/code`, `/register/code`, `/forgot-password`: the address that a code is sent to.

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::{App, sign_in::CodeSending};
use meibo_domain::{ErrorCode, sign_in::Intent};

use super::{
    field,
    opened::{Opened, visitor},
    places::{SIGN_IN, address_page, code_page, place},
    proof::{address_form, address_form_again},
};
use crate::{
    extract::Form,
    page::{page, see_other},
    respond::Answer,
};

pub(super) async fn show(intent: Intent, opened: Opened) -> Answer {
    let typed = opened.view.login_hint.clone().unwrap_or_default();
    if !opened.view.ways.channels(intent).is_any() {
        return match intent {
            Intent::SignIn => {
                let closed = ErrorCode::SignInMethodNotEnabled.into();
                Ok(address_form_again(&opened, intent, typed, &closed)?)
            }
            // An application may have led here; signing in is still possible.
            Intent::Register | Intent::ForgotPassword => Ok(see_other(&place(SIGN_IN, &opened.id))),
        };
    }
    let html = address_form(&opened, intent, typed).render();
    Ok(page(&opened.visit, StatusCode::OK, html))
}

pub(super) async fn submit(
    intent: Intent,
    State(app): State<App>,
    opened: Opened,
    Form(pairs): Form,
) -> Answer {
    let typed = field(&pairs, "identifier");
    if let Some(elsewhere) = from_password_page(intent, &opened, &pairs, &typed) {
        return Ok(elsewhere);
    }
    let request = CodeSending {
        visitor: visitor(&opened.visit, &opened.id),
        intent,
        typed: typed.clone(),
        page_language: opened.visit.language.tag(),
        asked_language: opened.visit.asked_language().map(|language| language.tag()),
    };
    match app.send_sign_in_code(&request).await {
        Ok(()) => Ok(see_other(&place(code_page(intent), &opened.id))),
        Err(error) => Ok(address_form_again(&opened, intent, typed, &error)?),
    }
}

/// The form of the password page is posted here by its second button. When nothing was typed there,
/// the page for the address asks.
fn from_password_page(
    intent: Intent,
    opened: &Opened,
    pairs: &[(String, String)],
    typed: &str,
) -> Option<Response> {
    let is_from_there = pairs.iter().any(|(name, _)| name == "password");
    (is_from_there && typed.trim().is_empty())
        .then(|| see_other(&place(address_page(intent), &opened.id)))
}
