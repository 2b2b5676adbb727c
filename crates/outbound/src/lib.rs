//! The guarded client: the only room that opens sockets outward.
//!
//! An address that a customer or an application typed must not become a door into the operator's own
//! network. A call goes to http and https only, without redirects and without proxies; every address
//! that a name resolves to is checked, and the connection is made to exactly the addresses that were
//! checked; a reply is bounded in time and size; and so is the number of calls under way.

mod address_kind;
mod allow;
mod bulkhead;
mod client;
mod error;
mod fault;
mod lookup;
mod messages;
mod reply;
mod request;
mod resolver;
mod target;
#[cfg(test)]
mod tests;

pub use address_kind::AddressKind;
pub use allow::{AllowError, OutboundAllow};
pub use client::{Outbound, OutboundConfig};
pub use error::{OutboundError, Refusal};
pub use lookup::{Lookup, system_lookup};
pub use messages::{Message, SendError};
pub use reply::OutboundReply;
pub use request::{Limits, OutboundRequest};
