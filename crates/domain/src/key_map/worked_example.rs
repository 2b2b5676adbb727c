//! The worked example: a game company's reply, a map of two entries, and the answer.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    apply::{EntryOutcome, apply},
    coerce::{Coercion, GenderSynonyms},
    entry::{EntryText, KeyMap, MapRights},
    preview::preview,
    reply::{Reply, ReplyLimits},
    suggest::suggest,
    token_claims::{LoginToken, LoginType, MAX_PARTNER_DATA, mapped_claims},
    user_details::{Device, Group, RegisterData, UserDetails},
    value::PropertyValues,
};
use crate::{linking::LinkingDecision, time::Timestamp};

const REPLY: &str = r#"{
  "user": {
    "player_id": "12345678",
    "email": "user@example.com"
  },
  "user_info": {
    "username": "gamer123",
    "user_first_name": "John",
    "user_last_name": "Doe",
    "gender": "male",
    "birthday": "1990-05-15",
    "country": "US",
    "language": "en"
  },
  "subscription_status": "active",
  "loyalty_level": "gold"
}"#;

const NOW: Timestamp = Timestamp::from_seconds(1_795_435_200);

fn reply() -> Reply<'static> {
    Reply::parse(REPLY.as_bytes(), ReplyLimits::default()).unwrap()
}

fn checked(entries: Value) -> KeyMap {
    let entries: Vec<EntryText> = serde_json::from_value(entries).unwrap();
    KeyMap::check(&entries, MapRights::default()).unwrap()
}

fn map() -> KeyMap {
    checked(json!([
        {"property": "nickname", "key": "username"},
        {"property": "server_custom_id", "key": "player_id"}
    ]))
}

/// Groups and devices of the example's answer, and nothing that it shows as null.
fn register() -> RegisterData {
    let group = |id, name: &str| Group {
        id,
        is_default: false,
        name: name.into(),
        is_deletable: None,
    };
    RegisterData {
        devices: vec![Device::default(), Device::default()],
        groups: vec![group(1, "admin"), group(5, "user")],
        ..RegisterData::default()
    }
}

#[test]
fn the_two_keys_find_what_the_example_means() {
    let synonyms = GenderSynonyms::default();
    let coercion = Coercion::new(NOW, &synonyms);
    let applied = apply(&map(), &reply(), &PropertyValues::default(), &coercion);
    let shown: Vec<_> = applied
        .entries
        .iter()
        .map(|entry| {
            let value = entry.value.as_ref().map(|value| value.to_value());
            (
                entry.found_at.as_deref(),
                value,
                entry.outcome,
                entry.ambiguous,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            (
                Some("$['user_info']['username']"),
                Some(json!("gamer123")),
                EntryOutcome::Set,
                false
            ),
            (
                Some("$['user']['player_id']"),
                Some(json!("12345678")),
                EntryOutcome::Set,
                false
            ),
        ]
    );
    assert_eq!(applied.changes.len(), 2);
}

#[test]
fn the_answer_is_the_documents_own() {
    let synonyms = GenderSynonyms::default();
    let coercion = Coercion::new(NOW, &synonyms);
    let before = PropertyValues::default();
    let after = apply(&map(), &reply(), &before, &coercion).after(&before);
    let details = UserDetails::new(&register(), &after, None);
    let expected = r#"{
  "birthday": null,
  "country": null,
  "devices": [
    {
      "device": null,
      "last_used_at": null,
      "type": null
    },
    {
      "device": null,
      "last_used_at": null,
      "type": null
    }
  ],
  "email": null,
  "external_id": null,
  "first_name": null,
  "gender": null,
  "groups": [
    {
      "id": 1,
      "is_default": false,
      "name": "admin"
    },
    {
      "id": 5,
      "is_default": false,
      "name": "user"
    }
  ],
  "id": null,
  "is_anonymous": false,
  "last_login": null,
  "last_name": null,
  "nickname": "gamer123",
  "phone": null,
  "phone_auth": null,
  "registered": null,
  "tag": null,
  "username": null
}"#;
    assert_eq!(serde_json::to_string_pretty(&details).unwrap(), expected);
}

#[test]
fn the_token_carries_what_is_mapped_and_the_reply_whole() {
    let synonyms = GenderSynonyms::default();
    let coercion = Coercion::new(NOW, &synonyms);
    let shown = preview(
        &map(),
        &reply(),
        &PropertyValues::default(),
        &coercion,
        &register(),
        |id| {
            assert_eq!(id, Some("12345678"));
            LinkingDecision::Claim
        },
    );
    let whole: Value = serde_json::from_str(REPLY).unwrap();
    assert_eq!(
        Value::Object(shown.token_claims),
        json!({"nickname": "gamer123", "server_custom_id": "12345678", "partner_data": whole})
    );
    assert_eq!(shown.linking, LinkingDecision::Claim);
    assert_eq!(shown.refusal, None);
}

