//! Coercion: a JSON value of any type becomes a value of a property, is absent, or is invalid with its reason.

mod birthday;
mod custom_data;
mod gender;
mod rules;
mod server_custom_id;
mod text;

use time::Date;

pub use self::gender::{Gender, GenderSynonyms};
pub use self::rules::{COERCION_RULES, CoercionRule};
use super::{document::Json, reason::Reason, value::PropertyValue};
use crate::time::Timestamp;

/// The type of a property: which coercion its values go through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A day, `YYYY-MM-DD`.
    Birthday,
    /// One of four words.
    Gender,
    /// One line of text.
    Text {
        /// Characters.
        max: usize,
    },
    /// Text that may have lines.
    Lines {
        /// Characters.
        max: usize,
    },
    /// The id on the operator's server.
    ServerCustomId,
    /// An absolute http or https URL.
    WebAddress,
    /// Yes or no.
    Flag,
    /// Any JSON value, within the limits of custom data.
    Json,
}

/// What coercion needs to know beside the value.
#[derive(Debug, Clone, Copy)]
pub struct Coercion<'c> {
    /// Today, in UTC.
    today: Date,
    synonyms: &'c GenderSynonyms,
}

/// What became of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Coerced {
    /// It can be kept.
    Value(PropertyValue),
    /// There is none: null or an empty text.
    Absent,
    /// It cannot be kept.
    Invalid(Reason),
}

impl<'c> Coercion<'c> {
    /// Coercion at `now`, with the operator's synonyms.
    #[must_use]
    pub fn new(now: Timestamp, synonyms: &'c GenderSynonyms) -> Self {
        let today = birthday::day_of(now.seconds()).unwrap_or(Date::MAX);
        Self { today, synonyms }
    }

    /// Turns `json` into a value of `kind`.
    #[must_use]
    pub fn coerce(&self, kind: Kind, json: &Json<'_>) -> Coerced {
        let is_absent = match json {
            Json::Null => true,
            Json::Text(text) if kind == Kind::ServerCustomId => text.is_empty(),
            Json::Text(text) => text.trim().is_empty(),
            _ => false,
        };
        if is_absent {
            return Coerced::Absent;
        }
        let value = match kind {
            Kind::Birthday => birthday::coerce(json, self.today).map(PropertyValue::Text),
            Kind::Gender => gender::coerce(json, self.synonyms)
                .map(|gender| PropertyValue::Text(gender.as_str().to_owned())),
            Kind::Text { max } => text::coerce_line(json, max).map(PropertyValue::Text),
            Kind::Lines { max } => text::coerce_lines(json, max).map(PropertyValue::Text),
            Kind::ServerCustomId => server_custom_id::coerce(json).map(PropertyValue::Text),
            Kind::WebAddress => text::coerce_web_address(json).map(PropertyValue::Text),
            Kind::Flag => match json {
                Json::Bool(flag) => Ok(PropertyValue::Flag(*flag)),
                _ => Err(Reason::WrongType),
            },
            Kind::Json => custom_data::coerce(json).map(PropertyValue::Json),
        };
        value.map_or_else(Coerced::Invalid, Coerced::Value)
    }
}

/// A scalar as text: strings and numbers as written, booleans by their name.
fn scalar<'j>(json: &'j Json<'_>) -> Result<&'j str, Reason> {
    match json {
        Json::Text(text) => Ok(text),
        Json::Number(text) => Ok(text),
        Json::Bool(true) => Ok("true"),
        Json::Bool(false) => Ok("false"),
        Json::Null | Json::Array(_) | Json::Object(_) => Err(Reason::WrongType),
    }
}
