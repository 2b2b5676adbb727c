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
    use super::*;

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
}
