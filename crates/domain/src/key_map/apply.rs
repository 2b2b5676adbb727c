//! Applying a key map to a reply: what each entry did, and what changes.
//!
//! A sign-in, a preview and a replay all call [`apply`]; there is no second reading of a map.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    coerce::{Coerced, Coercion},
    document::Json,
    entry::{Entry, KeyMap, When},
    find::{FindingRule, Found},
    property::Property,
    reason::Reason,
    reply::Reply,
    value::{PropertyValue, PropertyValues, member_bytes},
};
use crate::{Error, ErrorCode, custom_data::MAX_BYTES};

/// The longest raw text that a record shows, in characters.
const MAX_RAW: usize = 1_024;

/// What an entry did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryOutcome {
    /// The property gets the value.
    Set,
    /// The property has the value already.
    Unchanged,
    /// The property keeps what it has; the reason says why.
    Kept,
    /// The reply has no value.
    Absent,
    /// The reply's value cannot be used; the reason says why.
    Invalid,
}

/// What one entry did, as previews show it and traces keep it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryResult {
    /// The property.
    pub property: Property,
    /// The key as it was written.
    pub key: String,
    /// Where the value stood: a normalized path (RFC 9535 section 2.7).
    pub found_at: Option<String>,
    /// The rule that found it.
    pub rule: Option<FindingRule>,
    /// The value as it stood there. Text is cut to 1,024 characters; an array or object that could not be
    /// used is left out.
    pub raw: Option<Value>,
    /// The value as it is stored.
    pub value: Option<PropertyValue>,
    /// What became of it.
    pub outcome: EntryOutcome,
    /// Why it was kept or is invalid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Another member of the name stood on the same level.
    pub ambiguous: bool,
}

/// A property with its new value.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The property.
    pub property: Property,
    /// Its new value.
    pub value: PropertyValue,
    /// Its value until now.
    pub previous: Option<PropertyValue>,
    /// Where in the reply the new value stood.
    pub found_at: String,
}

/// A required entry had no usable value: the sign-in is refused and nothing changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequiredMissing {
    /// The property.
    pub property: Property,
    /// The key as it was written.
    pub key: String,
    /// Why the value cannot be used; none when it is absent.
    pub reason: Option<Reason>,
}

impl From<&RequiredMissing> for Error {
    /// `user_storage.required_value_missing`, with the property for programs. The reason stands in the trace.
    fn from(missing: &RequiredMissing) -> Self {
        Self::new(ErrorCode::StorageValueMissing)
            .data(json!({ "property": missing.property.to_string() }))
    }
}

/// What a map makes of a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// One result for each entry, in the map's order.
    pub entries: Vec<EntryResult>,
    /// What changes; empty when the sign-in is refused.
    pub changes: Vec<Change>,
    /// The first required entry without a usable value.
    pub refusal: Option<RequiredMissing>,
}

/// Applies `map` to `reply` for a user whose properties are `present`.
#[must_use]
pub fn apply(
    map: &KeyMap,
    reply: &Reply<'_>,
    present: &PropertyValues,
    coercion: &Coercion<'_>,
) -> Applied {
    let found = map.keys.find(reply).found;
    let mut space = CustomDataSpace::of(map, present);
    let mut applied = Applied {
        entries: Vec::with_capacity(map.entries().len()),
        changes: Vec::new(),
        refusal: None,
    };
    for (entry, found) in map.entries().iter().zip(found) {
        let result = apply_entry(entry, found, present, coercion, &mut space);
        let is_missing = matches!(result.outcome, EntryOutcome::Absent | EntryOutcome::Invalid);
        if entry.is_required && is_missing && applied.refusal.is_none() {
            applied.refusal = Some(RequiredMissing {
                property: entry.property.clone(),
                key: result.key.clone(),
                reason: result.reason,
            });
        }
        if result.outcome == EntryOutcome::Set
            && let (Some(value), Some(found_at)) = (&result.value, &result.found_at)
        {
            applied.changes.push(Change {
                property: entry.property.clone(),
                value: value.clone(),
                previous: present.get(&entry.property).cloned(),
                found_at: found_at.clone(),
            });
        }
        applied.entries.push(result);
    }
    if applied.refusal.is_some() {
        applied.changes.clear();
    }
    applied
}

