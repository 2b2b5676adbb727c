//! What a password must be, and how stored digests are named.
//!
//! Length and a list of common passwords, no composition rules (NIST SP 800-63B-4, OWASP ASVS 6.2).

use std::{collections::HashSet, sync::LazyLock};

use unicode_normalization::UnicodeNormalization as _;

use crate::{Error, ErrorCode, Result};
use serde::Serialize;
use serde_json::{Value, json};

/// Characters that a password needs at least.
pub const DEFAULT_MIN_LENGTH: usize = 8;

/// Characters that a password may have at most, unless fewer are set.
pub const MAX_LENGTH: usize = 256;

/// The stems that most guessed passwords are built on, one a line, lower case.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("password/common.txt")
        .lines()
        .filter(|line| !line.is_empty())
        .collect()
});

/// Is it a common stem, written plainly or in look-alike digits, perhaps twice, with at most six
/// digits or signs around it (`Password1`, `p@ssw0rd2024!`, `123dragon`)? A few hundred stems thus
/// stand for some millions of guesses.
fn is_common(lower: &str) -> bool {
    let is_ornament =
        |character: char| character.is_ascii_digit() || character.is_ascii_punctuation();
    let plain: String = lower.chars().map(look_alike).collect();
    let candidates = [
        lower,
        lower.trim_end_matches(is_ornament),
        lower.trim_matches(is_ornament),
    ];
    let known = |text: &str| {
        let half = text.get(..text.len() / 2).unwrap_or(text);
        COMMON.contains(text)
            || (!half.is_empty() && text.strip_prefix(half) == Some(half) && COMMON.contains(half))
    };
    candidates.into_iter().any(|stem| {
        lower.len() - stem.len() <= 6 && {
            let start = lower.find(stem).unwrap_or(0);
            known(stem) || plain.get(start..start + stem.len()).is_some_and(known)
        }
    })
}

/// The letter that a digit or sign stands for in a password.
fn look_alike(character: char) -> char {
    match character {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// The form of a password that is hashed: NFKC, so that two keyboards type the same one.
#[must_use]
pub fn normalise_password(text: &str) -> String {
    text.nfkc().collect()
}

/// The longest password, in bytes, that is looked at when one is checked; longer ones never match.
pub const MAX_CHECKED_BYTES: usize = 4096;

/// The rules for a password that a person chooses.
#[derive(Debug, Clone)]
pub struct PasswordPolicy {
    /// Least number of characters, 8 or more.
    pub min_length: usize,
    /// Greatest number of characters, at most 256.
    pub max_length: usize,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            min_length: DEFAULT_MIN_LENGTH,
            max_length: MAX_LENGTH,
        }
    }
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordRejection {
    /// Fewer characters than the policy asks for.
    TooShort,
    /// More characters than the policy takes.
    TooLong,
    /// NUL or another control character.
    UnsupportedCharacters,
    /// On the list of common passwords.
    Common,
    /// It is, or is little more than, the person's own identifier or name.
    UserInfo,
    /// One character or one short piece over and over, or a plain sequence.
    RepetitionOrSequence,
}

impl PasswordRejection {
    /// The wire form, `password_rejected.<reason>`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooShort => "password_rejected.too_short",
            Self::TooLong => "password_rejected.too_long",
            Self::UnsupportedCharacters => "password_rejected.unsupported_characters",
            Self::Common => "password_rejected.pwned",
            Self::UserInfo => "password_rejected.restricted.user_info",
            Self::RepetitionOrSequence => "password_rejected.restricted.repetition",
        }
    }
}

impl PasswordPolicy {
    /// Gives every reason to refuse `password`, none when it may be used. `personal` are the
    /// person's identifiers and names.
    #[must_use]
    pub fn check(&self, password: &str, personal: &[&str]) -> Vec<PasswordRejection> {
        let password = normalise_password(password);
        let length = password.chars().count();
        let mut rejections = Vec::new();
        if length < self.min_length {
            rejections.push(PasswordRejection::TooShort);
        }
        if length > self.max_length {
            return vec![PasswordRejection::TooLong];
        }
        if password.chars().any(char::is_control) {
            rejections.push(PasswordRejection::UnsupportedCharacters);
        }
        let lower = password.to_lowercase();
        if is_common(&lower) {
            rejections.push(PasswordRejection::Common);
        }
        if personal
            .iter()
            .any(|word| is_little_more_than(&lower, &word.to_lowercase()))
        {
            rejections.push(PasswordRejection::UserInfo);
        }
        if length > 0 && is_repetition_or_sequence(&lower) {
            rejections.push(PasswordRejection::RepetitionOrSequence);
        }
        rejections
    }

