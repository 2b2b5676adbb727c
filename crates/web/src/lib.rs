//! The HTTP surface: a request is read, a use case of `meibo_app` is called, its answer is written.
//!
//! No rule lives here. [`routes`] has the one table that routes, OpenAPI document and authorization
//! come from; [`extract`] what handlers take, bounded; [`respond`] what they give. Around everything
//! lies the edge: ids, limits, errors, headers, log and metrics.

mod account_form;
mod api_reference;
mod assets;
mod brand;
mod cookies;
mod edge;
mod error_table;
pub mod extract;
mod health;
mod home;
mod inbox;
pub mod management_api;
mod oidc;
mod openapi;
mod page;
mod page_routes;
mod reader_language;
pub mod respond;
mod router;
pub mod routes;
mod same_site;
mod setup;
mod sign_in;
mod state;
mod visit;

pub use error_table::error_table;
pub use openapi::openapi_document;
pub use page_routes::page_paths;
pub use router::router;
pub use state::{AppState, WebConfig};
