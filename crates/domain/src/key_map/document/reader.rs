//! A strict reader of JSON (RFC 8259): no member twice, bounded depth, nothing after the end.

use std::{borrow::Cow, collections::HashSet, fmt};

use super::{Json, Member};

/// How many objects and arrays may stand in each other, the outermost included.
pub const MAX_DEPTH: usize = crate::json::MAX_DEPTH;

/// So many members are compared in pairs; more are put into a set.
const FEW: usize = 8;

/// Why a text is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// It is longer than so many bytes.
    TooLong(usize),
    /// It has more than so many characters.
    TooManyCharacters(usize),
    /// It is not UTF-8 (RFC 8259 section 8.1).
    NotUtf8,
    /// It is not JSON from this byte on.
    NotJson(usize),
    /// Objects and arrays are nested deeper than 32.
    TooDeep,
    /// A name stands twice in one object; cut to 64 characters.
    DuplicateMember(String),
    /// A number is larger than a double holds (RFC 8259 section 6); it begins at this byte.
    NumberTooLarge(usize),
    /// It is JSON, but no object.
    NotAnObject,
}

impl Unusable {
    /// A stable word for it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::TooLong(_) => "too_long",
            Self::TooManyCharacters(_) => "too_many_characters",
            Self::NotUtf8 => "not_utf8",
            Self::NotJson(_) => "not_json",
            Self::TooDeep => "too_deep",
            Self::DuplicateMember(_) => "duplicate_member",
            Self::NumberTooLarge(_) => "number_too_large",
            Self::NotAnObject => "not_an_object",
        }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(bytes) => write!(formatter, "it is longer than {bytes} bytes"),
            Self::TooManyCharacters(characters) => {
                write!(formatter, "it has more than {characters} characters")
            }
            Self::NotUtf8 => formatter.write_str("it is not UTF-8"),
            Self::NotJson(at) => write!(formatter, "it is not JSON from byte {at} on"),
            Self::TooDeep => write!(formatter, "it is nested deeper than {MAX_DEPTH} levels"),
            Self::DuplicateMember(name) => write!(formatter, "the member {name:?} stands twice"),
            Self::NumberTooLarge(at) => {
                write!(formatter, "the number at byte {at} is larger than a double")
            }
            Self::NotAnObject => formatter.write_str("it is JSON, but no object"),
        }
    }
}

impl std::error::Error for Unusable {}

