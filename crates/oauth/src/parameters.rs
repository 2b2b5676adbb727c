//! Request parameters: known ones once each, bounded, the rest ignored (RFC 6749 section 3.1).

use url::form_urlencoded;

use crate::OAuthError;

/// Pairs that one request may have, unknown ones included.
pub(crate) const MAX_PAIRS: usize = 64;

/// Values that a repeatable parameter may have.
pub(crate) const MAX_REPEATED: usize = 10;

/// Declares the parameters of one endpoint: a struct with a member for each, `parse`, `to_form`
/// and `from_form`. The number is the bound in bytes; a list after `;` is the one parameter that
/// may be repeated, its name in the request and the bound of one value.
macro_rules! request_parameters {
    (
        $(#[$doc:meta])+ pub struct $type:ident {
            $($(#[$field_doc:meta])+ $field:ident: $max:literal,)+
        }
        $(; $(#[$list_doc:meta])+ $list:ident: [$list_name:literal, $list_max:literal])?
    ) => {
        $(#[$doc])+
        #[derive(Clone, PartialEq, Eq, Default)]
        pub struct $type {
            $($(#[$field_doc])+ pub $field: Option<String>,)+
            $($(#[$list_doc])+ pub $list: Vec<String>,)?
        }

        impl $type {
            /// Reads decoded name-value pairs. Unknown parameters are ignored, empty ones count as
            /// absent.
            ///
            /// # Errors
            /// `invalid_request` for a parameter that is repeated, too long or has control
            /// characters, and for more than 64 pairs.
            pub fn parse(pairs: &[(String, String)]) -> Result<Self, $crate::OAuthError> {
                $crate::parameters::check_pairs(pairs)?;
                Ok(Self {
                    $($field: $crate::parameters::single(pairs, stringify!($field), $max)?,)+
                    $($list: $crate::parameters::repeated(pairs, $list_name, $list_max)?,)?
                })
            }

            /// The present parameters in `application/x-www-form-urlencoded`, for a form or a row.
            #[must_use]
            pub fn to_form(&self) -> String {
                let mut form = ::url::form_urlencoded::Serializer::new(String::new());
                $(if let Some(value) = &self.$field {
                    form.append_pair(stringify!($field), value);
                })+
                $(for value in &self.$list {
                    form.append_pair($list_name, value);
                })?
                form.finish()
            }

            /// Reads what [`Self::to_form`] wrote.
            ///
            /// # Errors
            /// As [`Self::parse`].
            pub fn from_form(form: &str) -> Result<Self, $crate::OAuthError> {
                Self::parse(&$crate::parameters::decode(form))
            }
        }

        impl ::std::fmt::Debug for $type {
            /// Names only: values may be secrets.
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let mut names = formatter.debug_set();
                $(if self.$field.is_some() {
                    names.entry(&stringify!($field));
                })+
                names.finish()
            }
        }
    };
}
pub(crate) use request_parameters;

/// Decodes `application/x-www-form-urlencoded` text.
pub(crate) fn decode(form: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(form.as_bytes())
        .into_owned()
        .collect()
}

/// Bounds that hold for every pair, known or not.
pub(crate) fn check_pairs(pairs: &[(String, String)]) -> Result<(), OAuthError> {
    if pairs.len() > MAX_PAIRS {
        return Err(OAuthError::invalid_request(format!(
            "at most {MAX_PAIRS} parameters are taken"
        )));
    }
    let has_nul = |text: &String| text.contains('\0');
    if pairs
        .iter()
        .any(|(name, value)| has_nul(name) || has_nul(value))
    {
        return Err(OAuthError::invalid_request("NUL is not taken"));
    }
    Ok(())
}

/// The value of a parameter that may appear once.
pub(crate) fn single(
    pairs: &[(String, String)],
    name: &'static str,
    max: usize,
) -> Result<Option<String>, OAuthError> {
    let mut values = pairs.iter().filter(|(key, _)| key == name);
    let Some((_, value)) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(OAuthError::invalid_request(format!(
            "{name} must not be repeated"
        )));
    }
    if value.is_empty() {
        return Ok(None);
    }
    check_value(name, value, max)?;
    Ok(Some(value.clone()))
}

/// The values of a parameter that may be repeated, each once; one value may also be a list with
/// commas.
pub(crate) fn repeated(
    pairs: &[(String, String)],
    name: &'static str,
    max: usize,
) -> Result<Vec<String>, OAuthError> {
    let mut values: Vec<String> = Vec::new();
    let given = pairs
        .iter()
        .filter(|(key, _)| key == name)
        .flat_map(|(_, value)| value.split(','))
        .filter(|value| !value.is_empty());
    for value in given {
        check_value(name, value, max)?;
        if values.iter().any(|known| known == value) {
            continue;
        }
        if values.len() == MAX_REPEATED {
            return Err(OAuthError::invalid_request(format!(
                "{name} is taken at most {MAX_REPEATED} times"
            )));
        }
        values.push(value.to_owned());
    }
    Ok(values)
}

fn check_value(name: &str, value: &str, max: usize) -> Result<(), OAuthError> {
    if value.len() > max {
        return Err(OAuthError::invalid_request(format!(
            "{name} is longer than {max} bytes"
        )));
    }
    if value.chars().any(char::is_control) {
        return Err(OAuthError::invalid_request(format!(
            "{name} has control characters"
        )));
    }
    Ok(())
}

/// The value, or `invalid_request` that names what is missing.
pub(crate) fn required<'a>(
    value: Option<&'a String>,
    name: &'static str,
) -> Result<&'a str, OAuthError> {
    value
        .map(String::as_str)
        .ok_or_else(|| OAuthError::invalid_request(format!("{name} is missing")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::pairs;

    #[allow(unreachable_pub, reason = "the macro declares public items")]
    mod sample {
        crate::parameters::request_parameters! {
            /// Sample.
            pub struct Sample {
                /// One.
                one: 8,
                /// Two.
                two: 64,
            }
            ;
            /// Many.
            lists: ["list", 16]
        }
    }
    use sample::Sample;

    #[test]
    fn rfc6749_3_1_unknown_are_ignored_and_empty_are_absent() {
        let sample = Sample::parse(&pairs(&[("one", ""), ("two", "b"), ("three", "c")])).unwrap();
        assert_eq!((sample.one, sample.two.as_deref()), (None, Some("b")));
        assert!(Sample::parse(&pairs(&[("x", "1"), ("x", "2")])).is_ok());
    }

    #[test]
    fn rfc6749_3_1_known_ones_must_not_be_repeated() {
        for second in ["a", "b", ""] {
            let error = Sample::parse(&pairs(&[("one", "a"), ("one", second)])).unwrap_err();
            assert_eq!(error.description(), "one must not be repeated");
        }
    }

    #[test]
    fn rfc8707_2_resources_are_repeated_or_split_and_kept_once() {
        let sample =
            Sample::parse(&pairs(&[("list", "a,b"), ("list", "b"), ("list", ",c")])).unwrap();
        assert_eq!(sample.lists, ["a", "b", "c"]);
        let many: Vec<String> = (0..11).map(|n| n.to_string()).collect();
        assert!(Sample::parse(&pairs(&[("list", &many.join(","))])).is_err());
    }

    #[test]
    fn bounds_are_refused_by_name() {
        for (name, value, says) in [
            ("one", "123456789", "one is longer than 8 bytes"),
            ("one", "a\r\nb", "one has control characters"),
            ("one", "a\u{7f}", "one has control characters"),
            ("list", "12345678901234567", "list is longer than 16 bytes"),
            ("other", "\0", "NUL is not taken"),
            ("\0", "a", "NUL is not taken"),
        ] {
            let error = Sample::parse(&pairs(&[(name, value)])).unwrap_err();
            assert_eq!(error.description(), says);
        }
        let many = vec![("x".to_owned(), "y".to_owned()); MAX_PAIRS + 1];
        assert!(Sample::parse(&many).is_err());
        assert!(Sample::parse(&many[1..]).is_ok());
    }

    #[test]
    fn values_are_never_printed() {
        let sample = Sample::parse(&pairs(&[("one", "secret")])).unwrap();
        assert_eq!(format!("{sample:?}"), r#"{"one"}"#);
    }

    proptest! {
        #[test]
        fn what_was_parsed_survives_the_form(one in "[^\\p{Cc}]{0,2}", two in "[&=+% a-zé名]{0,10}", list in "[a-z:/?&]{1,8}") {
            let sample = Sample::parse(&pairs(&[("one", &one), ("two", &two), ("list", &list)])).unwrap();
            prop_assert_eq!(Sample::from_form(&sample.to_form()).unwrap(), sample);
        }

        #[test]
        fn no_form_makes_it_panic(form in "\\PC{0,200}") {
            let _: Result<Sample, OAuthError> = Sample::from_form(&form);
        }
    }
}
