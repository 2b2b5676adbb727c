//! The scopes that mean something without a resource (OpenID Connect Core sections 5.4 and 11).

use meibo_domain::scope::ScopeSet;

use crate::OAuthError;

/// An ID token and userinfo.
pub const OPENID: &str = "openid";
/// A refresh token that outlives the session.
pub const OFFLINE_ACCESS: &str = "offline_access";
/// Name, picture, username and the rest of the profile.
pub const PROFILE: &str = "profile";
/// The email address.
pub const EMAIL: &str = "email";
/// The phone number.
pub const PHONE: &str = "phone";
/// The postal address.
pub const ADDRESS: &str = "address";
/// The business's own data.
pub const CUSTOM_DATA: &str = "custom_data";
/// Names of the user's roles.
pub const ROLES: &str = "roles";

/// All of them, in the order of the discovery document.
pub const STANDARD: &[&str] = &[
    OPENID,
    OFFLINE_ACCESS,
    PROFILE,
    EMAIL,
    PHONE,
    ADDRESS,
    CUSTOM_DATA,
    ROLES,
];

/// The standard scopes among `scopes`.
#[must_use]
pub fn standard_only(scopes: &ScopeSet) -> ScopeSet {
    scopes
        .iter()
        .filter(|scope| STANDARD.contains(scope))
        .map(str::to_owned)
        .collect()
}

/// Reads the parameter `scope`; absent is the empty set.
///
/// # Errors
/// `invalid_scope` for a word that RFC 6749 section 3.3 does not allow and for too many words.
pub fn parse_scope(text: Option<&str>) -> Result<ScopeSet, OAuthError> {
    ScopeSet::parse(text.unwrap_or_default()).map_err(|_| {
        OAuthError::invalid_scope(
            "scope must be at most 64 words of visible ASCII characters, separated by spaces",
        )
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rfc6749_3_3_malformed_words_are_refused() {
        for bad in ["a\"b", "a\\b", "é", "a\tb", &"x".repeat(257)] {
            assert!(parse_scope(Some(bad)).is_err(), "{bad}");
        }
        assert!(parse_scope(None).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn standard_scopes_are_a_subset_and_stay(words in proptest::collection::vec("openid|email|roles|read:x|[a-z]{1,6}", 0..8)) {
            let set = parse_scope(Some(&words.join(" "))).unwrap();
            let standard = standard_only(&set);
            prop_assert!(standard.is_subset(&set));
            prop_assert_eq!(&standard_only(&standard), &standard);
            for word in STANDARD {
                prop_assert_eq!(standard.contains(word), set.contains(word));
            }
        }
    }
}
