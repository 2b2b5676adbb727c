//! Consent: what a person lets somebody else's application do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ApplicationId, SessionId, UserId},
    scope::ScopeSet,
    time::Timestamp,
};

/// How far a consent reaches. Scopes are kept with the resource that they belong to: to allow `read`
/// at one and `write` at another allows neither at the other's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Extent {
    /// The standard scopes (OpenID Connect Core sections 5.4 and 11).
    pub scopes: ScopeSet,
    /// The scopes of each API resource, by its indicator; a resource without scopes counts too.
    pub resources: BTreeMap<String, ScopeSet>,
}

impl Extent {
    /// Is everything in `asked` in this too?
    #[must_use]
    pub fn covers(&self, asked: &Self) -> bool {
        asked.scopes.is_subset(&self.scopes)
            && asked.resources.iter().all(|(indicator, scopes)| {
                self.resources
                    .get(indicator)
                    .is_some_and(|allowed| scopes.is_subset(allowed))
            })
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut union = Self {
            scopes: self.scopes.union(&other.scopes),
            resources: self.resources.clone(),
        };
        for (indicator, scopes) in &other.resources {
            let all = union.resources.entry(indicator.clone()).or_default();
            *all = all.union(scopes);
        }
        union
    }
}

/// What one person has allowed one third-party application, remembered until it is revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Whose account.
    pub user_id: UserId,
    /// Which application.
    pub application_id: ApplicationId,
    /// Grows with every change.
    pub version: i64,
    /// What is allowed.
    pub extent: Extent,
    /// When the person first agreed.
    pub created_at: Timestamp,
    /// When the person last agreed.
    pub updated_at: Timestamp,
}

impl Consent {
    /// The consent after the person has agreed to `extent`: what was allowed before stays allowed.
    #[must_use]
    pub fn widened(&self, extent: &Extent, now: Timestamp) -> Self {
        Self {
            version: self.version + 1,
            extent: self.extent.union(extent),
            updated_at: now,
            ..self.clone()
        }
    }
}

/// What a person said on the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentDecision {
    /// Yes.
    Allow,
    /// No.
    Deny,
}

impl ConsentDecision {
    /// The value of the page's buttons, and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }

    /// From that value.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Allow, Self::Deny]
            .into_iter()
            .find(|decision| decision.as_str() == text)
    }
}

/// A decision and the session that made it; in another session it means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentAnswer {
    /// What was said.
    pub decision: ConsentDecision,
    /// The session of the person who said it.
    pub session_id: SessionId,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn extent(scopes: &str, resources: &[(&str, &str)]) -> Extent {
        let parse = |text: &str| ScopeSet::parse(text).unwrap();
        Extent {
            scopes: parse(scopes),
            resources: resources
                .iter()
                .map(|(indicator, scopes)| ((*indicator).to_owned(), parse(scopes)))
                .collect(),
        }
    }

    #[test]
    fn a_consent_covers_what_was_shown_and_no_more() {
        let allowed = extent(
            "email openid",
            &[("urn:a", "read"), ("urn:b", "write"), ("urn:c", "")],
        );
        for (asked, is_covered) in [
            (extent("", &[]), true),
            (extent("openid", &[("urn:a", "read")]), true),
            (extent("openid", &[("urn:a", ""), ("urn:c", "")]), true),
            (extent("openid profile", &[]), false),
            (extent("", &[("urn:a", "read write")]), false),
            (extent("", &[("urn:b", "read")]), false),
            (extent("", &[("urn:c", "read")]), false),
            (extent("", &[("urn:d", "")]), false),
            (extent("read", &[]), false),
        ] {
            assert_eq!(allowed.covers(&asked), is_covered, "{asked:?}");
        }
    }

    #[test]
    fn a_wider_consent_keeps_what_was_allowed() {
        let consent = Consent {
            user_id: UserId::parse("u").unwrap(),
            application_id: ApplicationId::parse("a").unwrap(),
            version: 1,
            extent: extent("openid", &[("urn:a", "read")]),
            created_at: Timestamp(1),
            updated_at: Timestamp(1),
        };
        let wider = consent.widened(&extent("email", &[("urn:b", "read")]), Timestamp(2));
        assert_eq!(
            wider.extent,
            extent("email openid", &[("urn:a", "read"), ("urn:b", "read")])
        );
        assert_eq!((wider.version, wider.created_at), (2, Timestamp(1)));
        assert_eq!(wider.updated_at, Timestamp(2));
    }

    #[test]
    fn decisions_are_two_words() {
        assert_eq!(
            ConsentDecision::parse("allow"),
            Some(ConsentDecision::Allow)
        );
        assert_eq!(ConsentDecision::parse("deny"), Some(ConsentDecision::Deny));
        for other in ["", "Allow", "yes", "allow "] {
            assert_eq!(ConsentDecision::parse(other), None);
        }
    }

    fn any_extent() -> impl Strategy<Value = Extent> {
        let words = proptest::collection::vec("[a-c]", 0..3);
        let resources = proptest::collection::btree_map("[x-z]", "[a-c]( [a-c])?", 0..3);
        (words, resources).prop_map(|(words, resources)| Extent {
            scopes: words.into_iter().collect(),
            resources: resources
                .into_iter()
                .map(|(indicator, scopes)| (indicator, scopes.into()))
                .collect(),
        })
    }

    proptest! {
        #[test]
        fn a_union_covers_both_and_nothing_that_neither_has(one in any_extent(), other in any_extent()) {
            let union = one.union(&other);
            prop_assert!(union.covers(&one) && union.covers(&other));
            for scope in union.scopes.iter() {
                prop_assert!(one.scopes.contains(scope) || other.scopes.contains(scope));
            }
            for (indicator, scopes) in &union.resources {
                let holds = |extent: &Extent, scope: &str| {
                    extent.resources.get(indicator).is_some_and(|scopes| scopes.contains(scope))
                };
                for scope in scopes.iter() {
                    prop_assert!(holds(&one, scope) || holds(&other, scope));
                }
            }
            prop_assert_eq!(one.covers(&other) && other.covers(&one), one == other);
        }
    }
}
