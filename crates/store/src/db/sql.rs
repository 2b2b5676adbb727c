//! One statement text for both engines. This module is where the dialect is chosen.
//!
//! A statement is written with PostgreSQL's `$1..$n`. SQLite would take `$1` for a *name* and
//! number such names by their first appearance, so `$2, $1` would silently swap; there each `$n`
//! becomes `?n`, which is a number. The two texts have the same length, so a declared statement
//! is rewritten while the program is compiled.

use std::fmt;
use std::sync::Arc;

/// One statement. Made by [`statements!`](crate::statements), or from a `String` when its parts
/// are only known at run time.
#[derive(Clone)]
pub struct Sql {
    postgres: Text,
    sqlite: Text,
    parameters: usize,
}

/// A statement's text for one engine, cheap to clone.
#[derive(Clone)]
pub(super) enum Text {
    Declared(&'static str),
    Built(Arc<str>),
}

impl Text {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Declared(text) => text,
            Self::Built(text) => text,
        }
    }
}

impl Sql {
    /// Called by [`sql!`](crate::sql) with the text and its rewritten bytes.
    #[doc(hidden)]
    #[must_use]
    pub const fn declared(text: &'static str, rewritten: &'static [u8]) -> Self {
        let sqlite = match std::str::from_utf8(rewritten) {
            Ok(rewritten) => rewritten,
            // Cannot happen: one ASCII byte took the place of another.
            Err(_) => text,
        };
        Self::of_both(text, sqlite)
    }

    /// A statement whose text differs by engine. For this module's own statements.
    pub(super) const fn of_both(postgres: &'static str, sqlite: &'static str) -> Self {
        Self {
            postgres: Text::Declared(postgres),
            sqlite: Text::Declared(sqlite),
            parameters: highest(postgres),
        }
    }

    pub(super) fn postgres(&self) -> &Text {
        &self.postgres
    }

    /// How many parameters it takes.
    pub(super) fn parameters(&self) -> usize {
        self.parameters
    }

    pub(super) fn sqlite(&self) -> &Text {
        &self.sqlite
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        let sqlite = text.replace('$', "?");
        let parameters = highest(&text);
        Self {
            postgres: Text::Built(text.into()),
            sqlite: Text::Built(sqlite.into()),
            parameters,
        }
    }
}

impl From<&str> for Sql {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// Shows the text as it was written, on one line.
impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.postgres, f)
    }
}

impl fmt::Debug for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.as_str().split_whitespace().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{word}")?;
        }
        Ok(())
    }
}

/// Rewrites `$n` to `?n`, and fails the build when `$` is anything but a placeholder, when a
/// number between 1 and the highest is never used, or when the text has a `?` of its own.
#[doc(hidden)]
#[must_use]
#[allow(
    clippy::indexing_slicing,
    reason = "runs while the program is compiled"
)]
pub const fn rewrite<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = text.as_bytes();
    assert!(bytes.len() == N, "the length is the text's own");
    let mut rewritten = [0; N];
    let mut seen: u128 = 0;
    while let [byte, rest @ ..] = bytes {
        assert!(
            *byte != b'?',
            "`?` in a statement: write placeholders as $1"
        );
        let at = N - bytes.len();
        rewritten[at] = *byte;
        if *byte == b'$' {
            rewritten[at] = b'?';
            let number = number_before(rest);
            assert!(
                number >= 1 && number <= 127,
                "`$` in a statement is a placeholder: $1 to $127"
            );
            seen |= 1 << (number - 1);
        }
        bytes = rest;
    }
    assert!(
        seen & (seen + 1) == 0,
        "the placeholders of a statement leave a number out"
    );
    rewritten
}

/// The highest `n` of the placeholders `$n`: how many parameters the statement takes.
const fn highest(text: &str) -> usize {
    let mut bytes = text.as_bytes();
    let mut highest = 0;
    while let [byte, rest @ ..] = bytes {
        if *byte == b'$' {
            let number = number_before(rest);
            if number > highest {
                highest = number;
            }
        }
        bytes = rest;
    }
    highest
}

/// The number that the text begins with, or 0.
const fn number_before(mut bytes: &[u8]) -> usize {
    let mut number: usize = 0;
    while let [digit, rest @ ..] = bytes
        && digit.is_ascii_digit()
    {
        number = number
            .saturating_mul(10)
            .saturating_add((*digit - b'0') as usize);
        bytes = rest;
    }
    number
}

/// A [`Sql`] of a text known at compile time.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const REWRITTEN: [u8; TEXT.len()] = $crate::db::sql::rewrite(TEXT);
        $crate::db::Sql::declared(TEXT, &REWRITTEN)
    }};
}

/// Declares a module's statements, and `ALL`, which lists them by name for the test that prepares
/// each on both engines.
///
/// ```text
/// statements! {
///     /// One user by id.
///     GET = "SELECT id, name FROM users WHERE id = $1";
/// }
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $text:expr;)+) => {
        $(
            $(#[$meta])*
            pub(crate) static $name: $crate::db::Sql = $crate::sql!($text);
        )+

        /// Every statement of this module, by name.
        #[allow(dead_code, reason = "read by the test that prepares every statement")]
        pub(crate) static ALL: &[(&str, &$crate::db::Sql)] = &[$((stringify!($name), &$name)),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    statements! {
        SWAPPED = "SELECT $2, $1, $10 FROM t WHERE a = $3 AND b = $4 AND c = $5 \
                   AND d = $6 AND e = $7 AND f = $8 AND g = $9";
        PLAIN = concat!("SELECT ", "'é'");
    }

    #[test]
    fn a_declared_statement_has_both_texts() {
        assert!(
            SWAPPED
                .postgres()
                .as_str()
                .starts_with("SELECT $2, $1, $10 FROM")
        );
        assert!(
            SWAPPED
                .sqlite()
                .as_str()
                .starts_with("SELECT ?2, ?1, ?10 FROM")
        );
        assert_eq!(PLAIN.sqlite().as_str(), "SELECT 'é'");
        assert_eq!((SWAPPED.parameters(), PLAIN.parameters()), (10, 0));
    }

    #[test]
    fn all_lists_each_by_name() {
        let names: Vec<_> = ALL.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["SWAPPED", "PLAIN"]);
        assert_eq!(ALL[1].1.to_string(), "SELECT 'é'");
    }

    #[test]
    fn a_built_statement_has_both_texts() {
        let built = Sql::from(String::from("SELECT\n   $1"));
        assert_eq!(built.sqlite().as_str(), "SELECT\n   ?1");
        assert_eq!(built.to_string(), "SELECT $1");
        assert_eq!(built.parameters(), 1);
    }

    #[test]
    fn what_would_differ_by_engine_is_refused() {
        for text in [
            "SELECT '$'",
            "SELECT $0",
            "SELECT $1, $3",
            "SELECT ?",
            "SELECT $128",
        ] {
            let refused = std::panic::catch_unwind(|| match text.len() {
                8 => drop(rewrite::<8>(text)),
                9 => drop(rewrite::<9>(text)),
                10 => drop(rewrite::<10>(text)),
                11 => drop(rewrite::<11>(text)),
                _ => drop(rewrite::<13>(text)),
            });
            assert!(refused.is_err(), "{text}");
        }
    }
}
