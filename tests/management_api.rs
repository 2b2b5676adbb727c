//! `/api`: every operation, good and bad, on every setup.

mod application_secrets;
mod applications;
mod audit;
mod authorization;
mod bad_bodies;
mod bad_requests;
mod connectors;
mod credentials;
mod document;
mod grants;
mod health;
mod lists;
mod operations;
mod races;
mod resources;
mod schema;
mod scopes;
mod secrecy;
mod secret_key;
mod sessions;
mod sign_in_experience;
mod signing_keys;
mod user_data;
mod users;
