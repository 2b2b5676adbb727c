//! A member of a PATCH body: absent, null and a value are three different things.

use serde::{Deserialize, Deserializer};

/// What a PATCH says of one member.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The member is absent: leave the value.
    #[default]
    Keep,
    /// The member is null (or an empty string where the contract says so): remove the value.
    Clear,
    /// The member has a value.
    Set(T),
}

impl<T> Patch<T> {
    /// The value after the patch.
    #[must_use]
    pub fn apply(self, present: Option<T>) -> Option<T> {
        match self {
            Self::Keep => present,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Parses the value, keeping the other two as they are.
    ///
    /// # Errors
    /// Those of `parse`.
    pub fn try_map<U, E>(self, parse: impl FnOnce(T) -> Result<U, E>) -> Result<Patch<U>, E> {
        Ok(match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(parse(value)?),
        })
    }

    /// Is there anything to do?
    #[must_use]
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl Patch<String> {
    /// An empty string means "remove", as the Management API's contract has it.
    #[must_use]
    pub fn empty_clears(self) -> Self {
        match self {
            Self::Set(text) if text.is_empty() => Self::Clear,
            other => other,
        }
    }
}

/// Null is `Clear`; use with `#[serde(default)]`, which makes absence `Keep`.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Body {
        #[serde(default)]
        name: Patch<String>,
    }

    #[test]
    fn absent_null_and_value_differ() {
        let parse = |text: &str| serde_json::from_str::<Body>(text).unwrap().name;
        assert_eq!(parse("{}"), Patch::Keep);
        assert_eq!(parse(r#"{"name":null}"#), Patch::Clear);
        assert_eq!(parse(r#"{"name":"a"}"#), Patch::Set("a".into()));
        assert_eq!(parse(r#"{"name":""}"#).empty_clears(), Patch::Clear);
    }
}