#[test]
fn claims_of_the_protocol_cannot_be_mapped_over() {
    let synonyms = GenderSynonyms::default();
    let coercion = Coercion::new(NOW, &synonyms);
    let map = checked(json!([
        {"property": "gender", "key": "gender"},
        {"property": "address.country", "key": "country"},
        {"property": "custom_data.loyalty_level", "key": "loyalty_level"}
    ]));
    let before = PropertyValues::default();
    let after = apply(&map, &reply(), &before, &coercion).after(&before);
    let mut mapped = mapped_claims(&[&map], &after, None);
    mapped.members.insert("sub".into(), json!("somebody else"));
    mapped
        .members
        .insert("provider".into(), json!("somebody else"));
    let token = LoginToken {
        sub: Uuid::from_u128(1),
        issuer: "https://login.example".into(),
        issued_at: NOW,
        expires_at: NOW,
        jti: "j".into(),
        project_id: Uuid::from_u128(2),
        login_type: LoginType::Proxy,
        provider: None,
        groups: register().groups,
    };
    let mut claims = Value::Object(token.claims(&mapped));
    claims.as_object_mut().unwrap().sort_keys();
    assert_eq!(
        claims,
        json!({
            "address": {"country": "US"}, "exp": 1_795_435_200, "gender": "m",
            "groups": [
                {"id": 1, "is_default": false, "name": "admin"}, {"id": 5, "is_default": false, "name": "user"}
            ],
            "iat": 1_795_435_200, "iss": "https://login.example", "jti": "j", "loyalty_level": "gold",
            "sub": "00000000-0000-0000-0000-000000000001", "type": "proxy",
            "xsolla_login_project_id": "00000000-0000-0000-0000-000000000002"
        })
    );
}

#[test]
fn partner_data_beyond_a_thousand_characters_stays_out_of_tokens() {
    let data = |characters: usize| {
        let text = "あ".repeat(characters - r#"{"a":""}"#.len());
        json!({"a": text}).as_object().unwrap().clone()
    };
    let values = PropertyValues::default();
    let fits = mapped_claims(&[], &values, Some(&data(MAX_PARTNER_DATA)));
    assert!(fits.members.contains_key("partner_data") && fits.left_out.is_none());
    let large = mapped_claims(&[], &values, Some(&data(MAX_PARTNER_DATA + 1)));
    assert!(large.members.is_empty());
    assert_eq!(
        large.left_out.map(|left_out| left_out.characters),
        Some(MAX_PARTNER_DATA + 1)
    );
}

#[test]
fn previews_show_no_secret() {
    let text = r#"{"session_token":"s3cret","nick":"a","user":{"password":{"nick2":"p"}}}"#;
    let reply = Reply::parse(text.as_bytes(), ReplyLimits::default()).unwrap();
    let map = checked(json!([
        {"property": "nickname", "key": "session_token"},
        {"property": "first_name", "key": "nick2"},
        {"property": "last_name", "key": "nick"}
    ]));
    let synonyms = GenderSynonyms::default();
    let coercion = Coercion::new(NOW, &synonyms);
    let shown = preview(
        &map,
        &reply,
        &PropertyValues::default(),
        &coercion,
        &register(),
        |_| LinkingDecision::Nothing,
    );
    let raw: Vec<_> = shown
        .entries
        .iter()
        .map(|entry| entry.raw.clone().unwrap())
        .collect();
    assert_eq!(raw, [json!("***"), json!("***"), json!("a")]);
    assert_eq!(
        shown.token_claims["partner_data"],
        json!({"session_token": "***", "nick": "a", "user": {"password": "***"}})
    );
}

#[test]
fn the_example_suggests_all_six_entries() {
    let synonyms = GenderSynonyms::default();
    let suggestions = suggest(&reply(), &Coercion::new(NOW, &synonyms));
    let entries: Vec<_> = suggestions
        .iter()
        .map(|suggestion| {
            (
                suggestion.entry.property.as_str(),
                suggestion.entry.key.as_str(),
            )
        })
        .collect();
    assert_eq!(
        entries,
        [
            ("birthday", "birthday"),
            ("nickname", "username"),
            ("first_name", "user_first_name"),
            ("last_name", "user_last_name"),
            ("gender", "gender"),
            ("server_custom_id", "player_id"),
        ]
    );
}
