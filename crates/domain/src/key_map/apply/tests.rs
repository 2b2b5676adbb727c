//! What entries do, case by case.

mod properties;

use serde_json::Map;

use super::super::{
    changes::StorageCall,
    coerce::GenderSynonyms,
    entry::{EntryText, MapRights},
    replay::replay,
    reply::ReplyLimits,
};
use super::*;
use crate::{
    custom_data::CustomData,
    ids::UserId,
    property_source::Origin,
    storage_webhook::StorageWebhook,
    time::Timestamp,
    user::{NewUser, User},
};

const NOW: Timestamp = Timestamp::from_seconds(1_795_435_200);

fn checked(entries: Value) -> KeyMap {
    let entries: Vec<EntryText> = serde_json::from_value(entries).unwrap();
    let rights = MapRights {
        may_verify_email: true,
    };
    KeyMap::check(&entries, rights).unwrap()
}

fn parsed(text: &str) -> Reply<'_> {
    Reply::parse(text.as_bytes(), ReplyLimits::default()).unwrap()
}

fn applied(entries: Value, reply: &str, present: &PropertyValues) -> Applied {
    let synonyms = GenderSynonyms::default();
    let coercion = Coercion::new(NOW, &synonyms);
    apply(&checked(entries), &parsed(reply), present, &coercion)
}

/// A user with a nickname, an address and custom data, whose email address is not verified.
fn user() -> User {
    let data: Map<String, Value> = json!({"tier": "gold"}).as_object().unwrap().clone();
    let mut new = NewUser {
        custom_data: CustomData::parse(data).unwrap(),
        ..NewUser::default()
    };
    new.profile.nickname = Some("old".into());
    new.create(UserId::parse("u").unwrap(), uuid::Uuid::nil(), NOW)
        .unwrap()
}

fn present() -> PropertyValues {
    PropertyValues::of(&user(), None, Some(false))
}