    /// As [`PasswordPolicy::check`].
    ///
    /// # Errors
    /// `password.rejected`, whose data lists the reasons as `[{code, interpolation}]`.
    pub fn require(&self, password: &str, personal: &[&str]) -> Result<()> {
        let issues = self.issues(password, personal);
        if issues.is_empty() {
            return Ok(());
        }
        Err(Error::new(ErrorCode::PasswordRejected).data(json!(issues)))
    }

    /// As [`PasswordPolicy::check`], each as `{code, interpolation}` of the contract.
    #[must_use]
    pub fn issues(&self, password: &str, personal: &[&str]) -> Vec<Value> {
        let issue = |rejection: PasswordRejection| match rejection {
            PasswordRejection::TooShort => {
                json!({"code": rejection.as_str(), "interpolation": {"min": self.min_length}})
            }
            PasswordRejection::TooLong => {
                json!({"code": rejection.as_str(), "interpolation": {"max": self.max_length}})
            }
            _ => json!({"code": rejection.as_str()}),
        };
        let rejections = self.check(password, personal);
        rejections.into_iter().map(issue).collect()
    }
}

/// Is `password` the word, or the word and at most three more characters? Of an email address also
/// the part before `@` is such a word.
fn is_little_more_than(password: &str, word: &str) -> bool {
    let local = word.split('@').next().unwrap_or(word);
    [word, local].iter().any(|word| {
        word.chars().count() >= 4
            && password.contains(word)
            && password.chars().count() <= word.chars().count().saturating_add(3)
    })
}

/// Is it one piece of at most three characters over and over, or a run such as 12345678 or abcdefgh?
fn is_repetition_or_sequence(password: &str) -> bool {
    let characters: Vec<u32> = password.chars().map(u32::from).collect();
    let repeats = |period: usize| {
        characters
            .iter()
            .zip(characters.iter().skip(period))
            .all(|(one, other)| one == other)
    };
    let runs = |step: i64| {
        characters
            .iter()
            .zip(characters.iter().skip(1))
            .all(|(one, other)| i64::from(*other) - i64::from(*one) == step)
    };
    (1..=3).any(|period| characters.len() > period * 2 && repeats(period))
        || (characters.len() > 3 && (runs(1) || runs(-1)))
}

/// How a stored digest was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum PasswordAlgorithm {
    /// Our own: Argon2id in PHC string form.
    Argon2id,
}

impl PasswordAlgorithm {
    /// The name in the Management API and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Argon2id => "Argon2id",
        }
    }

    /// From the stored name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text == "Argon2id").then_some(Self::Argon2id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons() {
        use PasswordRejection::*;
        let policy = PasswordPolicy::default();
        for (password, personal, reasons) in [
            ("", vec![], vec![TooShort]),
            ("seven77", vec![], vec![TooShort]),
            ("password1", vec![], vec![Common]),
            ("PASSWORD1", vec![], vec![Common]),
            ("P@ssw0rd2024!", vec![], vec![Common]),
            ("123dragon", vec![], vec![Common]),
            ("monkeymonkey", vec![], vec![Common]),
            ("87654321", vec![], vec![Common, RepetitionOrSequence]),
            ("aaaaaaaaaaaa", vec![], vec![RepetitionOrSequence]),
            ("ababababab", vec![], vec![RepetitionOrSequence]),
            ("stuvwxyz", vec![], vec![RepetitionOrSequence]),
            ("marigold1", vec!["marigold"], vec![UserInfo]),
            ("marigold99", vec!["marigold@example.com"], vec![UserInfo]),
            ("marigolds in the long grass", vec!["marigold"], vec![]),
            ("correct horse battery", vec![], vec![]),
            ("ひみつのあいことば", vec![], vec![]),
            ("with\0nul-and-more", vec![], vec![UnsupportedCharacters]),
        ] {
            assert_eq!(policy.check(password, &personal), reasons, "{password:?}");
        }
        assert_eq!(policy.check(&"long words ".repeat(30), &[]), vec![TooLong]);
        assert!(
            policy.check(&"Zq7 ".repeat(16), &[]).is_empty(),
            "64 characters are taken"
        );
    }

    #[test]
    fn two_keyboards_type_one_password() {
        assert_eq!(normalise_password("ｐａｓｓ"), normalise_password("pass"));
        assert_eq!(normalise_password("e\u{301}"), normalise_password("é"));
    }

    #[test]
    fn every_stem_is_refused_plain_and_ornamented() {
        assert!(COMMON.len() >= 400);
        for stem in COMMON.iter() {
            assert!(is_common(stem), "{stem}");
            let is_word = stem.chars().all(char::is_alphabetic);
            assert!(!is_word || is_common(&format!("{stem}2024!")), "{stem}");
        }
        for fine in [
            "violet umbrella",
            "kz8-mountain-tea",
            "日本の夏は長い",
            "dragons-eat-7-plums",
        ] {
            assert!(!is_common(fine), "{fine}");
        }
    }
}
