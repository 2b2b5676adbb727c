//! A JSON document as it was written: numbers keep their digits, members their order.
//!
//! `serde_json::Value` rounds a number beyond 64 bits and forgets how it was written. An id in a
//! reply must not change by a digit, so replies are read by a parser of their own.

mod reader;

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

pub use self::reader::{MAX_DEPTH, Unusable, parse};

/// A JSON value that borrows what it can from the text.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was written, in the grammar of RFC 8259 section 6 and within a double's range.
    Number(&'a str),
    /// A string, unescaped.
    Text(Cow<'a, str>),
    /// An array.
    Array(Vec<Json<'a>>),
    /// An object; every name stands once.
    Object(Vec<Member<'a>>),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member<'a> {
    /// Its name, unescaped.
    pub name: Cow<'a, str>,
    /// Its value.
    pub value: Json<'a>,
}

/// The type of a JSON value.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl<'a> Json<'a> {
    /// Its type.
    #[must_use]
    pub const fn json_type(&self) -> JsonType {
        match self {
            Self::Null => JsonType::Null,
            Self::Bool(_) => JsonType::Boolean,
            Self::Number(_) => JsonType::Number,
            Self::Text(_) => JsonType::String,
            Self::Array(_) => JsonType::Array,
            Self::Object(_) => JsonType::Object,
        }
    }

    /// The member `name` of an object; absent in everything else.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Json<'a>> {
        match self {
            Self::Object(members) => member(members, name),
            _ => None,
        }
    }

    /// As `serde_json` holds it. Integers beyond 64 bits and fractions become the nearest double, as
    /// with every other reader; [`Json::is_exact`] tells.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(text) => number(text).map_or(Value::Null, Value::Number),
            Self::Text(text) => Value::String(text.clone().into_owned()),
            Self::Array(items) => Value::Array(items.iter().map(Json::to_value).collect()),
            Self::Object(members) => Value::Object(object(members)),
        }
    }

    /// Does [`Json::to_value`] keep every integer to the last digit?
    #[must_use]
    pub fn is_exact(&self) -> bool {
        match self {
            Self::Number(text) => {
                !is_integer(text) || text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok()
            }
            Self::Array(items) => items.iter().all(Json::is_exact),
            Self::Object(members) => members.iter().all(|member| member.value.is_exact()),
            Self::Null | Self::Bool(_) | Self::Text(_) => true,
        }
    }
}

/// The member `name`; each name stands at most once.
#[must_use]
pub fn member<'r, 'a>(members: &'r [Member<'a>], name: &str) -> Option<&'r Json<'a>> {
    members
        .iter()
        .find(|member| member.name == name)
        .map(|member| &member.value)
}

/// The members as `serde_json` holds them; see [`Json::to_value`].
#[must_use]
pub fn object(members: &[Member<'_>]) -> Map<String, Value> {
    members
        .iter()
        .map(|member| (member.name.clone().into_owned(), member.value.to_value()))
        .collect()
}

/// Was a JSON number written without fraction and exponent?
#[must_use]
pub fn is_integer(number: &str) -> bool {
    !number
        .bytes()
        .any(|byte| matches!(byte, b'.' | b'e' | b'E'))
}

fn number(text: &str) -> Option<Number> {
    if is_integer(text) && text != "-0" {
        if let Ok(number) = text.parse::<u64>() {
            return Some(number.into());
        }
        if let Ok(number) = text.parse::<i64>() {
            return Some(number.into());
        }
    }
    text.parse().ok().and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_kept_as_written_and_say_when_a_double_rounds_them() {
        for (text, value, is_exact) in [
            ("1", json!(1), true),
            ("-7", json!(-7), true),
            ("1.50", json!(1.5), true),
            ("9007199254740993", json!(9_007_199_254_740_993_u64), true),
            ("18446744073709551615", json!(u64::MAX), true),
            (
                "18446744073709551616",
                json!(18_446_744_073_709_551_616.0),
                false,
            ),
            (
                "-9223372036854775809",
                json!(-9_223_372_036_854_775_809.0),
                false,
            ),
            ("0.1", json!(0.1), true),
            ("1e20", json!(1e20), true),
        ] {
            let json = parse(text).unwrap();
            assert_eq!(json, Json::Number(text));
            assert_eq!(json.to_value(), value, "{text}");
            assert_eq!(json.is_exact(), is_exact, "{text}");
        }
        let nested = parse(r#"{"a":[{"b":18446744073709551616}]}"#).unwrap();
        assert!(!nested.is_exact());
    }
}
