//! The use cases: who may, load, decide, save, answer.
//!
//! Every surface (OIDC, Management API, pages, command line, jobs) calls one function of [`App`]
//! for one use case. A rule is in the domain, SQL is in the store; here they meet.

mod access;
mod activity;
mod address_throttle;
pub mod api_resources;
mod app;
pub mod application_secrets;
pub mod applications;
mod audit;
mod background;
mod browser_origins;
mod cache;
mod client_keys;
mod clients;
mod config;
pub mod connectors;
mod counters;
pub mod grants;
mod inbox;
mod jobs;
mod key_ring;
mod known_resources;
mod management_access;
pub mod messages;
pub mod oidc;
mod outcome;
mod passwords;
pub mod secret_key;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod sign_in_experience;
mod signing_keys;
mod startup;
pub mod users;
pub mod verification_codes;

pub use app::App;
pub use background::BackgroundTasks;
pub use config::{AppConfig, SecretKeySource, SignInRate, StartError};
