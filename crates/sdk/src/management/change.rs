//! Absent, null and a value kept apart in a patch.

use serde::{Serialize, Serializer};

/// What a patch does to one member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Leave it; the member is not sent.
    #[default]
    Keep,
    /// Unset it; sent as `null`.
    Clear,
    /// Give it this value.
    Set(T),
}

impl<T> Change<T> {
    /// Whether the member is left as it is.
    #[must_use]
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl Change<String> {
    /// Sets a text, or clears it when it is empty.
    pub fn text(value: impl Into<String>) -> Self {
        let value = value.into();
        if value.is_empty() {
            Self::Clear
        } else {
            Self::Set(value)
        }
    }
}

impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => serializer.serialize_some(value),
            Self::Keep | Self::Clear => serializer.serialize_none(),
        }
    }
}
