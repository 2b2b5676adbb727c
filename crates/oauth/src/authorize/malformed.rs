//! A request that cannot be read, such as one with a parameter twice, is still answered to its client
//! when it says beyond doubt which client that is and where the answer goes (RFC 6749 section
//! 4.1.2.1).

use meibo_domain::application::Application;

use super::{
    AuthorizationParameters, AuthorizationRefusal, check_client_and_redirect, response_mode,
};
use crate::OAuthError;

/// The parameters that an error's way back depends on.
const WAY_BACK: [&str; 4] = ["client_id", "redirect_uri", "response_mode", "state"];

impl AuthorizationParameters {
    /// What a malformed request says of its way back: each parameter that can be read by itself. Which
    /// of two values to trust is not guessed.
    #[must_use]
    pub fn way_back(pairs: &[(String, String)]) -> Self {
        let readable: Vec<_> = WAY_BACK
            .iter()
            .filter_map(|name| {
                let alone: Vec<_> = pairs
                    .iter()
                    .filter(|(key, _)| key == name)
                    .cloned()
                    .collect();
                Self::parse(&alone).is_ok().then_some(alone)
            })
            .flatten()
            .collect();
        Self::parse(&readable).unwrap_or_default()
    }
}

/// Sends `error` to the client. `application` is what the register has for the `client_id` of
/// `way_back`.
///
/// # Errors
/// `error` itself, for a page: there is no place that may be redirected to.
pub fn refuse_malformed(
    way_back: &AuthorizationParameters,
    application: Option<&Application>,
    error: OAuthError,
) -> Result<AuthorizationRefusal, OAuthError> {
    match check_client_and_redirect(way_back, application) {
        Ok(redirect_uri) => Ok(AuthorizationRefusal {
            error,
            redirect_uri,
            response_mode: response_mode::check(way_back).unwrap_or_default(),
            state: way_back.state.clone(),
        }),
        Err(_) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use meibo_domain::application::ApplicationType;

    use super::*;
    use crate::{
        authorize::ResponseMode,
        testing::{CALLBACK, application, pairs},
    };

    fn refuse(more: &[(&str, &str)]) -> Option<AuthorizationRefusal> {
        let mut list = vec![
            ("client_id", "app"),
            ("redirect_uri", CALLBACK),
            ("state", "s"),
            ("response_mode", "fragment"),
        ];
        list.extend(more);
        let list = pairs(&list);
        let error = AuthorizationParameters::parse(&list).unwrap_err();
        let way_back = AuthorizationParameters::way_back(&list);
        refuse_malformed(&way_back, Some(&application(ApplicationType::Spa)), error).ok()
    }

    #[test]
    fn rfc6749_4_1_2_1_the_client_hears_of_what_is_malformed() {
        let long = "x".repeat(1025);
        for (more, state, mode) in [
            (
                [("scope", "a"), ("scope", "b")],
                Some("s"),
                ResponseMode::Fragment,
            ),
            (
                [("state", "t"), ("nonce", "n")],
                None,
                ResponseMode::Fragment,
            ),
            (
                [("response_mode", "query"), ("nonce", "n")],
                Some("s"),
                ResponseMode::Query,
            ),
            (
                [("acr_values", &long), ("nonce", "n")],
                Some("s"),
                ResponseMode::Fragment,
            ),
        ] {
            let refusal = refuse(&more).unwrap();
            assert_eq!(refusal.state.as_deref(), state, "{more:?}");
            assert_eq!(refusal.response_mode, mode, "{more:?}");
            assert_eq!(refusal.redirect_uri.as_str(), CALLBACK);
        }
    }

    #[test]
    fn rfc6749_4_1_2_1_nobody_is_sent_to_a_doubtful_address() {
        for more in [
            ("client_id", "app"),
            ("client_id", "other"),
            ("redirect_uri", CALLBACK),
            ("redirect_uri", "https://evil.example/"),
        ] {
            assert!(refuse(&[more]).is_none(), "{more:?}");
        }
    }
}
