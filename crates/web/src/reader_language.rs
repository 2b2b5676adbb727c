//! The language of a reader who has not chosen one: by the browser where the settings listen to it, else
//! that of the settings.

use meibo_domain::sign_in_experience::LanguageInfo;
use meibo_pages::Language;

/// The language that `Accept-Language` asks for; none when the settings do not listen to it.
pub(crate) fn detected_language(
    info: LanguageInfo,
    accept_language: Option<&str>,
) -> Option<Language> {
    accept_language
        .filter(|_| info.auto_detect)
        .and_then(Language::from_accept_language)
}

/// The language of the settings.
pub(crate) fn fallback_language(info: LanguageInfo) -> Language {
    Language::from_tag(info.fallback_language.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use meibo_domain::sign_in_experience::FallbackLanguage;

    use super::*;

    #[test]
    fn a_browser_is_listened_to_where_the_settings_say_so() {
        for (auto_detect, header, expected) in [
            (true, Some("en, ja;q=0.5"), Some(Language::En)),
            (true, Some("fr"), None),
            (true, None, None),
            (false, Some("en"), None),
        ] {
            let info = LanguageInfo {
                auto_detect,
                fallback_language: FallbackLanguage::Ja,
            };
            assert_eq!(detected_language(info, header), expected, "{header:?}");
            assert_eq!(fallback_language(info), Language::Ja);
        }
    }
}
