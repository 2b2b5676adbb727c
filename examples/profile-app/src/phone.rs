//! Phone numbers as people write them, and as the identity server takes them: digits, country
//! code first.

use crate::language::Language;

/// The digits of a number written in any usual way: with spaces, hyphens, dots, parentheses, full-
/// width characters, `+` or `00` in front. A number without a country code gets Japan's on a
/// Japanese page. `None` for what cannot be read; whether such a number exists, the server knows.
pub(crate) fn digits_of(text: &str, language: Language) -> Option<String> {
    let plain: String = text.trim().chars().map(to_ascii).collect();
    let (is_international, rest) = match plain.strip_prefix('+') {
        // In `+81 (0)90` the zero is for callers inside the country.
        Some(rest) => (true, rest.replacen("(0)", "", 1)),
        None => (false, plain),
    };
    let mut digits = String::new();
    for character in rest.chars() {
        match character {
            '0'..='9' => digits.push(character),
            ' ' | '-' | '.' | '(' | ')' | '/' => {}
            _ => return None,
        }
    }
    if !is_international {
        if let Some(rest) = digits.strip_prefix("00") {
            digits = rest.to_owned();
        } else if let Some(rest) = digits.strip_prefix('0') {
            match language {
                Language::Japanese => digits = format!("81{rest}"),
                Language::English => return None,
            }
        }
    }
    ((7..=15).contains(&digits.len()) && !digits.starts_with('0')).then_some(digits)
}

/// Full-width signs and the hyphens that keyboards make of `-` as ASCII.
fn to_ascii(character: char) -> char {
    match character {
        '０'..='９' | '＋' | '（' | '）' | '．' | '／' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        '‐'..='―' | '−' | 'ー' | '－' => '-',
        '\u{3000}' | '\u{a0}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_spellings() {
        use Language::{English, Japanese};
        for (text, language, digits) in [
            ("819012345678", English, Some("819012345678")),
            ("+81 90-1234-5678", English, Some("819012345678")),
            ("+81 (0)90 1234 5678", English, Some("819012345678")),
            ("0081 90 1234 5678", English, Some("819012345678")),
            ("090-1234-5678", Japanese, Some("819012345678")),
            ("０９０ー１２３４ー５６７８", Japanese, Some("819012345678")),
            (
                "＋８１　９０（１２３４）５６７８",
                Japanese,
                Some("819012345678"),
            ),
            ("+1 (415) 555-0132", English, Some("14155550132")),
            ("415.555.0132", English, Some("4155550132")),
            ("090-1234-5678", English, None),
            ("+0 90 1234 5678", English, None),
            ("12345", English, None),
            ("1234567890123456", English, None),
            ("+81 90 1234 5678 x", English, None),
            ("+81 90\r\nBcc: a", English, None),
            ("٠٩٠١٢٣٤٥٦٧٨", Japanese, None),
            ("", English, None),
        ] {
            assert_eq!(digits_of(text, language).as_deref(), digits, "{text}");
        }
    }
}