fn apply_entry(
    entry: &Entry,
    found: Option<Found<'_, '_>>,
    present: &PropertyValues,
    coercion: &Coercion<'_>,
    space: &mut CustomDataSpace,
) -> EntryResult {
    let mut result = EntryResult {
        property: entry.property.clone(),
        key: entry.key.as_str().to_owned(),
        found_at: None,
        rule: None,
        raw: None,
        value: None,
        outcome: EntryOutcome::Absent,
        reason: None,
        ambiguous: false,
    };
    let Some(found) = found else {
        return result;
    };
    result.rule = Some(found.rule);
    result.ambiguous = found.is_ambiguous;
    result.found_at = Some(found.path.into_string());
    result.raw = raw(found.value);
    let value = match coercion.coerce(entry.property.kind(), found.value) {
        Coerced::Absent => return result,
        Coerced::Invalid(reason) => {
            result.outcome = EntryOutcome::Invalid;
            result.reason = Some(reason);
            return result;
        }
        Coerced::Value(value) => value,
    };
    (result.outcome, result.reason) = decide(entry, &value, present, space);
    result.value = Some(value);
    if let (None, EntryOutcome::Set, Some(PropertyValue::Json(value))) =
        (&result.raw, result.outcome, &result.value)
    {
        result.raw = Some(value.clone());
    }
    result
}

/// What becomes of a usable value.
fn decide(
    entry: &Entry,
    value: &PropertyValue,
    present: &PropertyValues,
    space: &mut CustomDataSpace,
) -> (EntryOutcome, Option<Reason>) {
    let current = present.get(&entry.property);
    if entry.property == Property::EmailVerified {
        return match (current, value) {
            (None, _) => (EntryOutcome::Kept, Some(Reason::NoAddressToVerify)),
            (Some(current), value) if current == value => (EntryOutcome::Unchanged, None),
            (_, PropertyValue::Flag(true)) => (EntryOutcome::Set, None),
            _ => (EntryOutcome::Kept, Some(Reason::NotWithdrawn)),
        };
    }
    if current == Some(value) {
        return (EntryOutcome::Unchanged, None);
    }
    if current.is_some() && entry.when == When::IfEmpty {
        return (EntryOutcome::Kept, Some(Reason::HasValue));
    }
    if !space.take(&entry.property, value, current) {
        return (EntryOutcome::Invalid, Some(Reason::TooLarge));
    }
    (EntryOutcome::Set, None)
}

/// The value as a record shows it.
fn raw(value: &Json<'_>) -> Option<Value> {
    match value {
        Json::Array(_) | Json::Object(_) => None,
        Json::Text(text) => Some(match text.char_indices().nth(MAX_RAW) {
            Some((end, _)) => Value::String(format!("{}…", text.get(..end).unwrap_or_default())),
            None => Value::String(text.clone().into_owned()),
        }),
        // A number that a double would round is shown digit for digit.
        Json::Number(text) if !value.is_exact() => Some(Value::String((*text).to_owned())),
        _ => Some(value.to_value()),
    }
}

/// Bytes that the user's custom data may still grow by. Counted only for maps that write there.
struct CustomDataSpace(Option<usize>);

impl CustomDataSpace {
    fn of(map: &KeyMap, present: &PropertyValues) -> Self {
        let is_written = |entry: &Entry| matches!(entry.property, Property::CustomData(_));
        Self(
            map.entries()
                .iter()
                .any(is_written)
                .then(|| MAX_BYTES.saturating_sub(present.custom_data_bytes())),
        )
    }

    /// Makes room for a member, the one it replaces given back.
    fn take(
        &mut self,
        property: &Property,
        value: &PropertyValue,
        current: Option<&PropertyValue>,
    ) -> bool {
        let (Property::CustomData(name), Some(left)) = (property, self.0) else {
            return true;
        };
        let freed = current.map_or(0, |current| member_bytes(name, current));
        match (left + freed).checked_sub(member_bytes(name, value)) {
            Some(left) => {
                self.0 = Some(left);
                true
            }
            None => false,
        }
    }
}
