//! The register's database: the only crate that knows SQL.
//!
//! [`db`] is the engine-independent core. Every other module is one family of tables: functions
//! that read take a [`db::Db`], functions that write add guarded statements to a [`db::Batch`],
//! which a use case commits as a whole.

pub mod activity_log;
pub mod api_resources;
pub mod applications;
pub mod audit_log;
pub mod client_assertions;
mod conflict;
pub mod connectors;
pub mod consents;
pub mod counters;
pub mod data_keys;
pub mod db;
pub mod expiry;
pub mod grants;
pub mod inbox;
pub mod jobs;
pub mod live_tokens;
pub mod message_sends;
pub mod migrations;
pub mod resealing;
pub mod revoked_tokens;
pub mod roles;
pub mod sessions;
pub mod settings;
pub mod sign_in_attempts;
pub mod sign_ins;
pub mod signing_keys;
pub mod statement_list;
pub mod users;
mod users_search;
pub mod verification_codes;
