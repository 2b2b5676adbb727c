//! Calls against peers on this machine, kind and unkind.

mod connections;
mod names;
pub(crate) mod peer;
mod proxies;
mod replies;
