//! The side channel of a reply: `attributes` and `removingKeys` become user attributes.
//!
//! A bad item is noted for the trace and left out; it never fails a sign-in.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{document::Json, path::NormalizedPath, reply::Reply};

/// The most attributes that one reply sets, and the most keys that it removes.
pub const MAX_ITEMS: usize = 100;

/// The longest key and the longest value, in characters.
pub const MAX_LENGTH: usize = 256;

/// Who may write an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    /// The person may.
    #[default]
    Client,
    /// Only the server may.
    Server,
}

/// Who may see an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributePermission {
    /// Everybody.
    Public,
    /// The person and the server.
    #[default]
    Private,
}

/// One attribute that a reply sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// 1 to 256 of letters `A`-`Z` `a`-`z`, digits, `-` and `_`; unique for the user.
    pub key: String,
    /// At most 256 characters.
    pub value: String,
    /// Who may write it.
    pub attribute_type: AttributeType,
    /// Who may see it.
    pub permission: AttributePermission,
    /// Is it protected from later changes?
    pub is_read_only: bool,
}

/// Why an item was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeFault {
    /// The list is no array, or the item no object.
    WrongType,
    /// The key is missing or has a wrong form.
    Key,
    /// An earlier item has the key.
    DuplicateKey,
    /// The value is missing, no scalar, or too long.
    Value,
    /// `attr_type` is neither `client` nor `server`.
    AttributeType,
    /// `permission` is neither `public` nor `private`.
    Permission,
    /// `read_only` is neither true nor false.
    ReadOnly,
    /// There are more than 100; this and the following ones are left out.
    TooMany,
    /// The key is also among the attributes: it is kept.
    AlsoSet,
}

/// One line of the trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeNote {
    /// The item, as a normalized path.
    pub at: String,
    /// What is wrong with it.
    pub fault: AttributeFault,
}

/// What a reply says of attributes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttributeChanges {
    /// To be set, in the reply's order.
    pub set: Vec<Attribute>,
    /// Keys to be removed.
    pub removed: Vec<String>,
    /// What was left out.
    pub notes: Vec<AttributeNote>,
}

impl AttributeChanges {
    /// Reads `attributes` and `removingKeys` at the top level of a reply.
    #[must_use]
    pub fn read(reply: &Reply<'_>) -> Self {
        let mut changes = Self::default();
        let mut keys = HashSet::new();
        changes.each(reply, "attributes", |changes, item| {
            let attribute = attribute(item)?;
            if !keys.insert(attribute.key.clone()) {
                return Err(AttributeFault::DuplicateKey);
            }
            changes.set.push(attribute);
            Ok(())
        });
        let mut gone = HashSet::new();
        changes.each(reply, "removingKeys", |changes, item| {
            let key = key(Some(item))?;
            if keys.contains(&key) {
                return Err(AttributeFault::AlsoSet);
            }
            if !gone.insert(key.clone()) {
                return Err(AttributeFault::DuplicateKey);
            }
            changes.removed.push(key);
            Ok(())
        });
        changes
    }

    fn each(
        &mut self,
        reply: &Reply<'_>,
        name: &str,
        mut take: impl FnMut(&mut Self, &Json<'_>) -> Result<(), AttributeFault>,
    ) {
        let path = NormalizedPath::default().name(name);
        let items = match reply.root().member(name) {
            None | Some(Json::Null) => return,
            Some(Json::Array(items)) => items,
            Some(_) => {
                self.note(path, AttributeFault::WrongType);
                return;
            }
        };
        for (index, item) in items.iter().enumerate() {
            if index == MAX_ITEMS {
                self.note(path.index(index), AttributeFault::TooMany);
                return;
            }
            if let Err(fault) = take(self, item) {
                self.note(path.clone().index(index), fault);
            }
        }
    }

    fn note(&mut self, at: NormalizedPath, fault: AttributeFault) {
        let at = at.into_string();
        self.notes.push(AttributeNote { at, fault });
    }
}

fn attribute(item: &Json<'_>) -> Result<Attribute, AttributeFault> {
    if !matches!(item, Json::Object(_)) {
        return Err(AttributeFault::WrongType);
    }
    Ok(Attribute {
        key: key(item.member("key"))?,
        value: value(item.member("value"))?,
        attribute_type: match text(item, "attr_type") {
            Ok(None | Some("client")) => AttributeType::Client,
            Ok(Some("server")) => AttributeType::Server,
            _ => return Err(AttributeFault::AttributeType),
        },
        permission: match text(item, "permission") {
            Ok(None | Some("private")) => AttributePermission::Private,
            Ok(Some("public")) => AttributePermission::Public,
            _ => return Err(AttributeFault::Permission),
        },
        is_read_only: match item.member("read_only") {
            None | Some(Json::Null) => false,
            Some(Json::Bool(flag)) => *flag,
            Some(Json::Text(text)) if text == "true" => true,
            Some(Json::Text(text)) if text == "false" => false,
            Some(_) => return Err(AttributeFault::ReadOnly),
        },
    })
}

fn key(json: Option<&Json<'_>>) -> Result<String, AttributeFault> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    match json {
        Some(Json::Text(key))
            if !key.is_empty() && key.len() <= MAX_LENGTH && key.bytes().all(is_plain) =>
        {
            Ok(key.clone().into_owned())
        }
        _ => Err(AttributeFault::Key),
    }
}

