//! A value within objects, by the names on the way to it: `auth.user`.

use serde_json::{Map, Value};

/// The value at a path.
pub(super) fn get<'v>(members: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    let mut parts = path.split('.');
    let first = members.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

/// The value at a path, to be changed.
pub(super) fn get_mut<'v>(
    members: &'v mut Map<String, Value>,
    path: &str,
) -> Option<&'v mut Value> {
    let mut parts = path.split('.');
    let first = members.get_mut(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get_mut(part))
}

/// Puts a value at a path; the objects on the way are made.
pub(in crate::connector) fn put(members: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            members.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let below = members.entry(first).or_insert_with(|| Map::new().into());
            if let Value::Object(below) = below {
                put(below, rest, value);
            }
        }
    }
}
