//! The profile app between a browser and a stub of the identity server.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise, its helpers too"
)]

mod api;
mod both_models;
mod browser;
mod codes;
mod profile;
#[path = "../../../../crates/sdk/tests/sdk/signing.rs"]
mod signing;
mod signing_in;
#[path = "../../../../crates/sdk/tests/sdk/stub.rs"]
mod stub;
#[path = "../../../../crates/sdk/tests/sdk/stub_codes.rs"]
mod stub_codes;
#[path = "../../../../crates/sdk/tests/sdk/stub_users.rs"]
mod stub_users;
#[path = "../../../../crates/sdk/tests/sdk/wire.rs"]
mod wire;
