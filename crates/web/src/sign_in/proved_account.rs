//! `/register/new`: an account with an address that has been proved.

use axum::{extract::State, response::Response};
use meibo_app::{App, sign_in::ProvedRegistration};
use meibo_domain::sign_in::{AddressProof, Intent};
use meibo_pages::{FormError, ProvedAccountPage, RenderError};

use super::{
    after_proof::AfterProof,
    field,
    opened::{Opened, go_on, visitor},
    places::{PROVED_ACCOUNT, address_page, place},
};
use crate::{extract::Form, respond::Answer};

const PAGE: AfterProof = AfterProof {
    begins_with: Intent::Register,
    proved_for: &[Intent::SignIn, Intent::Register],
    render,
};

pub(super) async fn show(State(app): State<App>, opened: Opened) -> Response {
    PAGE.show(&app, &opened)
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
        Err(error) => Ok(PAGE.again(&app, &opened, &error)?),
    }
}

fn render(
    app: &App,
    opened: &Opened,
    proof: &AddressProof,
    errors: Vec<FormError>,
) -> Result<String, RenderError> {
    let here = place(PROVED_ACCOUNT, &opened.id);
    let policy = app.password_policy_under(&opened.visit.experience);
    let shown = ProvedAccountPage {
        layout: opened.visit.layout_at(&here),
        action: here,
        address: proof.recipient.to_string(),
        password_min_length: opened
            .view
            .ways
            .register_password
            .then_some(policy.min_length),
        errors,
        asks_agreement: opened.view.ways.register_agreement,
        other_address_href: place(address_page(proof.intent), &opened.id),
    };
    shown.render()
}
