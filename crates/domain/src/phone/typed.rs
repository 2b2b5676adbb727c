//! A phone number in whatever spelling people type, to E.164.

use phonenumber::{
    Mode,
    country::{Id, Source},
    metadata::DATABASE,
};
use unicode_normalization::UnicodeNormalization as _;

use super::{PhoneNumber, country::country_of_language, is_short};
use crate::{Error, ErrorCode, Result};

/// The longest text that is looked at, in bytes.
const MAX_TYPED: usize = 128;

impl PhoneNumber {
    /// Reads a number as people type it: digits of any width with spaces, hyphens, dots, slashes and
    /// parentheses. After `+`, `00` or the country's own international prefix it begins with a
    /// country code; otherwise it is one of the country that `language_tag` (BCP 47: `ja`, `en-GB`)
    /// speaks of, with that country's trunk prefix or without.
    ///
    /// # Errors
    /// `guard.invalid_input` for `phone`: by the rule `phone` when it is no number, by
    /// `phone_country` when it could be of several countries or nothing tells its country;
    /// `request.recipient_not_allowed` for emergency and other short numbers.
    pub fn parse_typed(text: &str, language_tag: &str) -> Result<Self> {
        let (has_plus, digits) = read(text).ok_or_else(no_number)?;
        if is_short(&digits) {
            return Err(ErrorCode::RecipientNotAllowed.into());
        }
        if has_plus {
            return international(&digits).ok_or_else(no_number);
        }
        let country = country_of_language(language_tag);
        let [usual, unusual] = readings(&digits, country);
        let found = if usual.is_empty() { unusual } else { usual };
        match (found.as_slice(), country) {
            ([number], _) => Ok(number.clone()),
            ([], Some(_)) => Err(no_number()),
            _ => Err(Error::invalid(
                "phone",
                "phone_country",
                "a phone number that begins with + and the country code",
            )),
        }
    }
}

/// Is there a leading `+`, and which digits follow? `None` when there is anything else in it.
fn read(text: &str) -> Option<(bool, String)> {
    if text.len() > MAX_TYPED {
        return None;
    }
    let (mut has_plus, mut digits) = (false, String::new());
    for character in text.nfkc() {
        match character {
            '0'..='9' => digits.push(character),
            '+' if digits.is_empty() && !has_plus => has_plus = true,
            _ if separates(character) => {}
            _ => return None,
        }
    }
    (!digits.is_empty()).then_some((has_plus, digits))
}

/// What stands between digits, also what a telephone's address book copies along unseen.
fn separates(character: char) -> bool {
    matches!(
        character,
        '-' | '.' | '(' | ')' | '/'
        | '\u{2010}'..='\u{2015}' | '\u{2212}' // hyphens, dashes, minus
        | '\u{30FC}' // the Japanese mark for a long vowel, on the key of the hyphen
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    ) || character.is_whitespace() && !character.is_control()
}

/// What digits without `+` can mean: as one would usually write it, and otherwise.
fn readings(digits: &str, country: Option<Id>) -> [Vec<PhoneNumber>; 2] {
    let [mut usual, mut unusual] = [Vec::new(), Vec::new()];
    let add = |readings: &mut Vec<PhoneNumber>, number: Option<PhoneNumber>| {
        readings.extend(number.filter(|number| !readings.contains(number)));
    };
    if let Some(country) = country
        && let Ok(number) = phonenumber::parse(Some(country), digits)
    {
        match number.code().source() {
            Source::Idd => add(&mut usual, PhoneNumber::of_valid(&number)),
            Source::Default if digits.starts_with("00") => {}
            Source::Default if is_as_usual(digits, &number, country) => {
                add(&mut usual, PhoneNumber::of_valid(&number));
            }
            Source::Default => add(&mut unusual, PhoneNumber::of_valid(&number)),
            Source::Plus | Source::Number => {}
        }
    }
    if let Some(rest) = digits.strip_prefix("00") {
        add(&mut usual, international(rest));
    }
    add(&mut unusual, international(digits));
    [usual, unusual]
}

/// Is the number written as its country writes it: with the trunk prefix 0 where there is one,
/// unless numbers of this kind go without?
fn is_as_usual(digits: &str, number: &phonenumber::PhoneNumber, country: Id) -> bool {
    let plan = DATABASE.by_id(country.as_ref());
    if plan.and_then(|plan| plan.national_prefix()) != Some("0") || digits.starts_with('0') {
        return true;
    }
    let national = number.format().mode(Mode::National).to_string();
    let written = national.chars().filter(char::is_ascii_digit);
    written.eq(digits.chars())
}

/// The number of a country code and what follows it.
fn international(digits: &str) -> Option<PhoneNumber> {
    let number = phonenumber::parse(None, format!("+{digits}")).ok()?;
    PhoneNumber::of_valid(&number)
}

