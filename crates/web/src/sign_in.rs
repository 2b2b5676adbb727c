//! The sign-in pages: `/sign-in`, `/register`, `/forgot-password` and `/consent`. Plain forms that need
//! no script.

mod address;
mod after_proof;
mod code;
mod consent;
mod entrance;
mod new_password;
mod opened;
mod password;
mod places;
mod proof;
mod proved_account;
mod register;

use axum::routing::get;
use meibo_domain::sign_in::Intent;

pub(crate) use self::{entrance::entrance, places::*};
use crate::page_routes::PageRoutes;

pub(crate) fn pages() -> PageRoutes {
    let pages = PageRoutes::default()
        .page(SIGN_IN, get(password::show).post(password::submit))
        .page(REGISTER, get(register::show).post(register::submit))
        .page(CONSENT, get(consent::show).post(consent::submit))
        .page(
            PROVED_ACCOUNT,
            get(proved_account::show).post(proved_account::submit),
        )
        .page(
            NEW_PASSWORD,
            get(new_password::show).post(new_password::submit),
        )
        .page(PASSWORD_CHANGED, get(new_password::done));
    Intent::ALL
        .iter()
        .fold(pages, |pages, intent| with_proof_of(*intent, pages))
}

/// The two pages that prove an address for `intent`.
fn with_proof_of(intent: Intent, pages: PageRoutes) -> PageRoutes {
    pages
        .page(
            address_page(intent),
            get(move |opened| address::show(intent, opened))
                .post(move |app, opened, form| address::submit(intent, app, opened, form)),
        )
        .page(
            code_page(intent),
            get(move |opened| code::show(intent, opened))
                .post(move |app, opened, form| code::submit(intent, app, opened, form)),
        )
}

/// A field of a form; absent means empty.
pub(crate) fn field(pairs: &[(String, String)], name: &str) -> String {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}
