//! What holds for every map and every reply.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::super::{
    coerce::{Coercion, GenderSynonyms},
    document::Unusable,
    entry::KeyMap,
    preview::preview,
    property::Property,
    reply::{Reply, ReplyLimits},
    user_details::RegisterData,
    value::{PropertyValue, PropertyValues},
};
use super::{NOW, apply, checked, parsed, present, user};
use crate::linking::LinkingDecision;

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]",
        Just("nickname".to_owned()),
        Just("email".to_owned()),
        Just("sub".to_owned()),
        Just("gender".to_owned()),
        "[a-c]\\.[a-c]",
    ]
}

fn replies() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<i64>().prop_map(Into::into),
        "[a-zé ]{0,6}".prop_map(Into::into),
        Just(json!("female")),
        Just(json!("1990-05-15")),
        any::<bool>().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 30, 6, |inner| {
        prop_oneof![
            prop::collection::vec((names(), inner.clone()), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            prop::collection::vec(inner, 0..3).prop_map(Value::Array),
        ]
    })
    .prop_map(|value| {
        if value.is_object() {
            value
        } else {
            json!({"a": value})
        }
    })
}

fn maps() -> impl Strategy<Value = KeyMap> {
    let property = prop_oneof![
        prop::sample::select(Property::NAMED).prop_map(|property| property.to_string()),
        Just("custom_data.x".to_owned()),
    ];
    let key = prop_oneof![
        names(),
        Just("$.a.b".to_owned()),
        Just("$['a'][0]".to_owned())
    ];
    let entry = (property, key, any::<bool>(), any::<bool>()).prop_map(
        |(property, key, fills, required)| {
            let when = if fills { "if_empty" } else { "always" };
            json!({"property": property, "key": key, "when": when, "required": required})
        },
    );
    prop::collection::vec(entry, 0..8).prop_map(|mut entries| {
        let mut seen = std::collections::HashSet::new();
        entries.retain(|entry| seen.insert(entry["property"].to_string()));
        checked(json!(entries))
    })
}

/// The same document with the members of every object the other way round.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().rev();
            Value::Object(
                members
                    .map(|(name, value)| (name.clone(), reversed(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_map_never_writes_an_unmapped_property(map in maps(), reply in replies()) {
        let synonyms = GenderSynonyms::default();
        let coercion = Coercion::new(NOW, &synonyms);
        let text = reply.to_string();
        let before = present();
        let applied = apply(&map, &parsed(&text), &before, &coercion);
        for change in &applied.changes {
            prop_assert!(map.entry_of(&change.property).is_some());
            prop_assert_ne!(Some(&change.value), before.get(&change.property));
        }
        let after = applied.after(&before);
        for property in Property::NAMED {
            if map.entry_of(property).is_none() {
                prop_assert_eq!(after.get(property), before.get(property));
            }
        }
        // The user itself, too: only what is mapped differs, and the register takes it.
        let changes = applied.for_user(&user()).unwrap();
        if let Some(patch) = changes.patch {
            let changed = user().apply(patch, NOW).unwrap();
            let id = changes.server_custom_id;
            let verified = Some(changes.verifies_email);
            prop_assert_eq!(PropertyValues::of(&changed, id.as_ref(), verified), after);
            prop_assert_eq!((changed.id, changed.username, changed.primary_email), (user().id, None, None));
        }
    }

    #[test]
    fn a_preview_shows_what_a_sign_in_does(map in maps(), reply in replies()) {
        let synonyms = GenderSynonyms::default();
        let coercion = Coercion::new(NOW, &synonyms);
        let text = reply.to_string();
        let (reply, before) = (parsed(&text), present());
        let applied = apply(&map, &reply, &before, &coercion);
        let shown = preview(&map, &reply, &before, &coercion, &RegisterData::default(), |id| {
            assert_eq!(id, applied.server_custom_id());
            LinkingDecision::Nothing
        });
        prop_assert_eq!(&shown.entries, &applied.entries);
        prop_assert_eq!(&shown.refusal, &applied.refusal);
        let after = applied.after(&before);
        let details = serde_json::to_value(shown.user_details).unwrap();
        let nickname = after.get(&Property::Nickname).and_then(PropertyValue::as_text);
        prop_assert_eq!(details["nickname"].as_str(), nickname);
        for property in [Property::Nickname, Property::Birthday, Property::ServerCustomId] {
            let claim = shown.token_claims.get(&property.to_string());
            let value = after.get(&property).filter(|_| map.entry_of(&property).is_some());
            prop_assert_eq!(claim.cloned(), value.map(PropertyValue::to_value));
        }
    }

    /// Only an ambiguous entry may depend on the order of members.
    #[test]
    fn the_order_of_members_decides_nothing_but_ambiguity(map in maps(), reply in replies()) {
        let synonyms = GenderSynonyms::default();
        let coercion = Coercion::new(NOW, &synonyms);
        let (text, turned) = (reply.to_string(), reversed(&reply).to_string());
        let before = apply(&map, &parsed(&text), &present(), &coercion);
        let after = apply(&map, &parsed(&turned), &present(), &coercion);
        for (one, other) in before.entries.iter().zip(&after.entries) {
            prop_assert_eq!(one.ambiguous, other.ambiguous);
            prop_assert!(one.ambiguous || one.found_at == other.found_at);
            if !one.ambiguous && one.raw.is_some() {
                prop_assert_eq!((&one.value, one.outcome), (&other.value, other.outcome));
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(map in maps(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let synonyms = GenderSynonyms::default();
        let coercion = Coercion::new(NOW, &synonyms);
        match Reply::parse(&bytes, ReplyLimits::default()) {
            Ok(reply) => drop(apply(&map, &reply, &present(), &coercion)),
            Err(why) => prop_assert!(why != Unusable::TooDeep || bytes.len() > 32),
        }
    }
}
