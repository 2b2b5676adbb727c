//! Closed lists of words in the settings, read from a JSON string and from nothing else.

/// Declares an enum whose variants are written as words.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant,)+ }

        impl $name {
            /// Every one, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word of the Management API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let mut known = Self::ALL.iter().copied();
                known.find(|word| word.as_str() == text).ok_or_else(|| {
                    let words = [$($word),+].join(", ");
                    serde::de::Error::custom(format!("expected one of {words}"))
                })
            }
        }
    };
}

pub(super) use words;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::sign_in_experience::IdentifierKind;

    #[test]
    fn only_the_words_are_read() {
        let read = |value: Value| serde_json::from_value::<IdentifierKind>(value);
        for kind in IdentifierKind::ALL {
            let written = serde_json::to_value(kind).unwrap();
            assert_eq!(read(written).unwrap(), *kind);
        }
        let refused = read(json!("name")).unwrap_err().to_string();
        assert_eq!(refused, "expected one of username, email, phone");
        for value in [
            json!({"email": null}),
            json!(0),
            json!("Email"),
            json!(null),
        ] {
            assert!(read(value.clone()).is_err(), "{value}");
        }
    }
}
