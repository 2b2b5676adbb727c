//! What handlers take from a request. Everything is bounded before it is parsed, and every refusal
//! is a [`Failure`](crate::respond::Failure) that names what was wrong.

mod accept_language;
mod bearer;
mod body;
mod caller;
mod client_address;
mod form;
mod json_body;
mod json_type;
mod pairs;
mod path;
mod query;
mod request_id;
mod strict_json;

pub use accept_language::AcceptLanguage;
pub use bearer::bearer_token;
pub use caller::Caller;
pub use client_address::ClientAddress;
pub use form::{Form, FormOrJson};
pub use json_body::JsonBody;
pub use meibo_domain::json_object::Object;
pub use path::{Path, Segment};
pub use query::Query;
pub use request_id::RequestId;

pub(crate) use bearer::authenticate;
pub(crate) use client_address::peer_address;
pub(crate) use json_type::read_object;
pub(crate) use request_id::RequestIds;