/// Reads one JSON text, in time linear in its length.
///
/// # Errors
/// What is wrong with the text; never [`Unusable::NotUtf8`], [`Unusable::NotAnObject`] or a length.
pub fn parse(text: &str) -> Result<Json<'_>, Unusable> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(MAX_DEPTH)?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.broken()),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    const fn broken(&self) -> Unusable {
        Unusable::NotJson(self.at)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes `byte` if it is next.
    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn demand(&mut self, byte: u8) -> Result<(), Unusable> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.broken())
        }
    }

    fn since(&self, start: usize) -> Result<&'a str, Unusable> {
        self.text.get(start..self.at).ok_or_else(|| self.broken())
    }

    fn value(&mut self, depth_left: usize) -> Result<Json<'a>, Unusable> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(depth_left),
            Some(b'[') => self.array(depth_left),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Json::Number),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.broken()),
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Unusable> {
        let is_next = self
            .text
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word));
        if !is_next {
            return Err(self.broken());
        }
        self.at += word.len();
        Ok(value)
    }

    fn object(&mut self, depth_left: usize) -> Result<Json<'a>, Unusable> {
        let depth_left = depth_left.checked_sub(1).ok_or(Unusable::TooDeep)?;
        self.at += 1;
        self.skip_space();
        let mut members = Vec::new();
        if self.take(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.skip_space();
            let name = self.string()?;
            self.skip_space();
            self.demand(b':')?;
            let value = self.value(depth_left)?;
            members.push(Member { name, value });
            self.skip_space();
            if !self.take(b',') {
                break;
            }
        }
        self.demand(b'}')?;
        match duplicate(&members) {
            Some(name) => Err(Unusable::DuplicateMember(name.chars().take(64).collect())),
            None => Ok(Json::Object(members)),
        }
    }

    fn array(&mut self, depth_left: usize) -> Result<Json<'a>, Unusable> {
        let depth_left = depth_left.checked_sub(1).ok_or(Unusable::TooDeep)?;
        self.at += 1;
        self.skip_space();
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(depth_left)?);
            self.skip_space();
            if !self.take(b',') {
                break;
            }
        }
        self.demand(b']')?;
        Ok(Json::Array(items))
    }

    /// Bytes that a string can hold as they are, from here on.
    fn plain(&mut self) -> Result<&'a str, Unusable> {
        let start = self.at;
        while let Some(byte) = self.peek() {
            if byte == b'"' || byte == b'\\' || byte < 0x20 {
                break;
            }
            self.at += 1;
        }
        self.since(start)
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Unusable> {
        self.demand(b'"')?;
        let head = self.plain()?;
        if self.take(b'"') {
            return Ok(Cow::Borrowed(head));
        }
        let mut text = head.to_owned();
        while !self.take(b'"') {
            self.demand(b'\\')?;
            text.push(self.escape()?);
            text.push_str(self.plain()?);
        }
        Ok(Cow::Owned(text))
    }

    /// What stands after a backslash (RFC 8259 section 7).
    fn escape(&mut self) -> Result<char, Unusable> {
        let escaped = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.code_point();
            }
            _ => return Err(self.broken()),
        };
        self.at += 1;
        Ok(escaped)
    }

    fn code_point(&mut self) -> Result<char, Unusable> {
        let first = self.hex4()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            self.demand(b'\\')?;
            self.demand(b'u')?;
            let second = self.hex4()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.broken());
            }
            0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.broken())
    }

    fn hex4(&mut self) -> Result<u32, Unusable> {
        let digits = self
            .text
            .get(self.at..self.at + 4)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .ok_or_else(|| self.broken())?;
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| self.broken())
    }

    fn number(&mut self) -> Result<&'a str, Unusable> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        let has_exponent = self.take(b'e') || self.take(b'E');
        if has_exponent {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        let text = self.since(start)?;
        // 300 digits without exponent are far below the largest double, about 1.8e308.
        let may_overflow = has_exponent || text.len() > 300;
        if may_overflow && !text.parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(Unusable::NumberTooLarge(start));
        }
        Ok(text)
    }

    fn digits(&mut self) -> Result<(), Unusable> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.broken());
        }
        Ok(())
    }
}

