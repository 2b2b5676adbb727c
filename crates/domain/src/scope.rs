//! Scopes: words without spaces, kept in a sorted set (RFC 6749 section 3.3).

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Scopes that one request may name.
pub const MAX_SCOPES: usize = 64;

/// A set of scopes; its text form is sorted and space-separated.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct ScopeSet(BTreeSet<String>);

impl ScopeSet {
    /// Reads a space-separated list; repeated words count once.
    ///
    /// # Errors
    /// `guard.invalid_input` for a word with characters that RFC 6749 does not allow, for one of
    /// more than 256 bytes and for more than 64 words.
    pub fn parse(text: &str) -> Result<Self> {
        let mut set = BTreeSet::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            check_scope_name("scope", word)?;
            set.insert(word.to_owned());
        }
        if set.len() > MAX_SCOPES {
            return Err(Error::invalid(
                "scope",
                "too_many",
                format!("at most {MAX_SCOPES} scopes"),
            ));
        }
        Ok(Self(set))
    }

    /// Is the scope in the set?
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.0.contains(scope)
    }

    /// The scopes that are in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// The scopes that are in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// Is every scope of this in `other`?
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// The set without one scope.
    #[must_use]
    pub fn without(mut self, scope: &str) -> Self {
        self.0.remove(scope);
        self
    }

    /// The scopes in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Is there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Takes what RFC 6749 section 3.3 calls a scope-token, at most 256 bytes.
///
/// # Errors
/// `guard.invalid_input` for the member at `path`.
pub fn check_scope_name(path: &str, name: &str) -> Result<()> {
    let allowed =
        |byte: u8| byte == 0x21 || (0x23..=0x5b).contains(&byte) || (0x5d..=0x7e).contains(&byte);
    if name.is_empty() || name.len() > 256 || !name.bytes().all(allowed) {
        return Err(Error::invalid(
            path,
            "scope",
            "1 to 256 visible ASCII characters without space, \" and \\",
        ));
    }
    Ok(())
}

impl From<String> for ScopeSet {
    /// Stored text is taken as it is; requests go through [`ScopeSet::parse`].
    fn from(text: String) -> Self {
        text.split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

impl From<ScopeSet> for String {
    fn from(set: ScopeSet) -> Self {
        set.to_string()
    }
}

impl FromIterator<String> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = String>>(words: I) -> Self {
        Self(words.into_iter().collect())
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str(" ")?;
            }
            formatter.write_str(scope)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_set() -> impl Strategy<Value = ScopeSet> {
        proptest::collection::vec("[a-e]|openid|read:x", 0..8).prop_map(ScopeSet::from_iter)
    }

    #[test]
    fn sets() {
        let set = ScopeSet::parse("openid  profile openid").unwrap();
        assert_eq!(set.to_string(), "openid profile");
        assert!(ScopeSet::parse("").unwrap().is_empty());
        assert_eq!(
            set.intersection(&ScopeSet::parse("email openid").unwrap())
                .to_string(),
            "openid"
        );
        assert!(
            ScopeSet::parse("a\"b").is_err()
                && ScopeSet::parse("a\nb").is_err()
                && ScopeSet::parse("é").is_err()
        );
        let many: Vec<String> = (0..65).map(|n| format!("s{n}")).collect();
        assert!(ScopeSet::parse(&many.join(" ")).is_err());
    }

    proptest! {
        #[test]
        fn intersection_narrows_and_union_widens(a in any_set(), b in any_set(), c in any_set()) {
            let (both, either) = (a.intersection(&b), a.union(&b));
            prop_assert!(both.is_subset(&a) && both.is_subset(&b));
            prop_assert!(a.is_subset(&either) && b.is_subset(&either));
            prop_assert_eq!(&both, &b.intersection(&a));
            prop_assert_eq!(&either, &b.union(&a));
            prop_assert_eq!(both.intersection(&c), a.intersection(&b.intersection(&c)));
            prop_assert_eq!(a.is_subset(&b), both == a);
            for scope in either.iter() {
                prop_assert!(a.contains(scope) || b.contains(scope));
                prop_assert_eq!(both.contains(scope), a.contains(scope) && b.contains(scope));
                let less = either.clone().without(scope);
                prop_assert!(!less.contains(scope) && less.is_subset(&either));
            }
        }

        #[test]
        fn rfc6749_3_3_order_and_repetition_mean_nothing(words in proptest::collection::vec("[a-e]{1,2}", 0..8)) {
            let mut other: Vec<String> = words.iter().rev().cloned().collect();
            other.extend(words.first().cloned());
            let set = ScopeSet::parse(&words.join(" ")).unwrap();
            prop_assert_eq!(&set, &ScopeSet::parse(&other.join("  ")).unwrap());
            prop_assert_eq!(&ScopeSet::parse(&set.to_string()).unwrap(), &set);
            prop_assert_eq!(set.iter().count(), words.iter().collect::<BTreeSet<_>>().len());
        }

        #[test]
        fn rfc6749_3_3_a_word_has_the_characters_of_a_scope_token(word in "\\PC{1,4}|[ -~]{1,4}|[\\x00-\\x7f]{1,2}") {
            let is_token = word.chars().all(|c| c == '!' || ('#'..='[').contains(&c) || (']'..='~').contains(&c));
            prop_assert_eq!(check_scope_name("scope", &word).is_ok(), is_token);
            if !word.contains(' ') {
                prop_assert_eq!(ScopeSet::parse(&word).is_ok(), is_token);
            }
        }
    }
}
