//! The claim `birthdate` (OpenID Connect Core section 5.1).

/// Whether `text` is `YYYY`, `YYYY-MM-DD`, or `0000-MM-DD` for a birthday without its year.
pub(crate) fn is_birthdate(text: &str) -> bool {
    let number = |text: &str, digits: usize| {
        let is_digits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        is_digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let mut parts = text.split('-');
    let year = parts.next().and_then(|year| number(year, 4));
    let rest = (parts.next(), parts.next(), parts.next());
    match (year, rest) {
        (Some(year), (None, None, None)) => year > 0,
        (Some(year), (Some(month), Some(day), None)) => match (number(month, 2), number(day, 2)) {
            (Some(month), Some(day)) => (1..=days_in(year, month)).contains(&day),
            _ => false,
        },
        _ => false,
    }
}

/// Days of a month; 0 when there is no such month. A year left out (0) counts as a leap year.
fn days_in(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for good in [
            "1990",
            "1990-01-31",
            "2000-02-29",
            "0000-02-29",
            "1996-12-01",
            "0966",
        ] {
            assert!(is_birthdate(good), "{good}");
        }
        for bad in [
            "",
            "0000",
            "90",
            "19900",
            "1990-1-1",
            "1990-13-01",
            "1990-00-10",
            "1990-04-31",
            "1900-02-29",
            "1990-01",
            "1990-01-01-01",
            "1990/01/01",
            "１９９０",
            "+990",
            "1990-01-00",
            " 1990",
        ] {
            assert!(!is_birthdate(bad), "{bad}");
        }
    }
}
