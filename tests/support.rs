//! What tests lean on: real databases and a real browser, never doubles of our own code.

pub(crate) mod chromium;
pub(crate) mod postgres;
