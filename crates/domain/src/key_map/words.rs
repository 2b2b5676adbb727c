//! Sentences of the reference page, in both languages of the documents.

/// A language of the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English
    En,
    /// 日本語
    Ja,
}

/// One sentence in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// English
    pub en: &'static str,
    /// Japanese
    pub ja: &'static str,
}

impl Words {
    /// The sentence in `language`.
    #[must_use]
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ja => self.ja,
        }
    }
}

/// Both languages of a sentence.
pub(super) const fn words(en: &'static str, ja: &'static str) -> Words {
    Words { en, ja }
}
