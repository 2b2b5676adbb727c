//! What must hold of the product as a whole, as one test binary.
//!
//! `guards` hold the laws of the tree itself; `support` starts what tests lean on. The other modules mirror
//! the URL tree and the sections of the standards.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise, and stands outside of the server's rules for time and sockets"
)]

mod browser;
mod faults;
mod flows;
mod guards;
mod guides;
mod interop;
mod kill;
mod management_api;
mod oidc;
mod processes;
mod security;
mod sign_in;
mod support;
