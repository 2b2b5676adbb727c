//! Accounts that one `server_custom_id` links: who stays, what moves, and what is only reported.
//!
//! The proof is the storage's own reply over an authenticated call. An email address never links. The
//! holder of the id stays, and its `sub` never changes. A suspended holder is linked to like any other,
//! so that a second identity is no way around a suspension.

pub mod merge;
pub mod undo;

use serde::{Deserialize, Serialize};

use crate::{ids::UserId, server_custom_id::ServerCustomId};

/// What becomes of a newcomer that is a user of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkMode {
    /// The identity moves to the holder; two users with belongings stay two and are reported.
    #[default]
    Attach,
    /// The two users become one.
    Merge,
}

/// The operator's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkingPolicy {
    /// Are accounts linked at all?
    pub is_on: bool,
    /// What becomes of a newcomer that is a user of its own.
    pub mode: LinkMode,
}

/// What a user has beside the identity that is signing in, its profile and its traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Belongings {
    /// Another linked identity.
    pub has_other_identity: bool,
    /// A password that this server keeps, or another local way to sign in.
    pub has_password: bool,
    /// Custom data.
    pub has_custom_data: bool,
}

impl Belongings {
    const fn is_empty(self) -> bool {
        !self.has_other_identity && !self.has_password && !self.has_custom_data
    }
}

/// The user that the identity belongs to before the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// Its id.
    pub user_id: UserId,
    /// The id on the operator's server that it has.
    pub server_custom_id: Option<ServerCustomId>,
    /// What else it has.
    pub belongings: Belongings,
    /// Does it hold a role of the console?
    pub has_console_role: bool,
}

/// The user that holds the incoming id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its id.
    pub user_id: UserId,
    /// Does it hold a role of the console?
    pub has_console_role: bool,
    /// Was a link of just these two undone before?
    pub is_barred: bool,
}

/// Why nothing is linked, or only in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictReason {
    /// Linking is off, and the id belongs to another account.
    LinkingOff,
    /// Both are users with belongings, and the operator chose to attach only.
    BothHaveBelongings,
    /// Both have an id on the operator's server, two different ones: they are two persons there.
    TwoIds,
    /// A link of the two was undone; it is never made again by itself.
    Barred,
    /// One of them may use the console; what a storage says does not reach such an account.
    ConsoleRole,
}

/// What is done about an incoming id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "decision",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum LinkingDecision {
    /// Nothing: the reply carried no usable id, or the account has it already.
    Nothing,
    /// Nobody holds the id: the account gets it (a new one is made with it).
    Claim,
    /// The identity, new or moved, belongs to the holder from now on.
    Attach {
        /// The user that stays.
        holder: UserId,
        /// The newcomer's empty account, from now on an alias of the holder.
        alias: Option<UserId>,
    },
    /// The identity moves to the holder, and the account that it leaves stays as it is.
    AttachAndReport {
        /// The user that stays.
        holder: UserId,
        /// The account that the identity leaves.
        left: UserId,
        /// What is reported.
        reason: ConflictReason,
    },
    /// The newcomer becomes part of the holder: its tokens and sessions end, its id becomes an alias.
    Merge {
        /// The user that stays.
        holder: UserId,
        /// The user that goes.
        newcomer: UserId,
    },
    /// The account stays apart and does not get the id; the sign-in goes on.
    Refused {
        /// The user that holds the id.
        holder: UserId,
        /// What is reported.
        reason: ConflictReason,
    },
}

