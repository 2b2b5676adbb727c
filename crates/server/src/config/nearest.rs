//! The known name that a misspelt one most likely means.

use super::settings;

/// The name of a setting that differs from `name` in at most two letters, whatever its case and dashes.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    settings::ALL
        .iter()
        .map(|setting| (distance(&name, setting.name), setting.name))
        .min()
        .filter(|(distance, _)| *distance <= 2)
        .map(|(_, name)| name)
}

/// How many letters must be put in, taken out or replaced to make `right` of `left`.
fn distance(left: &str, right: &str) -> usize {
    // `row` holds the distances of what was read of `left` to each beginning of `right`
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, byte) in left.bytes().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        let mut next = vec![before];
        for (other, above) in right.bytes().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(byte != other);
            before = replaced.min(above + 1).min(before + 1);
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        assert_eq!(nearest("data_dir"), Some("data-dir"));
        assert_eq!(nearest("DATABSE"), Some("database"));
        assert_eq!(nearest("listen"), Some("listen"));
        assert_eq!(nearest("trusted-proxy"), None);
        assert_eq!(nearest("colour"), None);
    }

    #[test]
    fn distances() {
        for (left, right, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("abc", "axc", 1),
            ("abc", "ab", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(left, right), expected, "{left} {right}");
        }
    }
}
