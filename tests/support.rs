//! What tests lean on: real databases and a real browser, never doubles of our own code.

pub(crate) mod answer;
pub(crate) mod assertion;
pub(crate) mod browser;
pub(crate) mod chromium;
pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod demo;
pub(crate) mod fixtures;
pub(crate) mod inbox;
pub(crate) mod passwordless;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod relying_party;
pub(crate) mod server;
pub(crate) mod tampering;
pub(crate) mod tokens;
