//! The entries of a key map, as they are written and as they are checked.

use serde::{Deserialize, Serialize};

use super::{find::Keys, key::Key, property::Property};
use crate::{Error, Result};

/// The most entries that one map has.
pub const MAX_ENTRIES: usize = 64;

/// When a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Whatever the property has, and whoever set it.
    #[default]
    Always,
    /// Only where the property has no value.
    IfEmpty,
}

/// One line of a key map as it is written: `{"property": "nickname", "key": "username"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryText {
    /// The property that is written.
    pub property: String,
    /// Where in the reply its value stands.
    pub key: String,
    /// When it is written.
    #[serde(default)]
    pub when: When,
    /// Does a sign-in fail without a usable value?
    #[serde(default)]
    pub required: bool,
}

/// One checked line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The property that is written.
    pub property: Property,
    /// Where in the reply its value stands.
    pub key: Key,
    /// When it is written.
    pub when: When,
    /// Does a sign-in fail without a usable value?
    pub is_required: bool,
}

/// What the operator's settings allow a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MapRights {
    /// May a reply verify an email address?
    pub may_verify_email: bool,
}

/// A checked key map: any number of entries up to 64, one for a property.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyMap {
    entries: Vec<Entry>,
    pub(super) keys: Keys,
}

impl KeyMap {
    /// Checks entries; an empty map is a map that writes nothing.
    ///
    /// # Errors
    /// `guard.invalid_input` with every wrong member as `entries.<index>.property` or
    /// `entries.<index>.key`, or for `entries` when there are more than 64.
    pub fn check(entries: &[EntryText], rights: MapRights) -> Result<Self> {
        if entries.len() > MAX_ENTRIES {
            return Err(Error::invalid(
                "entries",
                "too_many",
                format!("at most {MAX_ENTRIES} entries"),
            ));
        }
        let mut checked: Vec<Entry> = Vec::with_capacity(entries.len());
        let mut faults: Option<Error> = None;
        for (index, entry) in entries.iter().enumerate() {
            let property = Property::parse(&entry.property)
                .and_then(|property| check_property(property, &checked, rights));
            let key = Key::parse(&entry.key);
            match (property, key) {
                (Ok(property), Ok(key)) => checked.push(Entry {
                    property,
                    key,
                    when: entry.when,
                    is_required: entry.required,
                }),
                (property, key) => {
                    let wrong = property.err().into_iter().chain(key.err());
                    faults = wrong.fold(faults, |faults, error| {
                        Some(joined(faults, error.within(&format!("entries.{index}"))))
                    });
                }
            }
        }
        match faults {
            Some(error) => Err(error),
            None => Ok(Self::new(checked)),
        }
    }

    fn new(entries: Vec<Entry>) -> Self {
        let keys = Keys::new(entries.iter().map(|entry| entry.key.clone()).collect());
        Self { entries, keys }
    }

    /// The entries in the order in which they were written.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry that writes `property`.
    #[must_use]
    pub fn entry_of(&self, property: &Property) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.property == *property)
    }

    /// Can accounts be linked by what this map reads?
    #[must_use]
    pub fn has_server_custom_id(&self) -> bool {
        self.entry_of(&Property::ServerCustomId).is_some()
    }

    /// The entries as they are written.
    #[must_use]
    pub fn to_text(&self) -> Vec<EntryText> {
        let text = |entry: &Entry| EntryText {
            property: entry.property.to_string(),
            key: entry.key.as_str().to_owned(),
            when: entry.when,
            required: entry.is_required,
        };
        self.entries.iter().map(text).collect()
    }
}

fn check_property(property: Property, earlier: &[Entry], rights: MapRights) -> Result<Property> {
    if property == Property::EmailVerified && !rights.may_verify_email {
        return Err(Error::invalid(
            "property",
            "not_allowed",
            "a reply verifies an email address only where the user storage's setting for it is on",
        ));
    }
    if earlier.iter().any(|entry| entry.property == property) {
        return Err(Error::invalid(
            "property",
            "duplicate",
            format!("another entry writes {property} already; keep one of them"),
        ));
    }
    Ok(property)
}

fn joined(faults: Option<Error>, error: Error) -> Error {
    match faults {
        None => error,
        Some(faults) => error
            .violations()
            .iter()
            .cloned()
            .fold(faults, |faults, violation| {
                faults.violation(violation.path, violation.rule, violation.message)
            }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entries(value: serde_json::Value) -> Vec<EntryText> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn every_wrong_entry_is_named_with_its_index() {
        let map = entries(json!([
            {"property": "nickname", "key": "username"},
            {"property": "shoe_size", "key": ""},
            {"property": "nickname", "key": "nick"},
            {"property": "sub", "key": "id"},
            {"property": "custom_data.sub", "key": "id"},
            {"property": "gender", "key": "$..gender"},
            {"property": "email_verified", "key": "verified"},
            {"property": "birthdate", "key": "dob"},
            {"property": "birthday", "key": "dob"}
        ]));
        let error = KeyMap::check(&map, MapRights::default()).unwrap_err();
        let found: Vec<_> = error
            .violations()
            .iter()
            .map(|wrong| (wrong.path.as_str(), wrong.rule))
            .collect();
        assert_eq!(
            found,
            [
                ("entries.1.property", "unknown_property"),
                ("entries.1.key", "empty"),
                ("entries.2.property", "duplicate"),
                ("entries.3.property", "never_mapped"),
                ("entries.4.property", "reserved_claim"),
                ("entries.5.key", "not_singular"),
                ("entries.6.property", "not_allowed"),
                ("entries.8.property", "duplicate"),
            ]
        );
    }

    #[test]
    fn a_map_comes_back_as_it_was_written() {
        let map = entries(json!([
            {"property": "nickname", "key": "user_info.username", "when": "if_empty", "required": true},
            {"property": "server_custom_id", "key": "$.user['player_id']"},
            {"property": "custom_data.tier", "key": "loyalty_level"},
            {"property": "email_verified", "key": "confirmed"}
        ]));
        let rights = MapRights {
            may_verify_email: true,
        };
        let checked = KeyMap::check(&map, rights).unwrap();
        assert_eq!(checked.to_text(), map);
        assert!(checked.has_server_custom_id());
        assert!(!KeyMap::check(&[], rights).unwrap().has_server_custom_id());
    }

    #[test]
    fn the_number_of_entries_is_bounded() {
        let many = |count: usize| -> Vec<EntryText> {
            let entry = |at| json!({"property": format!("custom_data.x{at}"), "key": "x"});
            entries((0..count).map(entry).collect())
        };
        assert!(KeyMap::check(&many(MAX_ENTRIES), MapRights::default()).is_ok());
        let error = KeyMap::check(&many(MAX_ENTRIES + 1), MapRights::default()).unwrap_err();
        assert_eq!(error.violations()[0].rule, "too_many");
    }

    #[test]
    fn unknown_members_of_an_entry_are_refused() {
        for wrong in [
            json!({"property": "nickname", "key": "a", "wehn": "always"}),
            json!({"property": "nickname", "key": "a", "when": "sometimes"}),
            json!({"property": "nickname"}),
        ] {
            assert!(serde_json::from_value::<EntryText>(wrong).is_err());
        }
    }
}
