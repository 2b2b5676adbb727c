//! Authentication context classes (OpenID Connect Core sections 2 and 5.5.1.1): how strongly a person
//! has proved who they are, told from the methods used. The names are this server's own, for no
//! published set says just this; a client that wants more than there is gets what there is.

/// One factor was proved, such as a password.
pub const SINGLE_FACTOR: &str = "urn:meibo:acr:1";

/// All of them, weakest first, for the discovery document.
pub const SUPPORTED: &[&str] = &[SINGLE_FACTOR];

/// The class of a proof by these methods (RFC 8176); none when nothing is known of it.
#[must_use]
pub fn of_methods(amr: &[String]) -> Option<&'static str> {
    (!amr.is_empty()).then_some(SINGLE_FACTOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_one_factor() {
        assert_eq!(of_methods(&["pwd".to_owned()]), Some("urn:meibo:acr:1"));
        assert_eq!(of_methods(&[]), None);
    }
}
