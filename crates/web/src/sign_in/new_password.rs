//! `/forgot-password/new` and `/forgot-password/done`: another password for a proved address.

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::{App, sign_in::PasswordReset};
use meibo_domain::sign_in::{AddressProof, Intent};
use meibo_pages::{FormError, NewPasswordPage, PasswordChangedPage, RenderError};

use super::{
    after_proof::AfterProof,
    field,
    opened::{Opened, visitor},
    places::{NEW_PASSWORD, PASSWORD_CHANGED, SIGN_IN, place},
};
use crate::{
    extract::Form,
    page::{page, see_other},
    respond::Answer,
};

const PAGE: AfterProof = AfterProof {
    begins_with: Intent::ForgotPassword,
    proved_for: &[Intent::ForgotPassword],
    render,
};

pub(super) async fn show(State(app): State<App>, opened: Opened) -> Response {
    PAGE.show(&app, &opened)
}

pub(super) async fn submit(State(app): State<App>, opened: Opened, Form(pairs): Form) -> Answer {
    let request = PasswordReset {
        visitor: visitor(&opened.visit, &opened.id),
        password: field(&pairs, "password"),
    };
    match app.reset_password(&request).await {
        Ok(()) => Ok(see_other(&place(PASSWORD_CHANGED, &opened.id))),
        Err(error) => Ok(PAGE.again(&app, &opened, &error)?),
    }
}

pub(super) async fn done(opened: Opened) -> Response {
    let shown = PasswordChangedPage {
        layout: opened.visit.layout(),
        sign_in_href: place(SIGN_IN, &opened.id),
    };
    page(&opened.visit, StatusCode::OK, shown.render())
}

fn render(
    app: &App,
    opened: &Opened,
    proof: &AddressProof,
    errors: Vec<FormError>,
) -> Result<String, RenderError> {
    let here = place(NEW_PASSWORD, &opened.id);
    let policy = app.password_policy_under(&opened.visit.experience);
    let shown = NewPasswordPage {
        layout: opened.visit.layout_at(&here),
        action: here,
        address: proof.recipient.to_string(),
        password_min_length: policy.min_length,
        errors,
    };
    shown.render()
}
