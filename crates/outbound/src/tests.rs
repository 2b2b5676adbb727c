//! Calls against peers on this machine, kind and unkind.

mod connections;
mod names;
mod peer;
mod proxies;
mod replies;
