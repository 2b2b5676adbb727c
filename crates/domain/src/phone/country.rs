//! Countries of phone numbers: that of a number, and that of who speaks a language.

use phonenumber::country::Id;

use super::PhoneNumber;

/// A country or territory of ISO 3166-1 that has phone numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Country(Id);

impl Country {
    /// The country of a code of two letters (`JP`), large or small.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let is_code = code.len() == 2;
        is_code
            .then(|| code.to_ascii_uppercase().parse().ok())?
            .map(Self)
    }

    /// Its code: `JP`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }
}

impl PhoneNumber {
    /// The country or territory that the number belongs to; `None` for services that belong to none.
    #[must_use]
    pub fn country(&self) -> Option<Country> {
        let number = phonenumber::parse(None, self.as_str()).ok()?;
        number.country().id().map(Country)
    }
}

/// The country that a BCP 47 tag names, or else the one where most speakers of the language are
/// (Unicode CLDR, likely subtags).
pub(super) fn country_of_language(tag: &str) -> Option<Id> {
    let mut subtags = tag.split(['-', '_']);
    let language = subtags.next()?.to_ascii_lowercase();
    let mut script = String::new();
    // A single letter begins an extension, in which no country is named.
    for subtag in subtags.take_while(|subtag| subtag.len() > 1) {
        match subtag.len() {
            2 => return subtag.to_ascii_uppercase().parse().ok(),
            3 if subtag.bytes().all(|byte| byte.is_ascii_digit()) => return None,
            4 => script = subtag.to_ascii_lowercase(),
            _ => {}
        }
    }
    Some(match (language.as_str(), script.as_str()) {
        ("zh", "hant") => Id::TW,
        ("ar", _) => Id::EG,
        ("bg", _) => Id::BG,
        ("bn", _) => Id::BD,
        ("cs", _) => Id::CZ,
        ("da", _) => Id::DK,
        ("de", _) => Id::DE,
        ("el", _) => Id::GR,
        ("en", _) => Id::US,
        ("es", _) => Id::ES,
        ("et", _) => Id::EE,
        ("fa", _) => Id::IR,
        ("fi", _) => Id::FI,
        ("fil" | "tl", _) => Id::PH,
        ("fr", _) => Id::FR,
        ("he" | "iw", _) => Id::IL,
        ("hi", _) => Id::IN,
        ("hr", _) => Id::HR,
        ("hu", _) => Id::HU,
        ("id" | "in", _) => Id::ID,
        ("is", _) => Id::IS,
        ("it", _) => Id::IT,
        ("ja", _) => Id::JP,
        ("ko", _) => Id::KR,
        ("lt", _) => Id::LT,
        ("lv", _) => Id::LV,
        ("ms", _) => Id::MY,
        ("nl", _) => Id::NL,
        ("no" | "nb" | "nn", _) => Id::NO,
        ("pl", _) => Id::PL,
        ("pt", _) => Id::BR,
        ("ro", _) => Id::RO,
        ("ru", _) => Id::RU,
        ("sk", _) => Id::SK,
        ("sl", _) => Id::SI,
        ("sr", _) => Id::RS,
        ("sv", _) => Id::SE,
        ("th", _) => Id::TH,
        ("tr", _) => Id::TR,
        ("uk", _) => Id::UA,
        ("vi", _) => Id::VN,
        ("zh", _) => Id::CN,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_of_languages() {
        for (tag, expected) in [
            ("ja", Some(Id::JP)),
            ("ja-US", Some(Id::US)),
            ("EN-gb", Some(Id::GB)),
            ("en_AU", Some(Id::AU)),
            ("en", Some(Id::US)),
            ("zh", Some(Id::CN)),
            ("zh-Hant", Some(Id::TW)),
            ("zh-Hant-HK", Some(Id::HK)),
            ("ja-u-ca-japanese", Some(Id::JP)),
            ("es-419", None),
            ("xx", None),
            ("", None),
            ("en-ZZ", None),
        ] {
            assert_eq!(country_of_language(tag), expected, "{tag}");
        }
    }

    #[test]
    fn codes_of_two_letters() {
        for (code, expected) in [
            ("JP", Some("JP")),
            ("gb", Some("GB")),
            ("", None),
            ("J", None),
            ("JPN", None),
            ("日", None),
            ("ZZ", None),
            ("81", None),
        ] {
            let country = Country::parse(code);
            assert_eq!(country.as_ref().map(Country::as_str), expected, "{code}");
        }
    }

    #[test]
    fn countries_of_numbers() {
        for (number, expected) in [
            ("+819012345678", Some("JP")),
            ("+14155552671", Some("US")),
            ("+16137827274", Some("CA")),
            ("+18764123456", Some("JM")),
            ("+447400123456", Some("GB")),
            ("+881612345678", None),
        ] {
            let number = PhoneNumber::from_stored(number.to_owned());
            assert_eq!(
                number.country(),
                expected.and_then(Country::parse),
                "{number}"
            );
        }
    }
}