/// A name that stands twice.
fn duplicate<'m>(members: &'m [Member<'_>]) -> Option<&'m str> {
    if members.len() <= FEW {
        return members.iter().enumerate().find_map(|(at, member)| {
            let mut earlier = members.iter().take(at);
            earlier
                .any(|other| other.name == member.name)
                .then_some(&*member.name)
        });
    }
    let mut seen = HashSet::with_capacity(members.len());
    members
        .iter()
        .find(|member| !seen.insert(&*member.name))
        .map(|member| &*member.name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn nested(depth: usize) -> String {
        format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth))
    }

    #[test]
    fn a_document_is_read_whole() {
        let text =
            r#" {"a":[1,-2,1.5,true,null,false,"\u00e9\ud83d\ude00\n\/"],"b":{"a":{},"c":[ ]}} "#;
        let expected = json!({
            "a": [1, -2, 1.5, true, null, false, "é😀\n/"], "b": {"a": {}, "c": []}
        });
        assert_eq!(parse(text).unwrap().to_value(), expected);
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let many = |last: &str| {
            let members: String = (0..20).map(|at| format!(r#""m{at}":1,"#)).collect();
            format!("{{{members}\"{last}\":1}}")
        };
        for (text, expected) in [
            (String::new(), Unusable::NotJson(0)),
            ("{".into(), Unusable::NotJson(1)),
            ("{}{}".into(), Unusable::NotJson(2)),
            ("{} x".into(), Unusable::NotJson(3)),
            (r#"{"a":1,}"#.into(), Unusable::NotJson(7)),
            ("[1,]".into(), Unusable::NotJson(3)),
            ("{'a':1}".into(), Unusable::NotJson(1)),
            ("01".into(), Unusable::NotJson(1)),
            ("1.".into(), Unusable::NotJson(2)),
            ("-".into(), Unusable::NotJson(1)),
            ("1e+".into(), Unusable::NotJson(3)),
            ("NaN".into(), Unusable::NotJson(0)),
            ("nul".into(), Unusable::NotJson(0)),
            ("\u{feff}{}".into(), Unusable::NotJson(0)),
            ("\"\n\"".into(), Unusable::NotJson(1)),
            (r#""\x""#.into(), Unusable::NotJson(2)),
            (r#""\ud800""#.into(), Unusable::NotJson(7)),
            (r#""\udc00""#.into(), Unusable::NotJson(7)),
            (r#""\u00é""#.into(), Unusable::NotJson(3)),
            ("<html>".into(), Unusable::NotJson(0)),
            ("1e999".into(), Unusable::NumberTooLarge(0)),
            (
                format!("[{}]", "9".repeat(400)),
                Unusable::NumberTooLarge(1),
            ),
            (nested(MAX_DEPTH + 1), Unusable::TooDeep),
            ("[".repeat(100_000), Unusable::TooDeep),
            (
                r#"{"b":[{"a":1,"\u0061":2}]}"#.into(),
                Unusable::DuplicateMember("a".into()),
            ),
            (many("m7"), Unusable::DuplicateMember("m7".into())),
        ] {
            assert_eq!(parse(&text).unwrap_err(), expected, "{text:.60}");
        }
        assert!(parse(&many("other")).is_ok());
    }

    /// Equal but for the last bit of doubles, which the two readers may round differently.
    fn is_same(ours: &Value, theirs: &Value) -> bool {
        match (ours, theirs) {
            (Value::Number(ours), Value::Number(theirs)) if ours.is_f64() || theirs.is_f64() => {
                let (ours, theirs) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
                (ours - theirs).abs() <= ours.abs() * 1e-15
            }
            (Value::Array(ours), Value::Array(theirs)) => {
                ours.len() == theirs.len()
                    && ours
                        .iter()
                        .zip(theirs)
                        .all(|(ours, theirs)| is_same(ours, theirs))
            }
            (Value::Object(ours), Value::Object(theirs)) => {
                ours.len() == theirs.len()
                    && ours
                        .iter()
                        .zip(theirs)
                        .all(|((name, ours), (other, theirs))| {
                            name == other && is_same(ours, theirs)
                        })
            }
            _ => ours == theirs,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn it_reads_what_another_parser_reads(text in r#"[{}\[\]",:\\ua-f0-9 .eE+truns-]{0,24}"#) {
            let theirs = serde_json::from_str::<Value>(&text);
            match parse(&text) {
                Ok(ours) => prop_assert!(is_same(&ours.to_value(), &theirs.unwrap())),
                Err(Unusable::DuplicateMember(_)) => prop_assert!(theirs.is_ok()),
                Err(_) => prop_assert!(theirs.is_err()),
            }
        }

        #[test]
        fn strings_come_back(text in any::<String>()) {
            let written = json!({"a": [&text], &text: 1}).to_string();
            match parse(&written) {
                Ok(ours) => prop_assert_eq!(ours.to_value().to_string(), written),
                Err(why) => prop_assert_eq!((why.as_str(), &*text), ("duplicate_member", "a")),
            }
        }
    }
}
