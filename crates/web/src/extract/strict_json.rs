//! JSON read strictly: what two readers could understand differently is refused, and what no part
//! of the register takes never gets further.

use std::fmt;

use meibo_domain::{Error, ErrorCode};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The deepest nesting of a body: that of free-form data and a few levels around it.
const MAX_DEPTH: usize = meibo_domain::json::MAX_DEPTH + 4;

/// Reads one JSON text.
///
/// # Errors
/// `request.malformed_json` for what is not JSON in UTF-8 (RFC 8259 section 8.1);
/// `guard.invalid_input` with the member's path for nesting deeper than 36 levels, for NUL in a
/// string or name, and for a name that occurs twice in one object.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Error> {
    let malformed = |detail: String| Error::new(ErrorCode::MalformedJson).detail(detail);
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8".to_owned()))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut fault = None;
    let node = Node {
        depth_left: MAX_DEPTH,
        fault: &mut fault,
    };
    let value = node.deserialize(&mut deserializer);
    if let Some(fault) = fault {
        return Err(fault);
    }
    let value = value.and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| {
        malformed(format!(
            "it breaks off at line {}, column {}",
            error.line(),
            error.column()
        ))
    })
}

/// One value on its way into memory. Serde's errors are text, so ours wait beside it in `fault`,
/// and every level that is left puts its name before the path, cut to 64 characters.
struct Node<'a> {
    depth_left: usize,
    fault: &'a mut Option<Error>,
}

impl Node<'_> {
    fn refuse<T, E: serde::de::Error>(self, error: Error) -> Result<T, E> {
        *self.fault = Some(error);
        Err(E::custom("refused"))
    }

    fn check_text<E: serde::de::Error>(&mut self, text: &str) -> Result<(), E> {
        if !text.contains('\0') {
            return Ok(());
        }
        let fault = Error::invalid("", "control_character", "NUL is not taken");
        Node {
            depth_left: 0,
            fault: self.fault,
        }
        .refuse(fault)
    }

    /// Reads a member or item by `read`, which gets the node below this one.
    fn below<T, E>(
        &mut self,
        name: impl fmt::Display,
        read: impl FnOnce(Node<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let depth_left = self.depth_left.saturating_sub(1);
        let value = read(Node {
            depth_left,
            fault: self.fault,
        });
        if let Some(fault) = self.fault.take() {
            *self.fault = Some(fault.within(&format!("{name:.64}")));
        }
        value
    }

    fn check_depth<E: serde::de::Error>(&mut self) -> Result<(), E> {
        if self.depth_left > 0 {
            return Ok(());
        }
        let fault = Error::invalid("", "too_deep", format!("at most {MAX_DEPTH} levels"));
        Node {
            depth_left: 0,
            fault: self.fault,
        }
        .refuse(fault)
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
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

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: serde::de::Error>(mut self, text: String) -> Result<Value, E> {
        self.check_text(&text)?;
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut values = Vec::new();
        while let Some(value) = self.below(values.len(), |node| items.next_element_seed(node))? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut values = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            self.check_text(&name)?;
            let value = self.below(&name, |node| members.next_value_seed(node))?;
            if values.contains_key(&name) {
                return self.refuse(Error::invalid(
                    format!("{name:.64}"),
                    "duplicate",
                    "the member occurs twice",
                ));
            }
            values.insert(name, value);
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn refusal(text: &[u8]) -> (ErrorCode, String) {
        let error = parse(text).unwrap_err();
        let path = error
            .violations()
            .first()
            .map(|violation| violation.path.clone());
        (error.code(), path.unwrap_or_default())
    }

    #[test]
    fn what_is_not_json() {
        for bad in [
            "",
            " ",
            "{",
            "{]",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "'a'",
            "nul",
            "01",
            "1 2",
            "{} {}",
            "\u{feff}{}",
            "\"\\ud800\"",
            "\"\n\"",
            "NaN",
            "1e999",
        ] {
            assert_eq!(refusal(bad.as_bytes()).0, ErrorCode::MalformedJson, "{bad}");
        }
        assert_eq!(refusal(b"\"\xff\"").0, ErrorCode::MalformedJson);
        assert_eq!(
            refusal(b"{\"a\":\"\xed\xa0\x80\"}").0,
            ErrorCode::MalformedJson
        );
    }

    #[test]
    fn what_is_refused_is_named() {
        for (text, path) in [
            (r#"{"a":{"b":[0,"x\u0000"]}}"#, "a.b.1"),
            (r#"{"a":{"k\u0000":1}}"#, "a"),
            (r#"{"a":{"b":1,"b":2}}"#, "a.b"),
            (r#"{"a":1,"\u0061":2}"#, "a"),
            ("\"\\u0000\"", ""),
        ] {
            let expected = (ErrorCode::InvalidInput, path.to_owned());
            assert_eq!(refusal(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_long_name_is_cut_in_the_path() {
        let name = "x".repeat(10_000);
        for text in [
            format!(r#"{{"{name}":"\u0000"}}"#),
            format!(r#"{{"{name}":1,"{name}":2}}"#),
        ] {
            assert_eq!(refusal(text.as_bytes()).1, "x".repeat(64));
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(
            refusal(nested(MAX_DEPTH + 1).as_bytes()).0,
            ErrorCode::InvalidInput
        );
        assert_eq!(
            refusal("[".repeat(200_000).as_bytes()).0,
            ErrorCode::InvalidInput
        );
        assert_eq!(
            refusal("{\"a\":".repeat(50_000).as_bytes()).0,
            ErrorCode::InvalidInput
        );
    }

    #[test]
    fn the_rest_is_what_it_is() {
        let text = r#" {"z":1,"a":[true,null,-2,1.5,"é\n"],"n":18446744073709551615} "#;
        let expected = json!({"z": 1, "a": [true, null, -2, 1.5, "é\n"], "n": u64::MAX});
        assert_eq!(parse(text.as_bytes()).unwrap(), expected);
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_value_or_a_refusal(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(value) = parse(&bytes) {
                prop_assert_eq!(value, serde_json::from_slice::<Value>(&bytes).unwrap());
            }
        }

        #[test]
        fn strings_come_back(text in "[^\0]{0,40}") {
            let written = json!({"a": [text]});
            prop_assert_eq!(parse(written.to_string().as_bytes()).unwrap(), written);
        }
    }
}
