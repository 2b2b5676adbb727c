//! The address that a person types to be sent a code.

use crate::{Error, Result, email::EmailAddress, phone::PhoneNumber, recipient::Recipient};

/// The longest text that is looked at, in bytes.
const MAX_BYTES: usize = 512;

/// Reads what was typed: with `@` an email address, otherwise a phone number in any usual spelling,
/// its country guessed from `language` (BCP 47) when it does not begin with one.
///
/// # Errors
/// `guard.invalid_input` with the rule `required`, `too_long`, `email`, `phone` or `phone_country`;
/// `request.recipient_not_allowed` for a short number.
pub fn parse_typed_address(text: &str, language: &str) -> Result<Recipient> {
    let text = text.trim();
    let wrong = |rule| Error::invalid("identifier", rule, "an email address or a phone number");
    if text.is_empty() {
        return Err(wrong("required"));
    }
    if text.len() > MAX_BYTES {
        return Err(wrong("too_long"));
    }
    // A full-width sign too, as Japanese keyboards write it.
    if text.contains(['@', '＠']) || !text.chars().any(char::is_numeric) {
        return EmailAddress::parse(&text.replace('＠', "@"))
            .map(Recipient::Email)
            .map_err(|_| wrong("email"));
    }
    PhoneNumber::parse_typed(text, language).map(Recipient::Phone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_told_apart() {
        for (text, expected) in [
            (" Ann@Example.com ", Ok("Ann@Example.com")),
            ("ann＠example.com", Ok("ann@example.com")),
            ("+819012345678", Ok("+819012345678")),
            ("", Err("required")),
            (" \u{3000}", Err("required")),
            ("ann", Err("email")),
            ("ann@", Err("email")),
            ("ann@example.com\r\nBcc: bob@example.com", Err("email")),
            ("+81 90-1234-5678", Ok("+819012345678")),
            ("０９０－１２３４－５６７８", Ok("+819012345678")),
            ("0901234567890123; drop", Err("phone")),
        ] {
            let parsed = parse_typed_address(text, "ja");
            let seen = parsed
                .map(|recipient| recipient.to_string())
                .map_err(|error| error.violations().first().map(|violation| violation.rule));
            let expected = expected.map(str::to_owned).map_err(Some);
            assert_eq!(seen, expected, "{text:?}");
        }
        let long = format!("{}@example.com", "a".repeat(600));
        let error = parse_typed_address(&long, "en").unwrap_err();
        assert_eq!(error.violations()[0].rule, "too_long");
    }
}
