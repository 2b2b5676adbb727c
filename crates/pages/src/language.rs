//! The languages of the pages, and which one a reader gets.

/// Ranges of an `Accept-Language` header that are looked at; the rest is ignored.
const MAX_RANGES: usize = 32;

/// A language that every page is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, when nothing else is asked for.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// The BCP 47 tag, for `lang` attributes, `ui_locales` and the language cookie.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// The name of the language in the language itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ja => "日本語",
        }
    }

    /// The language of a tag or range, by its primary subtag: `ja-JP` is Japanese.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The best language of an `Accept-Language` header (RFC 9110 12.5.4), if there is one.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        preferred(header)
    }

    /// Chooses the reader's language: the first known tag of `ui_locales` (OpenID Connect Core
    /// 3.1.2.1), else the `cookie` that an earlier choice left, else the best range of the
    /// `Accept-Language` header (RFC 9110 12.5.4), else English.
    #[must_use]
    pub fn negotiate<S: AsRef<str>>(
        ui_locales: &[S],
        cookie: Option<&str>,
        accept_language: Option<&str>,
    ) -> Self {
        ui_locales
            .iter()
            .find_map(|tag| Self::from_tag(tag.as_ref()))
            .or_else(|| cookie.and_then(Self::from_tag))
            .or_else(|| accept_language.and_then(preferred))
            .unwrap_or_default()
    }
}

/// The language with the highest weight in an `Accept-Language` header; the earlier range wins a
/// tie, and `*` stands for every language that is not named.
fn preferred(header: &str) -> Option<Language> {
    let ranges: Vec<(&str, u16)> = header
        .split(',')
        .take(MAX_RANGES)
        .filter_map(weighted)
        .collect();
    let wildcard = ranges.iter().position(|(range, _)| *range == "*");
    Language::ALL
        .into_iter()
        .filter_map(|language| {
            let named = ranges
                .iter()
                .position(|(range, _)| Language::from_tag(range) == Some(language));
            let place = named.or(wildcard)?;
            let (_, weight) = ranges.get(place)?;
            (*weight > 0).then_some((language, *weight, place))
        })
        // `min_by_key` keeps the first of equals, so languages under one `*` keep their own order.
        .min_by_key(|(_, weight, place)| (std::cmp::Reverse(*weight), *place))
        .map(|(language, _, _)| language)
}

/// One range and its weight in thousandths; nothing when the weight is malformed.
fn weighted(part: &str) -> Option<(&str, u16)> {
    let mut pieces = part.split(';').map(str::trim);
    let range = pieces.next().filter(|range| !range.is_empty())?;
    let weight = pieces.find_map(|piece| {
        piece
            .strip_prefix("q=")
            .or_else(|| piece.strip_prefix("Q="))
    });
    match weight {
        None => Some((range, 1000)),
        Some(text) => thousandths(text).map(|weight| (range, weight)),
    }
}

/// `0.8` is 800: a qvalue of RFC 9110 12.4.2.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match (whole, fraction) {
        ("0", _) => Some(fraction),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOTHING: [&str; 0] = [];

    #[test]
    fn the_header_decides_by_weight_then_place() {
        for (header, expected) in [
            ("ja", Language::Ja),
            ("ja-JP, en;q=0.9", Language::Ja),
            ("en-GB,en;q=0.9,ja;q=0.8", Language::En),
            ("en;q=0.5, ja;q=0.6", Language::Ja),
            ("fr, de;q=0.9, ja;q=0.1", Language::Ja),
            ("JA_jp", Language::Ja),
            ("*", Language::En),
            ("*, en;q=0", Language::Ja),
            ("*;q=0.5, ja;q=0.1", Language::En),
            ("ja;q=0", Language::En),
            ("ja;q=2", Language::En),
            ("ja;q=0.1234", Language::En),
            ("ja;q=-1, en;q=0.1", Language::En),
            ("jam", Language::En),
            ("fr", Language::En),
            (",;,", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(
                Language::negotiate(&NOTHING, None, Some(header)),
                expected,
                "{header:?}"
            );
        }
    }

    #[test]
    fn the_request_comes_before_the_cookie_before_the_header() {
        assert_eq!(
            Language::negotiate(&["fr-CA", "ja"], Some("en"), Some("en")),
            Language::Ja
        );
        assert_eq!(
            Language::negotiate(&["fr"], Some("ja"), Some("en")),
            Language::Ja
        );
        assert_eq!(
            Language::negotiate(&["fr"], Some("tlh"), Some("ja")),
            Language::Ja
        );
        assert_eq!(Language::negotiate(&NOTHING, None, None), Language::En);
    }

    #[test]
    fn ranges_beyond_the_limit_are_ignored() {
        let header = format!("{}ja", "fr,".repeat(MAX_RANGES));
        assert_eq!(
            Language::negotiate(&NOTHING, None, Some(&header)),
            Language::En
        );
    }

    proptest! {
        #[test]
        fn any_input_gives_a_language(header in ".{0,200}", cookie in ".{0,20}", tag in ".{0,20}") {
            let language = Language::negotiate(&[tag], Some(&cookie), Some(&header));
            prop_assert!(Language::ALL.contains(&language));
        }

        #[test]
        fn a_known_tag_is_found_with_any_region(region in "[A-Z]{2}") {
            for language in Language::ALL {
                prop_assert_eq!(Language::from_tag(&format!("{}-{region}", language.tag())), Some(language));
            }
        }
    }
}