#[test]
fn what_each_entry_did() {
    use EntryOutcome::{Absent, Invalid, Kept, Set, Unchanged};
    let long = "x".repeat(2_000);
    for (entry, reply, outcome, reason) in [
        (
            json!({"property": "nickname", "key": "n"}),
            r#"{"n":"new"}"#,
            Set,
            None,
        ),
        (
            json!({"property": "nickname", "key": "n"}),
            r#"{"n":" old "}"#,
            Unchanged,
            None,
        ),
        (
            json!({"property": "nickname", "key": "n", "when": "if_empty"}),
            r#"{"n":"new"}"#,
            Kept,
            Some(Reason::HasValue),
        ),
        (
            json!({"property": "nickname", "key": "n", "when": "if_empty"}),
            r#"{"n":"old"}"#,
            Unchanged,
            None,
        ),
        (
            json!({"property": "first_name", "key": "n", "when": "if_empty"}),
            r#"{"n":"new"}"#,
            Set,
            None,
        ),
        (
            json!({"property": "nickname", "key": "n"}),
            "{}",
            Absent,
            None,
        ),
        (
            json!({"property": "nickname", "key": "n"}),
            r#"{"n":null}"#,
            Absent,
            None,
        ),
        (
            json!({"property": "nickname", "key": "n"}),
            r#"{"n":{"a":1}}"#,
            Invalid,
            Some(Reason::WrongType),
        ),
        (
            json!({"property": "nickname", "key": "n"}),
            &format!(r#"{{"n":"{long}"}}"#),
            Invalid,
            Some(Reason::TooLong),
        ),
        (
            json!({"property": "custom_data.tier", "key": "t"}),
            r#"{"t":"gold"}"#,
            Unchanged,
            None,
        ),
        (
            json!({"property": "custom_data.tier", "key": "t"}),
            r#"{"t":["gold"]}"#,
            Set,
            None,
        ),
        (
            json!({"property": "email_verified", "key": "v"}),
            r#"{"v":true}"#,
            Set,
            None,
        ),
        (
            json!({"property": "email_verified", "key": "v"}),
            r#"{"v":false}"#,
            Unchanged,
            None,
        ),
        (
            json!({"property": "email_verified", "key": "v"}),
            r#"{"v":"yes"}"#,
            Invalid,
            Some(Reason::WrongType),
        ),
    ] {
        let applied = applied(json!([entry]), reply, &present());
        let result = &applied.entries[0];
        assert_eq!(
            (result.outcome, result.reason),
            (outcome, reason),
            "{entry} {reply:.60}"
        );
        assert_eq!(applied.changes.len(), usize::from(outcome == Set));
        assert_eq!(result.found_at.is_none(), reply == "{}");
    }
}

#[test]
fn a_reply_verifies_only_the_address_that_it_is_about() {
    let entry = json!([{"property": "email_verified", "key": "v"}]);
    for (current, reply, outcome, reason) in [
        (
            None,
            r#"{"v":true}"#,
            EntryOutcome::Kept,
            Some(Reason::NoAddressToVerify),
        ),
        (Some(true), r#"{"v":true}"#, EntryOutcome::Unchanged, None),
        (
            Some(true),
            r#"{"v":false}"#,
            EntryOutcome::Kept,
            Some(Reason::NotWithdrawn),
        ),
        (Some(false), r#"{"v":true}"#, EntryOutcome::Set, None),
    ] {
        let present = PropertyValues::of(&user(), None, current);
        let result = applied(entry.clone(), reply, &present).entries.remove(0);
        assert_eq!(
            (result.outcome, result.reason),
            (outcome, reason),
            "{current:?} {reply}"
        );
    }
}

#[test]
fn a_required_entry_without_a_value_refuses_the_sign_in_and_changes_nothing() {
    let entries = json!([
        {"property": "first_name", "key": "first"},
        {"property": "server_custom_id", "key": "id", "required": true},
        {"property": "birthday", "key": "dob", "required": true}
    ]);
    for (reply, property, reason) in [
        (r#"{"first":"A"}"#, Some("server_custom_id"), None),
        (
            r#"{"first":"A","id":1e20}"#,
            Some("server_custom_id"),
            Some(Reason::NotAnInteger),
        ),
        (
            r#"{"first":"A","id":1,"dob":"soon"}"#,
            Some("birthday"),
            Some(Reason::NotADate),
        ),
        (r#"{"first":"A","id":1,"dob":"1990-05-15"}"#, None, None),
    ] {
        let applied = applied(entries.clone(), reply, &present());
        let refusal = applied.refusal.as_ref();
        assert_eq!(
            refusal
                .map(|missing| missing.property.to_string())
                .as_deref(),
            property,
            "{reply}"
        );
        if let (Some(missing), Some(property)) = (refusal, property) {
            let error = Error::from(missing);
            assert_eq!(error.code(), ErrorCode::StorageValueMissing);
            assert_eq!(error.data_value(), Some(&json!({ "property": property })));
        }
        assert_eq!(refusal.and_then(|missing| missing.reason), reason);
        assert_eq!(applied.changes.is_empty(), property.is_some());
        assert_eq!(applied.server_custom_id().is_none(), property.is_some());
        assert_eq!(applied.entries[0].outcome, EntryOutcome::Set);
    }
}

#[test]
fn records_are_bounded_and_come_back_from_storage() {
    let long = "あ".repeat(2_000);
    let entries = json!([
        {"property": "nickname", "key": "long"},
        {"property": "first_name", "key": "list"},
        {"property": "server_custom_id", "key": "number"},
        {"property": "custom_data.list", "key": "list"},
        {"property": "custom_data.flag", "key": "flag"}
    ]);
    let reply = format!(
        r#"{{"long":"{long}","list":[1],"number":123456789012345678901234567890,"flag":true}}"#
    );
    let applied = applied(entries, &reply, &PropertyValues::default());
    let raw: Vec<_> = applied
        .entries
        .iter()
        .map(|entry| entry.raw.clone())
        .collect();
    assert_eq!(
        raw[0].as_ref().unwrap().as_str().unwrap().chars().count(),
        1_025
    );
    assert_eq!(raw[1], None);
    assert_eq!(raw[2], Some(json!("123456789012345678901234567890")));
    assert_eq!(raw[3], Some(json!([1])));
    let kept = serde_json::to_value(&applied.entries).unwrap();
    let read: Vec<EntryResult> = serde_json::from_value(kept.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), kept);
    assert_eq!(kept[2]["foundAt"], "$['number']");
    assert_eq!(kept[0]["outcome"], "invalid");
    assert_eq!(kept[0]["reason"], "too_long");
}

#[test]
fn custom_data_stays_within_its_bounds_together() {
    let entries: Vec<_> = (0..5)
        .map(|at| json!({"property": format!("custom_data.x{at}"), "key": "$.text"}))
        .collect();
    let text = "x".repeat(20_000);
    let applied = applied(
        json!(entries),
        &format!(r#"{{"text":"{text}"}}"#),
        &present(),
    );
    let outcomes: Vec<_> = applied.entries.iter().map(|entry| entry.outcome).collect();
    let (taken, refused) = (EntryOutcome::Set, EntryOutcome::Invalid);
    assert_eq!(outcomes, [taken, taken, taken, refused, refused]);
    assert_eq!(applied.entries[4].reason, Some(Reason::TooLarge));
    assert!(applied.for_user(&user()).is_ok());
}

#[test]
fn changes_reach_the_user_with_their_sources() {
    let entries = json!([
        {"property": "nickname", "key": "nick"},
        {"property": "birthdate", "key": "dob"},
        {"property": "name", "key": "full"},
        {"property": "address.country", "key": "country"},
        {"property": "custom_data.level", "key": "level"},
        {"property": "server_custom_id", "key": "id"},
        {"property": "email_verified", "key": "v"},
        {"property": "custom_data.tier", "key": "tier"}
    ]);
    let reply = r#"{"u":{"nick":"new","dob":19900515,"full":"A B","country":"JP"},"level":3,"id":7,"v":true,"tier":"gold"}"#;
    let applied = applied(entries, reply, &present());
    let changes = applied.for_user(&user()).unwrap();
    assert_eq!(changes.server_custom_id.unwrap().as_str(), "7");
    assert!(changes.verifies_email);
    let after = user().apply(changes.patch.unwrap(), NOW).unwrap();
    assert_eq!(after.profile.nickname.as_deref(), Some("new"));
    assert_eq!(after.profile.birthdate.as_deref(), Some("1990-05-15"));
    assert_eq!(after.name.as_deref(), Some("A B"));
    assert_eq!(
        after.profile.address.unwrap().country.as_deref(),
        Some("JP")
    );
    assert_eq!(
        Value::Object(after.custom_data.members().clone()),
        json!({"tier": "gold", "level": 3})
    );
    let call = StorageCall {
        webhook: StorageWebhook::SocialLogin,
        trace_id: "t".into(),
        map_version: 4,
        at: NOW,
    };
    let sources: Vec<_> = applied.sources(&call).collect();
    assert_eq!(sources.len(), 7, "what is unchanged keeps its source");
    let Origin::StorageWebhook {
        found_at,
        map_version,
        ..
    } = &sources[0].1.origin
    else {
        panic!("not from a webhook")
    };
    assert_eq!((found_at.as_str(), *map_version), ("$['u']['nick']", 4));
    assert_eq!(
        applied.changes[0].previous,
        Some(PropertyValue::Text("old".into()))
    );
}

#[test]
fn a_map_without_changes_leaves_the_user_alone() {
    let applied = applied(
        json!([{"property": "nickname", "key": "n"}]),
        r#"{"n":"old"}"#,
        &present(),
    );
    assert!(applied.for_user(&user()).unwrap().patch.is_none());
}

#[test]
fn a_replay_tells_what_a_draft_would_change() {
    let synonyms = GenderSynonyms::default();
    let coercion = Coercion::new(NOW, &synonyms);
    let published = checked(json!([
        {"property": "nickname", "key": "a"}, {"property": "gender", "key": "g"}, {"property": "locale", "key": "l"}
    ]));
    let draft = checked(json!([
        {"property": "nickname", "key": "b"},
        {"property": "gender", "key": "$.g", "required": true},
        {"property": "birthday", "key": "dob"}
    ]));
    let values = PropertyValues::default();
    let of = |text: &str| replay(&published, &draft, &parsed(text), &values, &coercion);
    let result = of(r#"{"a":"x","b":"x","g":"?","l":"ja"}"#);
    let names: Vec<_> = result
        .differences
        .iter()
        .map(|one| one.property.to_string())
        .collect();
    assert_eq!(names, ["locale", "birthday"]);
    assert!(result.draft_refuses && !result.published_refuses && !result.is_same());
    let result = of(r#"{"a":"x","b":"y","g":"f"}"#);
    assert_eq!(
        result.differences[0].draft.as_ref().unwrap().value,
        Some(PropertyValue::Text("y".into()))
    );
    assert!(!result.draft_refuses);
    assert!(replay(&draft, &draft, &parsed("{}"), &values, &coercion).is_same());
}
