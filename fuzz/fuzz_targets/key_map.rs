//! A key map (lines of `property key`, up to an empty line) and the reply that it reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use meibo_domain::key_map::{
    apply::{Applied, EntryOutcome, apply},
    attributes::AttributeChanges,
    coerce::{Coercion, GenderSynonyms},
    coverage::coverage,
    document::Unusable,
    entry::{EntryText, KeyMap, MapRights, When},
    path::SingularQuery,
    property::Property,
    reply::{Reply, ReplyLimits},
    suggest::suggest,
    value::PropertyValues,
};
use meibo_fuzz::NOW;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let end = input.windows(2).position(|two| two == b"\n\n");
    let (map, body) = end.map_or((&[][..], input), |at| (&input[..at], &input[at + 2..]));
    let Some(map) = std::str::from_utf8(map).ok().and_then(map_of) else {
        return;
    };
    let reply = match Reply::parse(body, ReplyLimits::default()) {
        Ok(reply) => reply,
        Err(why) => {
            check_refusal(&why, body);
            return;
        }
    };
    let theirs: Option<Value> = serde_json::from_slice(body).ok();
    assert!(theirs.is_none_or(|theirs| is_alike(&theirs, &reply.root().to_value())));

    let synonyms = GenderSynonyms::default();
    let coercion = Coercion::new(NOW, &synonyms);
    let applied = apply(&map, &reply, &PropertyValues::default(), &coercion);
    check_applied(&map, &reply, &applied);
    let _ = AttributeChanges::read(&reply);
    for suggestion in suggest(&reply, &coercion) {
        assert!(KeyMap::check(&[suggestion.entry], MapRights::default()).is_ok());
    }
    assert!(coverage(&map, &[reply]).replies == 1);
});

/// The map of these lines, if it is one.
fn map_of(text: &str) -> Option<KeyMap> {
    let entry = |line: &str| {
        let (property, key) = line.split_once(' ')?;
        let (key, required) = key
            .strip_suffix('!')
            .map_or((key, false), |key| (key, true));
        Some(EntryText {
            property: property.to_owned(),
            key: key.to_owned(),
            when: When::Always,
            required,
        })
    };
    let entries: Vec<EntryText> = text.lines().map(entry).collect::<Option<_>>()?;
    let map = KeyMap::check(&entries, MapRights::default()).ok()?;
    assert!(map.entry_of(&Property::EmailVerified).is_none());
    assert!(KeyMap::check(&map.to_text(), MapRights::default()).is_ok_and(|again| again == map));
    Some(map)
}

/// What is refused as no JSON, another parser does not read either.
fn check_refusal(why: &Unusable, body: &[u8]) {
    let theirs = serde_json::from_slice::<Value>(body);
    match why {
        Unusable::NotUtf8 | Unusable::NotJson(_) => assert!(theirs.is_err(), "{why}"),
        Unusable::NotAnObject => assert!(!theirs.expect("JSON").is_object()),
        _ => {}
    }
}

/// Every value stands where its path leads, and only mapped properties change.
fn check_applied(map: &KeyMap, reply: &Reply<'_>, applied: &Applied) {
    assert!(applied.entries.len() == map.entries().len());
    for result in &applied.entries {
        let Some(path) = &result.found_at else {
            assert!(result.outcome == EntryOutcome::Absent);
            continue;
        };
        let query = SingularQuery::parse(path).expect("a normalized path is a query");
        let (_, again) = query.find(reply.root()).expect("it leads to the value");
        assert!(again.into_string() == *path);
        assert!(result.outcome != EntryOutcome::Set || result.value.is_some());
        assert!((result.outcome == EntryOutcome::Invalid) == result.reason.is_some());
    }
    for change in &applied.changes {
        assert!(map.entry_of(&change.property).is_some());
    }
    let is_unusable = |outcome| matches!(outcome, EntryOutcome::Absent | EntryOutcome::Invalid);
    let mut results = map.entries().iter().zip(&applied.entries);
    let is_refused =
        results.any(|(entry, result)| entry.is_required && is_unusable(result.outcome));
    assert!(is_refused == applied.refusal.is_some());
    assert!(applied.refusal.is_none() || applied.changes.is_empty());
}

/// Equal but for doubles, which two parsers may round differently.
fn is_alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one.is_f64() || other.is_f64() || one == other
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, one)| other.get(name).is_some_and(|other| is_alike(one, other)))
        }
        _ => one == other,
    }
}
