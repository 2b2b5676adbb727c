//! The business's own data on a user or an application: a bounded JSON object.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Error, Result, json::check_json};

/// The most bytes that one object may have as compact JSON.
pub const MAX_BYTES: usize = 64 * 1024;

/// A JSON object of at most 64 KiB and 32 levels.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomData(Map<String, Value>);

impl CustomData {
    /// Takes an object within the bounds.
    ///
    /// # Errors
    /// `guard.invalid_input` with the path of what is wrong.
    pub fn parse(members: Map<String, Value>) -> Result<Self> {
        let value = Value::Object(members);
        check_json("customData", &value)?;
        if value.to_string().len() > MAX_BYTES {
            return Err(Error::invalid(
                "customData",
                "too_long",
                format!("at most {MAX_BYTES} bytes of JSON"),
            ));
        }
        match value {
            Value::Object(members) => Ok(Self(members)),
            _ => Ok(Self::default()),
        }
    }

    /// A shallow merge: members of `other` replace those of the same name, null included.
    ///
    /// # Errors
    /// `guard.invalid_input` when the result is out of bounds.
    pub fn merge(&self, other: Map<String, Value>) -> Result<Self> {
        let mut members = self.0.clone();
        members.extend(other);
        Self::parse(members)
    }

    /// The members.
    #[must_use]
    pub const fn members(&self) -> &Map<String, Value> {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn merge_is_shallow_and_bounded() {
        let data = CustomData::parse(object(&json!({"a": {"x": 1}, "b": 2}))).unwrap();
        let merged = data
            .merge(object(&json!({"a": {"y": 1}, "c": null})))
            .unwrap();
        assert_eq!(
            Value::Object(merged.members().clone()),
            json!({"a": {"y": 1}, "b": 2, "c": null})
        );
        assert!(
            merged
                .merge(object(&json!({"d": "x".repeat(MAX_BYTES)})))
                .is_err()
        );
    }
}
