//! Two users become one: the holder's gaps are filled, what belongs to the newcomer moves.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{
    ids::UserId,
    profile::Profile,
    server_custom_id::ServerCustomId,
    time::{Timestamp, days},
    user::User,
};

/// How long a merge can be undone.
pub const UNDO_TTL: std::time::Duration = days(30);

/// What moves with a merge, by ids, as it was loaded in the same decision.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Moved {
    /// Linked identities.
    pub identities: Vec<String>,
    /// Devices.
    pub devices: Vec<String>,
    /// Traces of storage calls.
    pub traces: Vec<String>,
}

/// Why two users were made one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// The id that both carry.
    pub server_custom_id: ServerCustomId,
    /// The storage call that said so.
    pub trace_id: String,
}

/// A merge that is decided: the holder as it will be, and the record from which it can be undone. All
/// sessions and grants of the newcomer end, its custom data stays under its own record.
#[derive(Debug, Clone, PartialEq)]
pub struct MergePlan {
    /// The holder afterwards.
    pub holder: User,
    /// Everything that an undo needs.
    pub journal: MergeJournal,
}

/// The record of a merge; sealed at rest, for it holds personal data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeJournal {
    /// The user that stayed.
    pub holder: UserId,
    /// The user that went; its id is an alias of the holder.
    pub newcomer: UserId,
    /// Why.
    pub proof: Proof,
    /// When.
    pub merged_at: Timestamp,
    /// Members of the holder that were empty and got the newcomer's value, by their claim names.
    pub filled: Map<String, Value>,
    /// What moved.
    pub moved: Moved,
}

impl MergeJournal {
    /// Until when it can be undone.
    #[must_use]
    pub fn undo_until(&self) -> Timestamp {
        self.merged_at + UNDO_TTL
    }
}

/// Makes `newcomer` part of `holder`. Identifiers (username, email address, phone number), name, picture and
/// profile fill gaps only; a password never moves, and custom data stays where it is.
#[must_use]
pub fn plan_merge(
    holder: &User,
    newcomer: &User,
    moved: Moved,
    proof: Proof,
    now: Timestamp,
) -> MergePlan {
    let mut filled = Map::new();
    let mut after = holder.clone();
    if after.username.is_none()
        && let Some(username) = &newcomer.username
    {
        filled.insert("username".to_owned(), json!(username.as_str()));
        after.username = Some(username.clone());
    }
    if after.primary_email.is_none()
        && let Some(email) = &newcomer.primary_email
    {
        filled.insert("email".to_owned(), json!(email.value.as_str()));
        after.primary_email = Some(email.clone());
    }
    if after.primary_phone.is_none()
        && let Some(phone) = &newcomer.primary_phone
    {
        filled.insert("phone_number".to_owned(), json!(phone.value.as_str()));
        after.primary_phone = Some(phone.clone());
    }
    fill(&mut after.name, &newcomer.name, "name", &mut filled);
    fill(&mut after.avatar, &newcomer.avatar, "picture", &mut filled);
    after.profile = fill_profile(&holder.profile, &newcomer.profile, &mut filled);
    after.version += 1;
    after.updated_at = now;
    MergePlan {
        holder: after,
        journal: MergeJournal {
            holder: holder.id.clone(),
            newcomer: newcomer.id.clone(),
            proof,
            merged_at: now,
            filled,
            moved,
        },
    }
}

fn fill(
    slot: &mut Option<String>,
    value: &Option<String>,
    name: &str,
    filled: &mut Map<String, Value>,
) {
    if slot.is_none()
        && let Some(value) = value
    {
        filled.insert(name.to_owned(), json!(value));
        *slot = Some(value.clone());
    }
}

/// The members of a profile by their claim names, so that none can be forgotten; the address is one.
pub(super) fn members(profile: &Profile) -> Map<String, Value> {
    match serde_json::to_value(profile) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The profile of these members. What cannot be read back, which cannot be, leaves `otherwise`.
pub(super) fn profile_of(members: Map<String, Value>, otherwise: &Profile) -> Profile {
    serde_json::from_value(Value::Object(members)).unwrap_or_else(|_| otherwise.clone())
}

fn fill_profile(holder: &Profile, newcomer: &Profile, filled: &mut Map<String, Value>) -> Profile {
    let mut present = members(holder);
    for (name, value) in members(newcomer) {
        if !present.contains_key(&name) {
            filled.insert(name.clone(), value.clone());
            present.insert(name, value);
        }
    }
    profile_of(present, holder)
}
