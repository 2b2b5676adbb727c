//! HTTP/1.1 and HTTP/2 on plain sockets: bind, accept with bounds, serve, and end without cutting anybody off.

mod bind;
mod connection;
mod server;
mod watchdog;
mod watched;

#[cfg(test)]
mod tests;

pub(crate) use self::bind::bind;
pub(crate) use self::server::{Ended, HttpServer};
