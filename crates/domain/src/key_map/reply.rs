//! The reply of the operator's storage: bytes in, a bounded JSON object or a named reason out.

use serde_json::{Map, Value};

use super::document::{self, Json, Member, Unusable};

/// The most bytes of a reply, unless the operator says otherwise.
pub const MAX_BYTES: usize = 64 * 1024;

/// The limit in characters that the compatibility switch sets.
pub const COMPATIBLE_CHARACTERS: usize = 1_000;

/// How large a reply may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyLimits {
    /// Bytes.
    pub bytes: usize,
    /// Unicode scalar values, when these are limited too.
    pub characters: Option<usize>,
}

impl Default for ReplyLimits {
    fn default() -> Self {
        Self {
            bytes: MAX_BYTES,
            characters: None,
        }
    }
}

/// A usable reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply<'a> {
    text: &'a str,
    root: Json<'a>,
}

impl<'a> Reply<'a> {
    /// Reads a body. An empty one, and one of white space only, is an object without members.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn parse(bytes: &'a [u8], limits: ReplyLimits) -> Result<Self, Unusable> {
        if bytes.len() > limits.bytes {
            return Err(Unusable::TooLong(limits.bytes));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Unusable::NotUtf8)?;
        if let Some(most) = limits.characters
            && text.chars().nth(most).is_some()
        {
            return Err(Unusable::TooManyCharacters(most));
        }
        let root = if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() {
            Json::Object(Vec::new())
        } else {
            document::parse(text)?
        };
        match root {
            Json::Object(_) => Ok(Self { text, root }),
            _ => Err(Unusable::NotAnObject),
        }
    }

    /// The whole reply as a JSON value.
    #[must_use]
    pub const fn root(&self) -> &Json<'a> {
        &self.root
    }

    /// The members at the top level.
    #[must_use]
    pub fn members(&self) -> &[Member<'a>] {
        match &self.root {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// The text that was read.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The whole reply, as `partner_data` carries it; absent when it has no members.
    #[must_use]
    pub fn partner_data(&self) -> Option<Map<String, Value>> {
        Some(document::object(self.members())).filter(|members| !members.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> &'static str {
        let limits = ReplyLimits::default();
        Reply::parse(bytes, limits).unwrap_err().as_str()
    }

    #[test]
    fn what_is_no_object_is_refused_by_its_reason() {
        for (body, reason) in [
            (&b"null"[..], "not_an_object"),
            (b"[]", "not_an_object"),
            (b"\"{}\"", "not_an_object"),
            (b"7", "not_an_object"),
            (b"<!doctype html>", "not_json"),
            (b"{\"a\":\"\xff\"}", "not_utf8"),
            (b"{\"a\":1,\"a\":1}", "duplicate_member"),
            (b"{\"a\":1e400}", "number_too_large"),
            (&[b' '; MAX_BYTES + 1], "too_long"),
        ] {
            assert_eq!(refusal(body), reason);
        }
    }

    #[test]
    fn an_empty_body_is_an_empty_object() {
        for body in ["", "\n", "{}", " { } "] {
            let reply = Reply::parse(body.as_bytes(), ReplyLimits::default()).unwrap();
            assert!(reply.members().is_empty());
            assert_eq!(reply.partner_data(), None);
        }
    }

    #[test]
    fn the_limit_in_characters_counts_characters() {
        let limits = ReplyLimits {
            characters: Some(COMPATIBLE_CHARACTERS),
            ..ReplyLimits::default()
        };
        let body = |letters: usize| format!("{{\"a\":\"{}\"}}", "あ".repeat(letters));
        let around = body(0).len();
        assert!(Reply::parse(body(COMPATIBLE_CHARACTERS - around).as_bytes(), limits).is_ok());
        assert_eq!(
            Reply::parse(body(COMPATIBLE_CHARACTERS - around + 1).as_bytes(), limits),
            Err(Unusable::TooManyCharacters(COMPATIBLE_CHARACTERS))
        );
    }
}
