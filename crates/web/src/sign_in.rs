//! The sign-in pages: `/sign-in`, `/register`, `/forgot-password` and `/consent`. Plain forms that need
//! no script.

mod address;
mod code;
mod consent;
mod entrance;
mod new_password;
mod opened;
mod password;
mod proof;
mod proved_account;
mod register;

use axum::{Router, middleware, routing::get};
use meibo_app::App;
use meibo_domain::{ids::SignInId, sign_in::Intent};
use url::form_urlencoded;

use crate::state::AppState;

pub(crate) fn routes(app: App) -> Router<AppState> {
    let proofs = Intent::ALL.iter().fold(Router::new(), |router, intent| {
        router.merge(proof_routes(*intent))
    });
    proofs
        .route("/sign-in", get(password::show).post(password::submit))
        .route("/register", get(register::show).post(register::submit))
        .route("/consent", get(consent::show).post(consent::submit))
        .route(
            &format!("/{}", proof::PROVED_ACCOUNT),
            get(proved_account::show).post(proved_account::submit),
        )
        .route(
            &format!("/{}", proof::NEW_PASSWORD),
            get(new_password::show).post(new_password::submit),
        )
        .route(
            &format!("/{}", proof::PASSWORD_CHANGED),
            get(new_password::done),
        )
        .layer(middleware::from_fn_with_state(app, entrance::entrance))
}

/// The two pages that prove an address for `intent`.
fn proof_routes(intent: Intent) -> Router<AppState> {
    Router::new()
        .route(
            &format!("/{}", proof::address_page(intent)),
            get(move |opened| address::show(intent, opened))
                .post(move |app, opened, form| address::submit(intent, app, opened, form)),
        )
        .route(
            &format!("/{}", proof::code_page(intent)),
            get(move |opened| code::show(intent, opened))
                .post(move |app, opened, form| code::submit(intent, app, opened, form)),
        )
}

/// The address of a page of a sign-in.
pub(crate) fn place(page: &str, id: &SignInId) -> String {
    let id: String = form_urlencoded::byte_serialize(id.as_str().as_bytes()).collect();
    format!("/{page}?id={id}")
}

/// A field of a form; absent means empty.
pub(crate) fn field(pairs: &[(String, String)], name: &str) -> String {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}
