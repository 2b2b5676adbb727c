//! A merge is undone: what moved goes back, what was edited since stays with the holder.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::merge::{MergeJournal, Moved, members, profile_of};
use crate::{ids::UserId, time::Timestamp, user::User};

/// Why a merge cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoRefusal {
    /// The 30 days are over.
    TooLate,
    /// The journal is of another user.
    WrongUser,
}

/// An undo that is decided. The newcomer's id is no alias any more, and the pair is never linked again by
/// itself.
#[derive(Debug, Clone, PartialEq)]
pub struct UndoPlan {
    /// The holder afterwards.
    pub holder: User,
    /// What goes back to the newcomer: what moved and still belongs to the holder.
    pub returns: Moved,
    /// What stays with the holder, for the audit record.
    pub stays: Stays,
    /// The pair that is never linked again by itself.
    pub barred: (UserId, UserId),
}

/// What an undo leaves with the holder.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stays {
    /// Members that were edited after the merge, by their claim names.
    pub edited: Vec<String>,
    /// What was removed after the merge, by its id.
    pub removed: Vec<String>,
}

/// Undoes the merge of `journal`. `held` is what the holder has now.
///
/// # Errors
/// It is too late, or the journal is of another user.
pub fn plan_undo(
    journal: &MergeJournal,
    holder: &User,
    held: &Moved,
    now: Timestamp,
) -> Result<UndoPlan, UndoRefusal> {
    if holder.id != journal.holder {
        return Err(UndoRefusal::WrongUser);
    }
    if now > journal.undo_until() {
        return Err(UndoRefusal::TooLate);
    }
    let mut after = holder.clone();
    let mut stays = Stays::default();
    let mut profile = members(&holder.profile);
    for (name, value) in &journal.filled {
        let is_as_filled = match name.as_str() {
            "username" => clear_if(&mut after.username, value, |username| {
                json!(username.as_str())
            }),
            "email" => clear_if(&mut after.primary_email, value, |email| {
                json!(email.value.as_str())
            }),
            "phone_number" => clear_if(&mut after.primary_phone, value, |phone| {
                json!(phone.value.as_str())
            }),
            "name" => clear_if(&mut after.name, value, |name| json!(name)),
            "picture" => clear_if(&mut after.avatar, value, |url| json!(url)),
            member => {
                let is_same = profile.get(member) == Some(value);
                if is_same {
                    profile.shift_remove(member);
                }
                is_same
            }
        };
        if !is_as_filled {
            stays.edited.push(name.clone());
        }
    }
    after.profile = profile_of(profile, &holder.profile);
    after.version += 1;
    after.updated_at = now;
    let mut back = |moved: &[String], held: &[String]| -> Vec<String> {
        let (returns, gone) = moved.iter().cloned().partition(|id| held.contains(id));
        let gone: Vec<String> = gone;
        stays.removed.extend(gone);
        returns
    };
    let returns = Moved {
        identities: back(&journal.moved.identities, &held.identities),
        devices: back(&journal.moved.devices, &held.devices),
        traces: back(&journal.moved.traces, &held.traces),
    };
    Ok(UndoPlan {
        holder: after,
        returns,
        stays,
        barred: (journal.holder.clone(), journal.newcomer.clone()),
    })
}

/// Empties a member that has the value which the merge gave it.
fn clear_if<T>(slot: &mut Option<T>, filled: &Value, show: impl Fn(&T) -> Value) -> bool {
    let is_same = slot.as_ref().is_some_and(|value| show(value) == *filled);
    if is_same {
        *slot = None;
    }
    is_same
}

#[cfg(test)]
mod tests {
    use serde_json::Map;
    use uuid::Uuid;

    use super::super::merge::{Proof, UNDO_TTL, plan_merge};
    use super::*;
    use crate::{
        custom_data::CustomData,
        email::EmailAddress,
        patch::Patch,
        profile::Profile,
        server_custom_id::ServerCustomId,
        user::{NewUser, UserPatch},
        username::Username,
    };

    fn proof() -> Proof {
        Proof {
            server_custom_id: ServerCustomId::parse("7").unwrap(),
            trace_id: "t1".into(),
        }
    }

    fn user(id: &str, new: NewUser) -> User {
        new.create(UserId::parse(id).unwrap(), Uuid::from_u128(1), Timestamp(0))
            .unwrap()
    }

    fn holder() -> User {
        let profile = Profile {
            nickname: Some("first".into()),
            ..Profile::default()
        };
        user(
            "holder",
            NewUser {
                profile,
                name: Some("Holder".into()),
                ..NewUser::default()
            },
        )
    }

