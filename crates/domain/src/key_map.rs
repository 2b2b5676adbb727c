//! The key map: which value of the operator's own data becomes which property of a person.
//!
//! A [`Reply`](reply::Reply) is read strictly, a [`KeyMap`](entry::KeyMap) is checked once, and
//! [`apply`](apply::apply) says what each entry did and what changes. All of it is pure and takes time
//! linear in the reply.

pub mod apply;
pub mod attributes;
pub mod changes;
pub mod coerce;
pub mod coverage;
pub mod document;
pub mod entry;
pub mod find;
pub mod key;
pub mod oidc_claims;
pub mod path;
pub mod preview;
pub mod property;
pub mod reason;
pub mod redact;
pub mod reference;
pub mod replay;
pub mod reply;
pub mod suggest;
pub mod token_claims;
pub mod user_details;
pub mod value;
pub mod version;
pub mod words;
#[cfg(test)]
mod worked_example;
