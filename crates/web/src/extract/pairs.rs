//! Names and values as queries and forms write them (`application/x-www-form-urlencoded`).

use std::borrow::Cow;

use meibo_domain::{Error, ErrorCode};
use percent_encoding::percent_decode;

/// What one list of pairs may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Bytes before decoding.
    pub(super) bytes: usize,
    /// Pairs.
    pub(super) pairs: usize,
}

/// Decodes pairs in their order; names may repeat.
///
/// A `%` that begins no escape stands for itself, as browsers have it.
///
/// # Errors
/// `request.invalid_input` for more than the limits, for bytes that are not UTF-8 and for NUL.
pub(super) fn parse_pairs(text: &[u8], limits: Limits) -> Result<Vec<(String, String)>, Error> {
    let refused = |detail: String| Error::new(ErrorCode::InvalidRequest).detail(detail);
    if text.len() > limits.bytes {
        return Err(refused(format!(
            "at most {} bytes of parameters",
            limits.bytes
        )));
    }
    let mut pairs = Vec::new();
    for part in text
        .split(|byte| *byte == b'&')
        .filter(|part| !part.is_empty())
    {
        if pairs.len() == limits.pairs {
            return Err(refused(format!("at most {} parameters", limits.pairs)));
        }
        let equals = part
            .iter()
            .position(|byte| *byte == b'=')
            .unwrap_or(part.len());
        let (name, value) = part.split_at_checked(equals).unwrap_or((part, b""));
        let name = decode(name).ok_or_else(|| {
            refused("the name of a parameter is not UTF-8 or has a NUL".to_owned())
        })?;
        let value = decode(value.strip_prefix(b"=").unwrap_or(value)).ok_or_else(|| {
            refused(format!(
                "the parameter {name:.64} is not UTF-8 or has a NUL"
            ))
        })?;
        pairs.push((name, value));
    }
    Ok(pairs)
}

fn decode(part: &[u8]) -> Option<String> {
    let spaced: Cow<'_, [u8]> = if part.contains(&b'+') {
        part.iter()
            .map(|byte| if *byte == b'+' { b' ' } else { *byte })
            .collect()
    } else {
        part.into()
    };
    let text = String::from_utf8(percent_decode(&spaced).collect()).ok()?;
    (!text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits {
        bytes: 64,
        pairs: 4,
    };

    fn parse(text: &str) -> Result<Vec<(String, String)>, ErrorCode> {
        parse_pairs(text.as_bytes(), LIMITS).map_err(|error| error.code())
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn pairs_and_what_they_decode_to() {
        for (text, expected) in [
            ("", &[][..]),
            ("&&", &[]),
            ("a=1&a=2", &[("a", "1"), ("a", "2")]),
            ("a", &[("a", "")]),
            ("=", &[("", "")]),
            ("a=b=c", &[("a", "b=c")]),
            ("a=+%20%2B", &[("a", "  +")]),
            ("%E5%90%8D=%e7%b0%bf", &[("名", "簿")]),
            ("search=%kw%", &[("search", "%kw%")]),
        ] {
            assert_eq!(parse(text), Ok(pairs(expected)), "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        let many = "a&".repeat(5);
        let long = "a".repeat(65);
        for text in [
            "a=%ff",
            "%c3%28=1",
            "a=%00",
            "a\0=1",
            "a=%ED%A0%80",
            &many,
            &long,
        ] {
            assert_eq!(parse(text), Err(ErrorCode::InvalidRequest), "{text}");
        }
    }

    proptest! {
        #[test]
        fn encoded_pairs_come_back(list in prop::collection::vec(("[a-z]{1,3}", "[^\0]{0,4}"), 0..4)) {
            let text = serde_urlencoded::to_string(&list).unwrap();
            let limits = Limits { bytes: 4096, pairs: 4 };
            prop_assert_eq!(parse_pairs(text.as_bytes(), limits).unwrap(), list);
        }

        #[test]
        fn any_bytes_give_pairs_or_a_refusal(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = parse_pairs(&bytes, LIMITS).map_err(|error| assert_eq!(error.code(), ErrorCode::InvalidRequest));
        }
    }
}
