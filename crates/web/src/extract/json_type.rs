//! From JSON to a typed body; what is wrong is told with the member's path.

use meibo_domain::{Error, json_object::Object};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

/// Reads `value` as a `T`.
///
/// # Errors
/// `guard.invalid_input` with the path of the first member that is missing or of a wrong type. The
/// value itself is not repeated: it may be a secret.
pub(super) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut path: Vec<String> = error.path().iter().filter_map(segment).collect();
        let text = error.inner().to_string();
        if let Some(name) = quoted_after(&text, "missing field ") {
            path.push(name.to_owned());
            return Error::invalid(path.join("."), "required", "this member is required");
        }
        let expected = text
            .split_once("expected ")
            .map_or("another value", |(_, rest)| in_json_words(rest));
        Error::invalid(path.join("."), "type", format!("expected {expected:.200}"))
    })
}

/// What was expected, in words of JSON instead of Rust.
fn in_json_words(expected: &str) -> &str {
    match expected {
        "i64" | "u64" | "i32" | "u32" | "usize" => "an integer",
        "a sequence" => "a list",
        "a map" => "an object",
        other => other,
    }
}

/// As [`from_value`], of the members of an object.
///
/// # Errors
/// As there.
pub(crate) fn read_object<T: DeserializeOwned>(members: Map<String, Value>) -> Result<T, Error> {
    from_value(Value::Object(members)).map(|Object(value)| value)
}

fn segment(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { variant } => Some(variant.clone()),
        Segment::Unknown => None,
    }
}

/// The word in backticks that follows `start`.
fn quoted_after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (word, _) = text
        .strip_prefix(start)?
        .strip_prefix('`')?
        .split_once('`')?;
    Some(word)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::extract::Object;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only read by the deserializer")]
    struct Body {
        name: String,
        #[serde(default)]
        is_on: Option<bool>,
        #[serde(default)]
        tags: Vec<String>,
        ttl: Option<i64>,
        #[serde(default)]
        inner: Option<Object<Inner>>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read by the deserializer")]
    struct Inner {
        #[serde(default)]
        city: Option<String>,
    }

    #[test]
    fn a_wrong_member_is_named() {
        for (value, path, rule) in [
            (json!({}), "name", "required"),
            (json!({"name": 5}), "name", "type"),
            (json!({"name": null}), "name", "type"),
            (json!({"name": "a", "isOn": "yes"}), "isOn", "type"),
            (json!({"name": "a", "tags": ["x", 1]}), "tags.1", "type"),
            (
                json!({"name": "a", "inner": {"city": []}}),
                "inner.city",
                "type",
            ),
            (json!({"name": "a", "inner": ["Tokyo"]}), "inner", "type"),
            (json!(["a"]), "", "type"),
            (json!("a"), "", "type"),
        ] {
            let error = from_value::<Object<Body>>(value.clone()).unwrap_err();
            let violation = &error.violations()[0];
            assert_eq!(
                (violation.path.as_str(), violation.rule),
                (path, rule),
                "{value}"
            );
        }
    }

    #[test]
    fn the_value_is_not_repeated() {
        for value in [
            json!({"name": 123_456}),
            json!({"name": "a", "isOn": "123456"}),
        ] {
            let error = from_value::<Object<Body>>(value).unwrap_err();
            assert!(!error.to_string().contains("123456"), "{error}");
            assert!(
                error.violations()[0].message.starts_with("expected a"),
                "{error}"
            );
        }
    }

    #[test]
    fn types_are_told_in_words_of_json() {
        for (value, message) in [
            (json!({"name": "a", "ttl": 1.5}), "expected an integer"),
            (json!({"name": "a", "tags": "x"}), "expected a list"),
            (json!({"name": "a", "inner": 1}), "expected an object"),
            (json!({"name": 1}), "expected a string"),
        ] {
            let error = from_value::<Object<Body>>(value).unwrap_err();
            assert_eq!(error.violations()[0].message, message);
        }
    }

    #[test]
    fn unknown_members_are_ignored() {
        assert!(from_value::<Object<Body>>(json!({"name": "a", "else": {"x": [1]}})).is_ok());
    }
}