fn no_number() -> Error {
    Error::invalid(
        "phone",
        "phone",
        "a phone number; one of another country begins with + and its country code",
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_spellings() {
        for (text, language, expected) in [
            ("090-1234-5678", "ja", "+819012345678"),
            ("０９０ー１２３４ー５６７８", "ja", "+819012345678"),
            ("０９０－１２３４－５６７８", "ja-JP", "+819012345678"),
            (" 090 1234 5678 ", "ja", "+819012345678"),
            ("(090) 1234.5678", "ja", "+819012345678"),
            ("9012345678", "ja", "+819012345678"),
            ("819012345678", "ja", "+819012345678"),
            ("03-1234-5678", "ja", "+81312345678"),
            ("+81 90 1234 5678", "en-US", "+819012345678"),
            ("＋８１ ９０ １２３４ ５６７８", "de", "+819012345678"),
            ("+81 (0)90-1234-5678", "en", "+819012345678"),
            ("\u{202A}+81 90-1234-5678\u{202C}", "ja", "+819012345678"),
            ("0081 90 1234 5678", "de", "+819012345678"),
            ("011 81 90 1234 5678", "en-US", "+819012345678"),
            ("010 1 415 555 2671", "ja", "+14155552671"),
            ("(415) 555-2671", "en-US", "+14155552671"),
            ("1 415 555 2671", "en-US", "+14155552671"),
            ("415.555.2671", "en", "+14155552671"),
            ("07400 123456", "en-GB", "+447400123456"),
            ("020 7946 0958", "en_GB", "+442079460958"),
            ("0151 23456789", "de", "+4915123456789"),
            ("06 12 34 56 78", "fr", "+33612345678"),
            ("06 6982 1234", "it", "+390669821234"),
            ("312 345 6789", "it-IT", "+393123456789"),
            ("010-2345-6789", "ko", "+821023456789"),
            ("138 0013 8000", "zh-Hans", "+8613800138000"),
            ("15102345678", "zh", "+8615102345678"),
            ("11 96123-4567", "pt-BR", "+5511961234567"),
            ("98765 43210", "en-IN", "+919876543210"),
            ("8 912 345-67-89", "ru", "+79123456789"),
            ("0912 345 678", "zh-Hant", "+886912345678"),
            ("5123 4567", "zh-Hant-HK", "+85251234567"),
        ] {
            let number = PhoneNumber::parse_typed(text, language);
            assert_eq!(number.unwrap().as_str(), expected, "{text} {language}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_refused() {
        for (text, language, rule) in [
            ("", "ja", "phone"),
            ("-", "ja", "phone"),
            ("abc", "ja", "phone"),
            ("090-1234-567x", "ja", "phone"),
            ("090-1234-5678\r\n", "ja", "phone"),
            ("090-1234-5678\0", "ja", "phone"),
            ("090-1234-56789012", "ja", "phone"),
            ("++819012345678", "ja", "phone"),
            ("81+9012345678", "ja", "phone"),
            ("020 7946 0958", "en-US", "phone"),
            ("+999 1234 5678", "ja", "phone"),
            ("090-1234-5678", "", "phone_country"),
            ("090-1234-5678", "tlh", "phone_country"),
            ("55 1234 5678", "es-419", "phone_country"),
            // 009 is how Korea calls New Zealand; with 00 others call Iraq.
            ("00964212652971", "ko", "phone_country"),
            // Tokyo without its 0, or Luxembourg without its +.
            ("352793517", "ja", "phone_country"),
            (&"0".repeat(1000), "ja", "phone"),
        ] {
            let error = PhoneNumber::parse_typed(text, language).unwrap_err();
            let rules: Vec<_> = error
                .violations()
                .iter()
                .map(|violation| violation.rule)
                .collect();
            assert_eq!(rules, [rule], "{text} {language} {error}");
        }
    }

    #[test]
    fn short_numbers_are_not_written_to() {
        for text in [
            "110",
            "119",
            "911",
            "112",
            "999",
            "+81110",
            "+1 911",
            "１１０",
            "116117",
        ] {
            for language in ["ja", "en-US", "en-GB", ""] {
                let error = PhoneNumber::parse_typed(text, language).unwrap_err();
                assert_eq!(
                    error.code(),
                    ErrorCode::RecipientNotAllowed,
                    "{text} {language}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_gives_an_international_number_or_none(
            text in "\\PC{0,8}[+0-9０-９() .-]{0,24}", language in "[a-z]{2,3}(-[A-Z]{2})?"
        ) {
            if let Ok(number) = PhoneNumber::parse_typed(&text, &language) {
                prop_assert_eq!(PhoneNumber::parse(number.as_str()).unwrap(), number);
            }
        }

        #[test]
        fn spaces_and_hyphens_change_nothing(digits in "\\+?[0-9]{0,16}", places in prop::collection::vec(0..18_usize, 0..4)) {
            let mut spaced: Vec<char> = digits.chars().collect();
            for place in places {
                spaced.insert(place.min(spaced.len()), if place % 2 == 0 { ' ' } else { '-' });
            }
            let spaced: String = spaced.into_iter().collect();
            let parse = |text: &str| PhoneNumber::parse_typed(text, "ja").map_err(|error| error.code());
            prop_assert_eq!(parse(&spaced), parse(&digits));
        }
    }
}
