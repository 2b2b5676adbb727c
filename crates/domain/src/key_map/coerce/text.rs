//! Text: trimmed, in normalization form C, bounded, without control characters.

use unicode_normalization::UnicodeNormalization as _;

use super::super::{document::Json, reason::Reason};
use super::scalar;
use crate::text::check_web_url;

pub(super) fn coerce_line(json: &Json<'_>, max: usize) -> Result<String, Reason> {
    bounded(scalar(json)?, max, |_| false)
}

/// Line breaks of any system become `\n`.
pub(super) fn coerce_lines(json: &Json<'_>, max: usize) -> Result<String, Reason> {
    let text = scalar(json)?;
    if text.contains('\r') {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        return bounded(&text, max, |character| character == '\n');
    }
    bounded(text, max, |character| character == '\n')
}

pub(super) fn coerce_web_address(json: &Json<'_>) -> Result<String, Reason> {
    let Json::Text(text) = json else {
        return Err(Reason::WrongType);
    };
    let text = text.trim();
    check_web_url("", text).map_err(|_| Reason::NotAWebAddress)?;
    Ok(text.to_owned())
}

fn bounded(text: &str, max: usize, may_stand: impl Fn(char) -> bool) -> Result<String, Reason> {
    let text = text.trim();
    let text = if text.is_ascii() {
        text.to_owned()
    } else {
        text.nfc().collect()
    };
    if text.chars().count() > max {
        return Err(Reason::TooLong);
    }
    if text
        .chars()
        .any(|character| character.is_control() && !may_stand(character))
    {
        return Err(Reason::ControlCharacter);
    }
    Ok(text)
}
