//! Which language the pages are in.

use serde::{Deserialize, Serialize};

use super::word::words;

words! {
    /// A language that the pages are written in.
    pub enum FallbackLanguage {
        /// English.
        En = "en",
        /// Japanese.
        Ja = "ja",
    }
}

/// Which language a reader gets who has not chosen one, where the application asks for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LanguageInfo {
    /// Is the browser's language taken when the pages are written in it?
    pub auto_detect: bool,
    /// The language otherwise.
    pub fallback_language: FallbackLanguage,
}

impl Default for LanguageInfo {
    fn default() -> Self {
        Self {
            auto_detect: true,
            fallback_language: FallbackLanguage::En,
        }
    }
}
