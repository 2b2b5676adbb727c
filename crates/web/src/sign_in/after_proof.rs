//! What the pages share that go on with a proved address: the way to them, and the form once more.

use axum::{http::StatusCode, response::Response};
use meibo_app::App;
use meibo_domain::{
    Error, ErrorCode, ErrorKind, Result,
    sign_in::{AddressProof, Intent},
};
use meibo_pages::{Field, FormError, RenderError};

use super::{
    opened::{Opened, form_again},
    places::{address_page, place},
    proof::address_form_again,
};
use crate::{
    account_form::form_errors,
    page::{page, see_other},
};

/// A page that asks for what is still missing after an address was proved.
pub(super) struct AfterProof {
    /// Where people begin who have proved nothing.
    pub(super) begins_with: Intent,
    /// What the address may have been proved for.
    pub(super) proved_for: &'static [Intent],
    /// The page for a proved address, with what was wrong.
    pub(super) render: Render,
}

type Render = fn(&App, &Opened, &AddressProof, Vec<FormError>) -> Result<String, RenderError>;

impl AfterProof {
    /// The page; without a proof the way to one.
    pub(super) fn show(&self, app: &App, opened: &Opened) -> Response {
        match self.proved(opened) {
            Some(proof) => page(
                &opened.visit,
                StatusCode::OK,
                (self.render)(app, opened, proof, Vec::new()),
            ),
            None => see_other(&place(address_page(self.begins_with), &opened.id)),
        }
    }

    /// The page again with what was wrong; that for the address when another proof is needed.
    ///
    /// # Errors
    /// What belongs on the error page.
    pub(super) fn again(&self, app: &App, opened: &Opened, error: &Error) -> Result<Response> {
        let is_told_here = matches!(
            error.code(),
            ErrorCode::PasswordRejected | ErrorCode::TermsNotAccepted
        ) || matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::TooMany);
        match self.proved(opened).filter(|_| is_told_here) {
            Some(proof) => {
                let errors = form_errors(opened.visit.language, Field::Form, error);
                let html = (self.render)(app, opened, proof, errors);
                Ok(form_again(&opened.visit, error, html))
            }
            None => address_form_again(opened, self.begins_with, String::new(), error),
        }
    }

    fn proved<'o>(&self, opened: &'o Opened) -> Option<&'o AddressProof> {
        let proof = opened.view.proof.as_ref();
        proof.filter(|proof| self.proved_for.contains(&proof.intent) && proof.proved_at.is_some())
    }
}
