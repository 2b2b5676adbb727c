//! SPDX licence expressions (SPDX 2.3, annex D), as far as Cargo.toml uses them.

use std::iter::Peekable;
use std::vec::IntoIter;

/// Whether `expression` can be met by `allowed` licences alone. An entry of `allowed` is a licence, or a licence
/// with its exception (`Apache-2.0 WITH LLVM-exception`). The old `A/B` is read as `A OR B`.
///
/// # Errors
/// What is wrong with the expression.
pub(super) fn is_met(expression: &str, allowed: &[String]) -> Result<bool, String> {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut words = words.into_iter().peekable();
    let is_met = any_of(&mut words, allowed)?;
    match words.next() {
        None => Ok(is_met),
        Some(word) => Err(format!("unexpected `{word}` in `{expression}`")),
    }
}

type Words<'a> = Peekable<IntoIter<&'a str>>;

fn any_of(words: &mut Words<'_>, allowed: &[String]) -> Result<bool, String> {
    let mut is_met = all_of(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        is_met |= all_of(words, allowed)?;
    }
    Ok(is_met)
}

fn all_of(words: &mut Words<'_>, allowed: &[String]) -> Result<bool, String> {
    let mut is_met = one(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        is_met &= one(words, allowed)?;
    }
    Ok(is_met)
}

fn one(words: &mut Words<'_>, allowed: &[String]) -> Result<bool, String> {
    match words.next() {
        None => Err("the expression ends too early".into()),
        Some("(") => {
            let is_met = any_of(words, allowed)?;
            match words.next() {
                Some(")") => Ok(is_met),
                _ => Err("a parenthesis is not closed".into()),
            }
        }
        Some(word @ (")" | "OR" | "AND" | "WITH")) => {
            Err(format!("`{word}` in place of a licence"))
        }
        Some(licence) => {
            let mut name = licence.to_owned();
            if words.next_if_eq(&"WITH").is_some() {
                let exception = words.next().ok_or("WITH names no exception")?;
                name = format!("{licence} WITH {exception}");
            }
            Ok(allowed.contains(&name))
        }
    }
}

#[test]
fn an_expression_is_met_by_what_is_allowed_alone() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(String::from);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only/MIT", true),
        ("MIT AND GPL-3.0-only", false),
        ("MIT AND ISC", true),
        ("MIT OR ISC AND GPL-3.0-only", true),
        ("(MIT OR ISC) AND GPL-3.0-only", false),
        ("GPL-2.0-only AND (MIT OR ISC) OR ISC", true),
        ("Apache-2.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("MIT WITH LLVM-exception", false),
    ] {
        assert_eq!(is_met(expression, &allowed), Ok(expected), "{expression}");
    }
    for broken in [
        "", "OR MIT", "MIT OR", "(MIT", "MIT)", "MIT ISC", "MIT WITH",
    ] {
        assert!(is_met(broken, &allowed).is_err(), "{broken}");
    }
}
