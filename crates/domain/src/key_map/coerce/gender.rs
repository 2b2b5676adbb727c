//! Gender: four stored words, and what other systems write for them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::super::{document::Json, reason::Reason};
use super::scalar;
use crate::{Error, Result};

/// A stored gender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Gender {
    /// `female`
    #[serde(rename = "female")]
    Female,
    /// `male`
    #[serde(rename = "male")]
    Male,
    /// `other`
    #[serde(rename = "other")]
    Other,
    /// `prefer not to answer`
    #[serde(rename = "prefer not to answer")]
    Undisclosed,
}

impl Gender {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Female, Self::Male, Self::Other, Self::Undisclosed];

    /// The word that is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
            Self::Undisclosed => "prefer not to answer",
        }
    }

    /// The gender of a stored word.
    #[must_use]
    pub fn of_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gender| gender.as_str() == text)
    }

    /// Words that are understood without configuration.
    #[must_use]
    pub const fn synonyms(self) -> &'static [&'static str] {
        match self {
            Self::Female => &["f", "woman", "女性", "女"],
            Self::Male => &["m", "man", "男性", "男"],
            Self::Other => &["o", "x", "non-binary", "nonbinary", "diverse", "その他"],
            Self::Undisclosed => &[
                "prefer_not_to_answer",
                "prefer-not-to-answer",
                "prefer not to say",
                "undisclosed",
                "回答しない",
                "無回答",
            ],
        }
    }
}

/// The words that are understood, the operator's included. Case, width and spaces around do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenderSynonyms(HashMap<String, Gender>);

impl Default for GenderSynonyms {
    fn default() -> Self {
        let words = Gender::ALL.into_iter().flat_map(|gender| {
            let synonyms = gender.synonyms().iter().copied();
            synonyms
                .chain([gender.as_str()])
                .map(move |word| (folded(word), gender))
        });
        Self(words.collect())
    }
}

impl GenderSynonyms {
    /// The built-in words and `words` beside them; a word of the operator's wins over a built-in synonym.
    ///
    /// # Errors
    /// `guard.invalid_input` for an empty word, and for one of the four stored words with another meaning.
    pub fn extended<'w>(words: impl IntoIterator<Item = (&'w str, Gender)>) -> Result<Self> {
        let mut synonyms = Self::default();
        for (word, gender) in words {
            let folded = folded(word);
            let is_stored_otherwise =
                Gender::of_stored(&folded).is_some_and(|stored| stored != gender);
            if folded.is_empty() || is_stored_otherwise {
                return Err(Error::invalid(
                    "gender-synonyms",
                    "synonym",
                    format!(
                        "{word:?} cannot mean {}: give a word other than the four stored ones",
                        gender.as_str()
                    ),
                ));
            }
            synonyms.0.insert(folded, gender);
        }
        Ok(synonyms)
    }

    fn find(&self, text: &str) -> Option<Gender> {
        self.0.get(&*folded(text)).copied()
    }
}

fn folded(text: &str) -> String {
    text.trim().nfkc().flat_map(char::to_lowercase).collect()
}

/// The longest text that is looked up, in bytes; no synonym is longer than a line.
const MAX_BYTES: usize = 255;

pub(super) fn coerce(json: &Json<'_>, synonyms: &GenderSynonyms) -> Result<Gender, Reason> {
    let text = scalar(json)?;
    if text.len() > MAX_BYTES {
        return Err(Reason::UnknownGender);
    }
    synonyms.find(text).ok_or(Reason::UnknownGender)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_means_two_genders() {
        let count: usize = Gender::ALL
            .iter()
            .map(|gender| gender.synonyms().len() + 1)
            .sum();
        assert_eq!(GenderSynonyms::default().0.len(), count);
    }

    #[test]
    fn operators_add_words_and_cannot_turn_the_stored_ones_around() {
        let synonyms = GenderSynonyms::extended([
            ("1", Gender::Male),
            ("Femme", Gender::Female),
            ("X", Gender::Undisclosed),
        ])
        .unwrap();
        for (text, gender) in [
            ("1", Some(Gender::Male)),
            (" FEMME ", Some(Gender::Female)),
            ("ｆ", Some(Gender::Female)),
            ("x", Some(Gender::Undisclosed)),
            ("2", None),
        ] {
            assert_eq!(synonyms.find(text), gender, "{text}");
        }
        assert!(GenderSynonyms::extended([("male", Gender::Female)]).is_err());
        assert!(GenderSynonyms::extended([(" ", Gender::Female)]).is_err());
        assert!(GenderSynonyms::extended([("Male", Gender::Male)]).is_ok());
    }
}
