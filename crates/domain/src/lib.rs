//! The nouns of Meibo and the rules that hold for them.
//!
//! Everything here is pure: no clock, no randomness, no database, no network. A rule takes loaded
//! state, a request and the present time, and gives a decision.

pub mod actor;
pub mod application;
pub mod code_guesses;
pub mod connector;
pub mod consent;
pub mod counter;
pub mod custom_data;
pub mod email;
pub mod error;
pub mod event;
pub mod grant;
pub mod ids;
pub mod job;
pub mod json;
pub mod json_object;
pub mod key_map;
pub mod linking;
pub mod lockout;
pub mod message;
pub mod message_limits;
pub mod message_send;
pub mod network;
pub mod page;
pub mod password;
pub mod patch;
pub mod phone;
pub mod profile;
pub mod property_source;
pub mod recipient;
pub mod redirect_uri;
pub mod resource;
pub mod role;
pub mod scope;
pub mod search;
pub mod server_custom_id;
pub mod session;
pub mod sign_in;
pub mod sign_in_experience;
pub mod signing_key;
pub mod storage_webhook;
pub mod text;
pub mod time;
pub mod user;
pub mod username;
pub mod verification_code;

pub use error::{Error, ErrorCode, ErrorKind};

/// What a rule or a use case gives when it can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;
