//! The two numbers that no page shows whole again: what they may be, and what of them is shown.

use crate::problem::Problem;

/// A number that is kept sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Number {
    SocialSecurity,
    Payment,
}

impl Number {
    pub(crate) const ALL: [Self; 2] = [Self::SocialSecurity, Self::Payment];

    /// The name in the form, in the app's own API, and in the seal.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SocialSecurity => "social_security_number",
            Self::Payment => "payment_method",
        }
    }

    /// The name under which the app's own API tells the last four characters.
    pub(crate) fn last_four_name(self) -> &'static str {
        match self {
            Self::SocialSecurity => "social_security_number_last4",
            Self::Payment => "payment_method_last4",
        }
    }

    /// What was typed without spaces and hyphens: 9 to 20 letters and digits, or a card's 12 to
    /// 19 digits with the right check digit (ISO/IEC 7812-1). The problem when it is neither.
    pub(crate) fn parse(self, typed: &str) -> Result<String, Problem> {
        let is_between = |c: &char| c.is_whitespace() || matches!(c, '-' | '‐'..='―' | '－');
        let text: String = typed
            .chars()
            .filter(|c| !is_between(c))
            .take(64)
            .map(|c| match c {
                '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
                other => other.to_ascii_uppercase(),
            })
            .collect();
        let (is_good, problem) = match self {
            Self::SocialSecurity => (
                (9..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric()),
                Problem::NotSocialSecurityNumber,
            ),
            Self::Payment => (
                (12..=19).contains(&text.len()) && has_check_digit(&text),
                Problem::NotCardNumber,
            ),
        };
        if is_good { Ok(text) } else { Err(problem) }
    }
}

/// The last four characters of a parsed number.
pub(crate) fn last_four(number: &str) -> String {
    let start = number.len().saturating_sub(4);
    number.get(start..).unwrap_or_default().to_owned()
}

/// The Luhn formula over digits only.
fn has_check_digit(text: &str) -> bool {
    let mut sum = 0;
    for (index, character) in text.chars().rev().enumerate() {
        let Some(digit) = character.to_digit(10) else {
            return false;
        };
        sum += match digit * (1 + u32::from(index % 2 == 1)) {
            two_digits @ 10.. => two_digits - 9,
            one_digit => one_digit,
        };
    }
    sum % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken() {
        let social = |text| Number::SocialSecurity.parse(text).ok();
        assert_eq!(social("123-45-6789").as_deref(), Some("123456789"));
        assert_eq!(
            social("１２３４ ５６７８ ９０１２").as_deref(),
            Some("123456789012")
        );
        assert_eq!(social("qq 12 34 56 c").as_deref(), Some("QQ123456C"));
        for bad in [
            "12345678",
            "••••6789",
            "1234567890123456789012",
            "一二三四五六七八九",
            "",
        ] {
            assert_eq!(social(bad), None, "{bad}");
        }
        let card = |text| Number::Payment.parse(text).ok();
        assert_eq!(
            card("4242 4242 4242 4242").as_deref(),
            Some("4242424242424242")
        );
        for bad in [
            "4242 4242 4242 4241",
            "0",
            "4242424242424242\u{0}",
            "•••• 4242",
            "",
        ] {
            assert_eq!(card(bad), None, "{bad}");
        }
        assert_eq!(
            Number::Payment.parse(&"4".repeat(10_000)),
            Err(Problem::NotCardNumber)
        );
    }

    #[test]
    fn what_is_shown() {
        assert_eq!(last_four("123456789"), "6789");
        assert_eq!(last_four(""), "");
    }
}
