//! A member of custom data: any JSON value, kept as it is.

use serde_json::Value;

use super::super::{document::Json, reason::Reason};
use crate::{custom_data::MAX_BYTES, json::check_json};

pub(super) fn coerce(json: &Json<'_>) -> Result<Value, Reason> {
    if !json.is_exact() {
        return Err(Reason::NotExact);
    }
    // Inside an array, for inside the user's custom data it stands one level deeper too.
    let inside = Value::Array(vec![json.to_value()]);
    check_json("", &inside).map_err(|_| Reason::TooLarge)?;
    match inside {
        Value::Array(items) => items.into_iter().next(),
        _ => None,
    }
    .filter(|value| !may_be_large(json) || value.to_string().len() <= MAX_BYTES)
    .ok_or(Reason::TooLarge)
}

const fn may_be_large(json: &Json<'_>) -> bool {
    !matches!(json, Json::Bool(_) | Json::Number(_))
}
