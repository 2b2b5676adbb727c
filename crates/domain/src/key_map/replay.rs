//! A replay: recorded replies read by a draft and by the published map, and where the two differ.

use serde::Serialize;

use super::{
    apply::{Applied, EntryOutcome, EntryResult, apply},
    coerce::Coercion,
    entry::KeyMap,
    property::Property,
    reason::Reason,
    reply::Reply,
    value::{PropertyValue, PropertyValues},
};

/// What one of two maps made of a property.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// The key.
    pub key: String,
    /// Where the value stood.
    pub found_at: Option<String>,
    /// The value, when there is a usable one.
    pub value: Option<PropertyValue>,
    /// What the entry did.
    pub outcome: EntryOutcome,
    /// Why.
    pub reason: Option<Reason>,
}

/// One property that the two maps read differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The property.
    pub property: Property,
    /// As the published map reads it; none when it has no entry for it.
    pub published: Option<Reading>,
    /// As the draft reads it; none when it has no entry for it.
    pub draft: Option<Reading>,
}

/// What differs for one reply.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplayResult {
    /// Properties, in the order of the published map and then of the draft.
    pub differences: Vec<Difference>,
    /// Would the published map refuse the sign-in?
    pub published_refuses: bool,
    /// Would the draft refuse it?
    pub draft_refuses: bool,
}

impl ReplayResult {
    /// Would anything be different?
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.differences.is_empty() && self.published_refuses == self.draft_refuses
    }
}

/// Reads one recorded reply by both maps, for a user with these values.
#[must_use]
pub fn replay(
    published: &KeyMap,
    draft: &KeyMap,
    reply: &Reply<'_>,
    present: &PropertyValues,
    coercion: &Coercion<'_>,
) -> ReplayResult {
    let published = apply(published, reply, present, coercion);
    let draft = apply(draft, reply, present, coercion);
    let added = draft
        .entries
        .iter()
        .filter(|entry| of(&published, &entry.property).is_none());
    let properties = published
        .entries
        .iter()
        .chain(added)
        .map(|entry| &entry.property);
    let differences = properties.filter_map(|property| {
        let (before, after) = (of(&published, property), of(&draft, property));
        let is_same = match (before, after) {
            (Some(before), Some(after)) => {
                (before.outcome, before.reason, &before.value)
                    == (after.outcome, after.reason, &after.value)
            }
            _ => false,
        };
        (!is_same).then(|| Difference {
            property: property.clone(),
            published: before.map(reading),
            draft: after.map(reading),
        })
    });
    ReplayResult {
        differences: differences.collect(),
        published_refuses: published.refusal.is_some(),
        draft_refuses: draft.refusal.is_some(),
    }
}

fn of<'e>(applied: &'e Applied, property: &Property) -> Option<&'e EntryResult> {
    applied
        .entries
        .iter()
        .find(|entry| entry.property == *property)
}

fn reading(entry: &EntryResult) -> Reading {
    Reading {
        key: entry.key.clone(),
        found_at: entry.found_at.clone(),
        value: entry.value.clone(),
        outcome: entry.outcome,
        reason: entry.reason,
    }
}
