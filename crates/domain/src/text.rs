//! Bounded text: the rules that every free-text member shares.

use crate::{Error, Result};

/// Takes text of at most `max` characters (Unicode scalar values) without control characters.
///
/// # Errors
/// `guard.invalid_input` for the member at `path`.
pub fn check_text(path: &str, text: &str, max: usize) -> Result<()> {
    if text.chars().count() > max {
        return Err(Error::invalid(
            path,
            "too_long",
            format!("at most {max} characters"),
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(
            path,
            "control_character",
            "control characters are not taken",
        ));
    }
    Ok(())
}

/// As [`check_text`], and line breaks are taken too (postal addresses have them).
///
/// # Errors
/// `guard.invalid_input` for the member at `path`.
pub fn check_lines(path: &str, text: &str, max: usize) -> Result<()> {
    let without_breaks: String = text
        .chars()
        .filter(|character| !matches!(character, '\r' | '\n'))
        .collect();
    check_text(path, &without_breaks, max)
}

/// Takes an absolute `http` or `https` URL of at most 2,048 bytes.
///
/// # Errors
/// `guard.invalid_input` for the member at `path`.
pub fn check_web_url(path: &str, text: &str) -> Result<()> {
    let wrong = |message: &str| Error::invalid(path, "url", message);
    if text.len() > 2048 {
        return Err(Error::invalid(path, "too_long", "at most 2048 bytes"));
    }
    let url = url::Url::parse(text).map_err(|_| wrong("an absolute http or https URL"))?;
    if !matches!(url.scheme(), "http" | "https") || text.chars().any(char::is_control) {
        return Err(wrong("an absolute http or https URL"));
    }
    Ok(())
}

/// Checks the address of somebody else's server that this one is to call: as [`check_web_url`],
/// without credentials and without a fragment.
///
/// # Errors
/// `guard.invalid_input` at `path`.
pub fn check_called_url(path: &str, text: &str) -> Result<()> {
    check_web_url(path, text)?;
    let is_plain = url::Url::parse(text).is_ok_and(|url| {
        url.fragment().is_none() && url.username().is_empty() && url.password().is_none()
    });
    if is_plain {
        Ok(())
    } else {
        Err(Error::invalid(
            path,
            "url",
            "a URL without user name, password and #fragment",
        ))
    }
}