    fn newcomer() -> User {
        let data: Map<String, Value> = json!({"mine": 1}).as_object().unwrap().clone();
        let profile = Profile {
            nickname: Some("second".into()),
            gender: Some("female".into()),
            birthdate: Some("1990-05-15".into()),
            ..Profile::default()
        };
        user(
            "newcomer",
            NewUser {
                username: Some(Username::parse("new").unwrap()),
                primary_email: Some(EmailAddress::parse("new@example.com").unwrap()),
                name: Some("Newcomer".into()),
                profile,
                custom_data: CustomData::parse(data).unwrap(),
                ..NewUser::default()
            },
        )
    }

    fn moved(identities: &[&str]) -> Moved {
        Moved {
            identities: identities.iter().map(|id| (*id).to_owned()).collect(),
            devices: vec!["d1".into()],
            ..Moved::default()
        }
    }

    #[test]
    fn a_merge_fills_gaps_and_changes_nothing_else() {
        let plan = plan_merge(
            &holder(),
            &newcomer(),
            moved(&["i1"]),
            proof(),
            Timestamp(5),
        );
        let after = &plan.holder;
        assert_eq!(
            (after.id.as_str(), after.login_id, after.version),
            ("holder", holder().login_id, 2)
        );
        assert_eq!(after.name.as_deref(), Some("Holder"));
        assert_eq!(after.profile.nickname.as_deref(), Some("first"));
        assert_eq!(after.profile.gender.as_deref(), Some("female"));
        assert_eq!(after.username.as_ref().map(Username::as_str), Some("new"));
        assert_eq!(after.custom_data, CustomData::default());
        assert_eq!(after.password, None);
        let names: Vec<_> = plan.journal.filled.keys().map(String::as_str).collect();
        assert_eq!(names, ["username", "email", "gender", "birthdate"]);
        let kept = serde_json::to_value(&plan.journal).unwrap();
        assert_eq!(
            serde_json::from_value::<MergeJournal>(kept).unwrap(),
            plan.journal
        );
    }

    #[test]
    fn an_undo_gives_back_what_nobody_touched() {
        let plan = plan_merge(
            &holder(),
            &newcomer(),
            moved(&["i1", "i2"]),
            proof(),
            Timestamp(5),
        );
        let now = Timestamp(6);
        let undo = plan_undo(
            &plan.journal,
            &plan.holder,
            &moved(&["i1", "i2", "own"]),
            now,
        )
        .unwrap();
        let untouched = User {
            version: 3,
            updated_at: now,
            ..holder()
        };
        assert_eq!(undo.holder, untouched);
        assert_eq!(undo.returns, moved(&["i1", "i2"]));
        assert_eq!(undo.stays, Stays::default());
        assert_eq!(
            (undo.barred.0.as_str(), undo.barred.1.as_str()),
            ("holder", "newcomer")
        );
    }

    #[test]
    fn later_edits_stay_with_the_holder() {
        let plan = plan_merge(
            &holder(),
            &newcomer(),
            moved(&["i1", "i2"]),
            proof(),
            Timestamp(5),
        );
        let profile = Profile {
            gender: Some("other".into()),
            ..plan.holder.profile.clone()
        };
        let patch = UserPatch {
            profile: Some(profile),
            username: Patch::Set(Username::parse("renamed").unwrap()),
            ..UserPatch::default()
        };
        let edited = plan.holder.apply(patch, Timestamp(7)).unwrap();
        let undo = plan_undo(&plan.journal, &edited, &moved(&["i2"]), Timestamp(8)).unwrap();
        assert_eq!(undo.stays.edited, ["username", "gender"]);
        assert_eq!(undo.stays.removed, ["i1"]);
        assert_eq!(undo.returns.identities, ["i2"]);
        assert_eq!(undo.holder.profile.gender.as_deref(), Some("other"));
        assert_eq!(undo.holder.profile.birthdate, None);
        assert_eq!(undo.holder.primary_email, None);
    }

    #[test]
    fn thirty_days_and_one_user() {
        let plan = plan_merge(
            &holder(),
            &newcomer(),
            Moved::default(),
            proof(),
            Timestamp(5),
        );
        let last = Timestamp(5) + UNDO_TTL;
        let held = Moved::default();
        assert!(plan_undo(&plan.journal, &plan.holder, &held, last).is_ok());
        let late = plan_undo(
            &plan.journal,
            &plan.holder,
            &held,
            Timestamp(last.millis() + 1),
        );
        assert_eq!(late.unwrap_err(), UndoRefusal::TooLate);
        let other = plan_undo(&plan.journal, &newcomer(), &held, last);
        assert_eq!(other.unwrap_err(), UndoRefusal::WrongUser);
    }
}