/// Decides about `incoming`, which the storage told of an identity. `newcomer` is none for an identity that
/// belongs to nobody yet, `holder` none when no user has the id.
///
/// Two sign-ins that carry one new id at the same instant both get `Claim`; the unique index lets one
/// through, and the other loads and decides again.
#[must_use]
pub fn decide(
    policy: LinkingPolicy,
    incoming: Option<&ServerCustomId>,
    holder: Option<&Holder>,
    newcomer: Option<&Newcomer>,
) -> LinkingDecision {
    let Some(incoming) = incoming else {
        return LinkingDecision::Nothing;
    };
    let Some(holder) = holder else {
        return LinkingDecision::Claim;
    };
    if newcomer.is_some_and(|newcomer| newcomer.user_id == holder.user_id) {
        return LinkingDecision::Nothing;
    }
    let has_role = holder.has_console_role || newcomer.is_some_and(|user| user.has_console_role);
    let refusal = if !policy.is_on {
        Some(ConflictReason::LinkingOff)
    } else if has_role {
        Some(ConflictReason::ConsoleRole)
    } else if holder.is_barred {
        Some(ConflictReason::Barred)
    } else {
        None
    };
    let stays = holder.user_id.clone();
    if let Some(reason) = refusal {
        return LinkingDecision::Refused {
            holder: stays,
            reason,
        };
    }
    let Some(newcomer) = newcomer else {
        return LinkingDecision::Attach {
            holder: stays,
            alias: None,
        };
    };
    let has_another_id = (newcomer.server_custom_id.as_ref()).is_some_and(|own| own != incoming);
    if has_another_id {
        return LinkingDecision::AttachAndReport {
            holder: stays,
            left: newcomer.user_id.clone(),
            reason: ConflictReason::TwoIds,
        };
    }
    match policy.mode {
        LinkMode::Merge => LinkingDecision::Merge {
            holder: stays,
            newcomer: newcomer.user_id.clone(),
        },
        LinkMode::Attach if newcomer.belongings.is_empty() => LinkingDecision::Attach {
            holder: stays,
            alias: Some(newcomer.user_id.clone()),
        },
        LinkMode::Attach => LinkingDecision::AttachAndReport {
            holder: stays,
            left: newcomer.user_id.clone(),
            reason: ConflictReason::BothHaveBelongings,
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn id(text: &str) -> UserId {
        UserId::parse(text).unwrap()
    }

    fn custom(text: &str) -> ServerCustomId {
        ServerCustomId::parse(text).unwrap()
    }

    fn holder() -> Holder {
        Holder {
            user_id: id("holder"),
            has_console_role: false,
            is_barred: false,
        }
    }

    fn newcomer() -> Newcomer {
        Newcomer {
            user_id: id("newcomer"),
            server_custom_id: None,
            belongings: Belongings::default(),
            has_console_role: false,
        }
    }

    fn with_password() -> Newcomer {
        let belongings = Belongings {
            has_password: true,
            ..Belongings::default()
        };
        Newcomer {
            belongings,
            ..newcomer()
        }
    }

    const OFF: LinkingPolicy = LinkingPolicy {
        is_on: false,
        mode: LinkMode::Merge,
    };
    const ATTACH: LinkingPolicy = LinkingPolicy {
        is_on: true,
        mode: LinkMode::Attach,
    };
    const MERGE: LinkingPolicy = LinkingPolicy {
        is_on: true,
        mode: LinkMode::Merge,
    };

    #[test]
    fn the_holder_stays_and_the_newcomer_comes_to_it() {
        let attach =
            |alias: Option<&str>| json!({"decision": "attach", "holder": "holder", "alias": alias});
        let report = |reason: &str| json!({"decision": "attach_and_report", "holder": "holder", "left": "newcomer", "reason": reason});
        let refused =
            |reason: &str| json!({"decision": "refused", "holder": "holder", "reason": reason});
        let merge = json!({"decision": "merge", "holder": "holder", "newcomer": "newcomer"});
        let barred = Holder {
            is_barred: true,
            ..holder()
        };
        let administrator = Holder {
            has_console_role: true,
            ..holder()
        };
        let own_id = |text: &str| Newcomer {
            server_custom_id: Some(custom(text)),
            ..newcomer()
        };
        let with_data = Newcomer {
            belongings: Belongings {
                has_custom_data: true,
                ..Belongings::default()
            },
            ..newcomer()
        };
        let with_identity = Newcomer {
            belongings: Belongings {
                has_other_identity: true,
                ..Belongings::default()
            },
            ..newcomer()
        };
        let console = Newcomer {
            has_console_role: true,
            ..newcomer()
        };
        for (policy, holder, newcomer, expected) in [
            // Nobody holds it: on or off, new or known.
            (OFF, None, None, json!({"decision": "claim"})),
            (ATTACH, None, Some(newcomer()), json!({"decision": "claim"})),
            (MERGE, None, Some(own_id("6")), json!({"decision": "claim"})),
            // Off: an error of the property, not of the sign-in.
            (OFF, Some(holder()), None, refused("linking_off")),
            (
                OFF,
                Some(holder()),
                Some(newcomer()),
                refused("linking_off"),
            ),
            // A new identity comes to the holder in either mode.
            (ATTACH, Some(holder()), None, attach(None)),
            (MERGE, Some(holder()), None, attach(None)),
            // A user of its own.
            (
                ATTACH,
                Some(holder()),
                Some(newcomer()),
                attach(Some("newcomer")),
            ),
            (
                ATTACH,
                Some(holder()),
                Some(with_password()),
                report("both_have_belongings"),
            ),
            (
                ATTACH,
                Some(holder()),
                Some(with_data),
                report("both_have_belongings"),
            ),
            (
                ATTACH,
                Some(holder()),
                Some(with_identity),
                report("both_have_belongings"),
            ),
            (MERGE, Some(holder()), Some(newcomer()), merge.clone()),
            (MERGE, Some(holder()), Some(with_password()), merge),
            // Two persons on the operator's server are never made one.
            (ATTACH, Some(holder()), Some(own_id("6")), report("two_ids")),
            (MERGE, Some(holder()), Some(own_id("6")), report("two_ids")),
            // What was undone stays undone, and a storage does not reach the console.
            (
                MERGE,
                Some(barred.clone()),
                Some(newcomer()),
                refused("barred"),
            ),
            (ATTACH, Some(barred), Some(newcomer()), refused("barred")),
            (
                MERGE,
                Some(administrator.clone()),
                Some(newcomer()),
                refused("console_role"),
            ),
            (ATTACH, Some(administrator), None, refused("console_role")),
            (
                MERGE,
                Some(holder()),
                Some(console),
                refused("console_role"),
            ),
        ] {
            let incoming = custom("7");
            let decision = decide(policy, Some(&incoming), holder.as_ref(), newcomer.as_ref());
            let shown = serde_json::to_value(&decision).unwrap();
            assert_eq!(shown, expected);
            assert_eq!(
                serde_json::from_value::<LinkingDecision>(shown).unwrap(),
                decision
            );
        }
    }

    #[test]
    fn nothing_happens_without_an_id_or_to_the_holder_itself() {
        for policy in [OFF, ATTACH, MERGE] {
            let nothing = decide(policy, None, Some(&holder()), Some(&newcomer()));
            assert_eq!(nothing, LinkingDecision::Nothing);
            let own = Newcomer {
                user_id: id("holder"),
                server_custom_id: Some(custom("7")),
                ..with_password()
            };
            let decision = decide(policy, Some(&custom("7")), Some(&holder()), Some(&own));
            assert_eq!(decision, LinkingDecision::Nothing);
        }
    }
}
