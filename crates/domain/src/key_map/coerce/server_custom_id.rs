//! An id on the operator's server: a string or an integer, digit for digit as it was written.

use super::super::{
    document::{Json, is_integer},
    reason::Reason,
};
use crate::server_custom_id::ServerCustomId;

pub(super) fn coerce(json: &Json<'_>) -> Result<String, Reason> {
    let text = match json {
        Json::Text(text) => &**text,
        Json::Number(text) if is_integer(text) => text,
        Json::Number(_) => return Err(Reason::NotAnInteger),
        _ => return Err(Reason::WrongType),
    };
    ServerCustomId::parse(text)
        .map(String::from)
        .map_err(|_| Reason::WrongCharacters)
}
