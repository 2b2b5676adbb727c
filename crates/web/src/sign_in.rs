//! The sign-in pages: `/sign-in`, `/register` and `/consent`. Plain forms that need no script.

mod consent;
mod entrance;
mod opened;
mod password;
mod register;

use axum::{Router, middleware, routing::get};
use meibo_app::App;
use meibo_domain::ids::SignInId;
use url::form_urlencoded;

use crate::state::AppState;

pub(crate) fn routes(app: App) -> Router<AppState> {
    Router::new()
        .route("/sign-in", get(password::show).post(password::submit))
        .route("/register", get(register::show).post(register::submit))
        .route("/consent", get(consent::show).post(consent::submit))
        .layer(middleware::from_fn_with_state(app, entrance::entrance))
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
