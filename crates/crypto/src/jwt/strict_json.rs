//! JSON objects without the readings that differ between parsers: no member twice, bounded depth, nothing after the end.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How many objects and arrays may stand in each other, the outermost included.
const MAX_DEPTH: usize = 32;

/// The object that `bytes` is, or `None` when it is anything else.
pub(super) fn parse_object(bytes: &[u8]) -> Option<Map<String, Value>> {
    let mut input = serde_json::Deserializer::from_slice(bytes);
    let value = Strict {
        depth_left: MAX_DEPTH,
    }
    .deserialize(&mut input)
    .ok()?;
    input.end().ok()?;
    match value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct Strict {
    depth_left: usize,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let depth_left = self
            .depth_left
            .checked_sub(1)
            .ok_or_else(|| E::custom("nested too deep"))?;
        Ok(Self { depth_left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(inner)?;
            if object.insert(name, value).is_some() {
                return Err(Error::custom("a member stands twice"));
            }
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn nested(depth: usize) -> String {
        format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth))
    }

    #[test]
    fn an_object_is_read_whole() {
        let text = r#" {"a":[1,-2,1.5,true,null,"\u00e9"],"b":{"a":{}}} "#;
        let expected = json!({"a": [1, -2, 1.5, true, null, "é"], "b": {"a": {}}});
        assert_eq!(
            parse_object(text.as_bytes()).map(Value::Object),
            Some(expected)
        );
        assert!(parse_object(nested(MAX_DEPTH).as_bytes()).is_some());
    }

    #[test]
    fn ambiguous_deep_and_broken_texts_are_refused() {
        let too_deep = nested(MAX_DEPTH + 1);
        let brackets = "[".repeat(100_000);
        for text in [
            "",
            "null",
            "[]",
            "1",
            "\"{}\"",
            "{}{}",
            "{} x",
            "{",
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"b":[{"a":1,"a":2}]}"#,
            r#"{"a":1,}"#,
            r#"{'a':1}"#,
            r#"{"a":01}"#,
            r#"{"a":1e999}"#,
            r#"{"a":NaN}"#,
            r#"{"a":"\ud800"}"#,
            "{\"a\":\"\n\"}",
            "\u{feff}{}",
            &too_deep,
            &brackets,
        ] {
            assert!(parse_object(text.as_bytes()).is_none(), "{text:.60}");
        }
        assert!(parse_object(b"{\"a\":\"\xff\"}").is_none());
    }

    proptest! {
        #[test]
        fn what_it_reads_is_what_the_plain_parser_reads(text in r#"[{}\[\]",:a-c0-9 .e-]{0,24}"#) {
            if let Some(read) = parse_object(text.as_bytes()) {
                prop_assert_eq!(Value::Object(read), serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
