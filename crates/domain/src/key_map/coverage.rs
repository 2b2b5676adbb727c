//! Coverage and drift: what recent replies hold that nobody maps, and mapped keys that stopped arriving or
//! changed their type.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    document::{Json, JsonType},
    entry::KeyMap,
    path::NormalizedPath,
    property::Property,
    reply::Reply,
};

/// The most unmapped members that are listed.
pub const MAX_UNMAPPED: usize = 256;

/// A member of recent replies that no entry reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnmappedMember {
    /// Its place.
    pub path: String,
    /// In how many of the replies it stood.
    pub seen: usize,
    /// The types that it had, without doubles.
    pub types: Vec<JsonType>,
}

/// What happened to a mapped key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Drift {
    /// Earlier replies had it, the newest ones do not.
    StoppedArriving {
        /// How many of the newest replies are without it.
        missing: usize,
    },
    /// No reply had it.
    NeverArrived,
    /// It had another type before.
    ChangedType {
        /// The type before.
        from: JsonType,
        /// The type now.
        to: JsonType,
    },
}

/// A mapped key that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftedKey {
    /// The property that it is for.
    pub property: Property,
    /// The key.
    pub key: String,
    /// What happened.
    #[serde(flatten)]
    pub drift: Drift,
}

/// What a map makes of recent replies, all in all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// How many replies were looked at.
    pub replies: usize,
    /// Members that nobody maps, the most frequent first; at most 256.
    pub unmapped: Vec<UnmappedMember>,
    /// Mapped keys that changed.
    pub drifted: Vec<DriftedKey>,
}

/// Looks at recent replies, the newest first.
#[must_use]
pub fn coverage(map: &KeyMap, replies: &[Reply<'_>]) -> Coverage {
    let mut members: BTreeMap<String, UnmappedMember> = BTreeMap::new();
    let mut arrivals: Vec<Vec<Option<JsonType>>> = vec![Vec::new(); map.entries().len()];
    for reply in replies {
        let found = map.keys.find(reply).found;
        let mapped: Vec<&Json<'_>> = found.iter().flatten().map(|found| found.value).collect();
        collect(
            reply.root(),
            &NormalizedPath::default(),
            &mapped,
            &mut members,
        );
        for (arrivals, found) in arrivals.iter_mut().zip(&found) {
            arrivals.push(found.as_ref().map(|found| found.value.json_type()));
        }
    }
    let mut unmapped: Vec<UnmappedMember> = members.into_values().collect();
    unmapped.sort_by_key(|member| std::cmp::Reverse(member.seen));
    unmapped.truncate(MAX_UNMAPPED);
    let drifted = map
        .entries()
        .iter()
        .zip(&arrivals)
        .filter_map(|(entry, arrivals)| {
            Some(DriftedKey {
                property: entry.property.clone(),
                key: entry.key.as_str().to_owned(),
                drift: drift(arrivals)?,
            })
        });
    Coverage {
        replies: replies.len(),
        drifted: drifted.collect(),
        unmapped,
    }
}

/// Notes every member that is no object and is not mapped, nor stands in something that is.
fn collect(
    json: &Json<'_>,
    path: &NormalizedPath,
    mapped: &[&Json<'_>],
    members: &mut BTreeMap<String, UnmappedMember>,
) {
    if mapped.iter().any(|mapped| std::ptr::eq(*mapped, json)) {
        return;
    }
    if let Json::Object(below) = json {
        for member in below {
            collect(
                &member.value,
                &path.clone().name(&member.name),
                mapped,
                members,
            );
        }
        return;
    }
    let path = path.clone().into_string();
    // A storage whose member names are data would list them all.
    if members.len() >= MAX_UNMAPPED * 4 && !members.contains_key(&path) {
        return;
    }
    let seen = members
        .entry(path.clone())
        .or_insert_with(|| UnmappedMember {
            path,
            seen: 0,
            types: Vec::new(),
        });
    seen.seen += 1;
    let json_type = json.json_type();
    if !seen.types.contains(&json_type) {
        seen.types.push(json_type);
    }
}

/// `arrivals` are the types of one key, the newest first; null says nothing of a type.
fn drift(arrivals: &[Option<JsonType>]) -> Option<Drift> {
    let missing = arrivals
        .iter()
        .take_while(|arrival| arrival.is_none())
        .count();
    if arrivals.is_empty() {
        return None;
    }
    if missing == arrivals.len() {
        return Some(Drift::NeverArrived);
    }
    if missing > 0 {
        return Some(Drift::StoppedArriving { missing });
    }
    let mut types = arrivals
        .iter()
        .flatten()
        .filter(|found| **found != JsonType::Null);
    let to = *types.next()?;
    let from = *types.find(|found| **found != to)?;
    Some(Drift::ChangedType { from, to })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{
        entry::{EntryText, MapRights},
        reply::ReplyLimits,
    };
    use super::*;

    fn covered(entries: serde_json::Value, replies: &[&str]) -> serde_json::Value {
        let entries: Vec<EntryText> = serde_json::from_value(entries).unwrap();
        let map = KeyMap::check(&entries, MapRights::default()).unwrap();
        let replies: Vec<Reply<'_>> = replies
            .iter()
            .map(|text| Reply::parse(text.as_bytes(), ReplyLimits::default()).unwrap())
            .collect();
        serde_json::to_value(coverage(&map, &replies)).unwrap()
    }

    #[test]
    fn members_that_nobody_maps_are_counted() {
        let shown = covered(
            json!([{"property": "nickname", "key": "nick"}, {"property": "custom_data.all", "key": "mapped"}]),
            &[
                r#"{"nick":"a","tier":"gold","mapped":{"inside":1},"user":{"id":1}}"#,
                r#"{"nick":"b","user":{"id":"2","tags":[{"x":1}]}}"#,
            ],
        );
        assert_eq!(
            shown["unmapped"],
            json!([
                {"path": "$['user']['id']", "seen": 2, "types": ["number", "string"]},
                {"path": "$['tier']", "seen": 1, "types": ["string"]},
                {"path": "$['user']['tags']", "seen": 1, "types": ["array"]}
            ])
        );
        assert_eq!(shown["replies"], 2);
    }

    #[test]
    fn keys_that_stopped_or_changed_are_told() {
        let keys = ["steady", "gone", "never", "typed", "nulled"];
        let entries: Vec<_> = keys
            .iter()
            .map(|key| json!({"property": format!("custom_data.{key}"), "key": key}))
            .collect();
        let shown = covered(
            json!(entries),
            &[
                r#"{"steady":1,"typed":"1","nulled":null}"#,
                r#"{"steady":2,"typed":null,"nulled":1}"#,
                r#"{"steady":3,"gone":1,"typed":1,"nulled":2}"#,
            ],
        );
        assert_eq!(
            shown["drifted"],
            json!([
                {"property": "custom_data.gone", "key": "gone", "kind": "stopped_arriving", "missing": 2},
                {"property": "custom_data.never", "key": "never", "kind": "never_arrived"},
                {"property": "custom_data.typed", "key": "typed", "kind": "changed_type", "from": "number", "to": "string"}
            ])
        );
        assert_eq!(covered(json!(entries), &[])["drifted"], json!([]));
    }

    #[test]
    fn the_list_is_bounded() {
        let members: Vec<String> = (0..2_000).map(|at| format!(r#""m{at}":1"#)).collect();
        let shown = covered(json!([]), &[&format!("{{{}}}", members.join(","))]);
        assert_eq!(shown["unmapped"].as_array().unwrap().len(), MAX_UNMAPPED);
    }
}