fn value(json: Option<&Json<'_>>) -> Result<String, AttributeFault> {
    let text = match json {
        Some(Json::Text(text)) => &**text,
        Some(Json::Number(text)) => text,
        Some(Json::Bool(true)) => "true",
        Some(Json::Bool(false)) => "false",
        _ => return Err(AttributeFault::Value),
    };
    if text.chars().nth(MAX_LENGTH).is_some() || text.contains('\0') {
        return Err(AttributeFault::Value);
    }
    Ok(text.to_owned())
}

/// A text member; absent and null are the same.
fn text<'j>(item: &'j Json<'_>, name: &str) -> Result<Option<&'j str>, ()> {
    match item.member(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(_) => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::reply::ReplyLimits;
    use super::*;

    fn read(text: &str) -> AttributeChanges {
        AttributeChanges::read(&Reply::parse(text.as_bytes(), ReplyLimits::default()).unwrap())
    }

    #[test]
    fn good_items_are_taken_and_bad_ones_are_noted() {
        let changes = read(
            r#"{"attributes": [
                {"key": "tier", "value": "gold"},
                {"key": "level", "value": 7, "attr_type": "server", "permission": "public", "read_only": true},
                {"key": "vip", "value": true, "attr_type": null, "permission": null, "read_only": "false"},
                {"key": "a b", "value": "x"},
                {"value": "x"},
                {"key": "tier", "value": "again"},
                {"key": "object", "value": {}},
                {"key": "kind", "value": "x", "attr_type": "admin"},
                {"key": "seen", "value": "x", "permission": "all"},
                {"key": "fixed", "value": "x", "read_only": 1},
                "text"
            ], "removingKeys": ["old", "tier", "old", 5]}"#,
        );
        let set: Vec<_> = changes
            .set
            .iter()
            .map(|item| {
                (
                    item.key.as_str(),
                    item.value.as_str(),
                    item.attribute_type,
                    item.permission,
                    item.is_read_only,
                )
            })
            .collect();
        assert_eq!(
            set,
            [
                (
                    "tier",
                    "gold",
                    AttributeType::Client,
                    AttributePermission::Private,
                    false
                ),
                (
                    "level",
                    "7",
                    AttributeType::Server,
                    AttributePermission::Public,
                    true
                ),
                (
                    "vip",
                    "true",
                    AttributeType::Client,
                    AttributePermission::Private,
                    false
                ),
            ]
        );
        assert_eq!(changes.removed, ["old"]);
        let notes: Vec<_> = changes
            .notes
            .iter()
            .map(|note| (note.at.as_str(), note.fault))
            .collect();
        assert_eq!(
            notes,
            [
                ("$['attributes'][3]", AttributeFault::Key),
                ("$['attributes'][4]", AttributeFault::Key),
                ("$['attributes'][5]", AttributeFault::DuplicateKey),
                ("$['attributes'][6]", AttributeFault::Value),
                ("$['attributes'][7]", AttributeFault::AttributeType),
                ("$['attributes'][8]", AttributeFault::Permission),
                ("$['attributes'][9]", AttributeFault::ReadOnly),
                ("$['attributes'][10]", AttributeFault::WrongType),
                ("$['removingKeys'][1]", AttributeFault::AlsoSet),
                ("$['removingKeys'][2]", AttributeFault::DuplicateKey),
                ("$['removingKeys'][3]", AttributeFault::Key),
            ]
        );
    }

    #[test]
    fn lists_are_arrays_and_bounded() {
        assert_eq!(read(r#"{"attributes": null}"#), AttributeChanges::default());
        assert_eq!(read(r#"{"attributes": {}}"#).notes[0].at, "$['attributes']");
        let items: Vec<String> = (0..150)
            .map(|at| format!(r#"{{"key":"k{at}","value":1}}"#))
            .collect();
        let changes = read(&format!(r#"{{"attributes":[{}]}}"#, items.join(",")));
        assert_eq!(changes.set.len(), MAX_ITEMS);
        let note = &changes.notes[0];
        assert_eq!(
            (note.at.as_str(), note.fault),
            ("$['attributes'][100]", AttributeFault::TooMany)
        );
        let long = read(&format!(
            r#"{{"attributes":[{{"key":"a","value":"{}"}}]}}"#,
            "あ".repeat(257)
        ));
        assert_eq!(long.notes[0].fault, AttributeFault::Value);
    }
}
