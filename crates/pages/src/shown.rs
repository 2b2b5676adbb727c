//! How a name that somebody else chose is shown.
//!
//! Escaping keeps markup out; this keeps out what escaping cannot see: characters that turn the
//! direction of the sentence around a name, hide inside it, or push the rest off the page.

/// Characters of a name that are shown; the rest becomes an ellipsis.
const MAX_CHARACTERS: usize = 120;

/// `name` as one line without control, direction and invisible characters, cut to 120 characters.
/// For showing only: what is sent back in a form stays as it was.
#[must_use]
pub fn shown(name: &str) -> String {
    let mut result = String::new();
    let mut gap = false;
    for (place, character) in name.chars().filter(|one| !is_hidden(*one)).enumerate() {
        if place == MAX_CHARACTERS {
            result.push('…');
            break;
        }
        if character.is_whitespace() || character.is_control() {
            gap = !result.is_empty();
        } else {
            if std::mem::take(&mut gap) {
                result.push(' ');
            }
            result.push(character);
        }
    }
    result
}

/// Bidirectional controls (UAX 9), zero-width characters, soft hyphen, tags and annotation marks.
/// The joiners U+200C and U+200D stay: Persian and emoji need them.
const fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_what_can_be_seen() {
        for (name, expected) in [
            ("山田 花子", "山田 花子"),
            ("  Profile \t App\r\n", "Profile App"),
            ("pay\u{202e}gnp.exe", "paygnp.exe"),
            ("ad\u{200b}min\u{2066}", "admin"),
            ("a\0b\u{7}", "a b"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
            ("<b>{{ x }}</b>", "<b>{{ x }}</b>"),
            ("", ""),
        ] {
            assert_eq!(shown(name), expected, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        let long = shown(&"名".repeat(10_000));
        assert_eq!(long.chars().count(), MAX_CHARACTERS + 1);
        assert!(long.ends_with('…'));
        assert_eq!(
            shown(&"x".repeat(MAX_CHARACTERS)),
            "x".repeat(MAX_CHARACTERS)
        );
    }
}
