//! The SDK against a small server of the same wire contract.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise, its helpers too"
)]

mod access_token;
mod id_token;
mod management;
mod session;
mod sign_in;
mod signing;
mod stub;
mod stub_codes;
mod stub_users;
mod transport;
mod verification_codes;
mod wire;
