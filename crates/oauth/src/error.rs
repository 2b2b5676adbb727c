//! Error codes and error answers: RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1,
//! RFC 8707 section 2, OpenID Connect Core section 3.1.2.6.

use std::fmt;

use meibo_domain::ErrorKind;

/// Characters of a description; more says nothing more.
const MAX_DESCRIPTION: usize = 512;

macro_rules! oauth_error_codes {
    ($($variant:ident $code:literal $status:literal $summary:literal;)+) => {
        /// Every `error` that an answer can carry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum OAuthErrorCode { $(#[doc = $summary] $variant,)+ }

        impl OAuthErrorCode {
            /// All codes, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The value of `error`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The HTTP status of a direct answer. An error that is redirected has none.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// The English sentence for a failure with nothing more to say.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)+ }
            }
        }
    };
}

oauth_error_codes! {
    InvalidRequest "invalid_request" 400 "the request is malformed";
    InvalidClient "invalid_client" 401 "client authentication failed";
    InvalidGrant "invalid_grant" 400 "the grant is not valid, has expired or was revoked";
    UnauthorizedClient "unauthorized_client" 400 "the client may not do this";
    UnsupportedGrantType "unsupported_grant_type" 400 "this grant_type is not supported";
    UnsupportedResponseType "unsupported_response_type" 400 "response_type must be code";
    UnsupportedResponseMode "unsupported_response_mode" 400 "response_mode must be query, fragment or form_post";
    InvalidScope "invalid_scope" 400 "the scope is malformed or wider than what was granted";
    InvalidTarget "invalid_target" 400 "the resource is unknown or not allowed";
    InvalidRedirectUri "invalid_redirect_uri" 400 "redirect_uri is not registered for the client";
    AccessDenied "access_denied" 403 "access was not granted";
    LoginRequired "login_required" 400 "the person has to sign in";
    ConsentRequired "consent_required" 400 "the person has to agree";
    InteractionRequired "interaction_required" 400 "the person has to take part";
    AccountSelectionRequired "account_selection_required" 400 "the person has to choose an account";
    RequestNotSupported "request_not_supported" 400 "the parameter request is not supported";
    RequestUriNotSupported "request_uri_not_supported" 400 "the parameter request_uri is not supported";
    RegistrationNotSupported "registration_not_supported" 400 "the parameter registration is not supported";
    InvalidToken "invalid_token" 401 "the access token is not valid here, has expired or was revoked";
    InsufficientScope "insufficient_scope" 403 "the token lacks a scope that this needs";
    TemporarilyUnavailable "temporarily_unavailable" 503 "the service is unavailable for a moment, try again";
    ServerError "server_error" 500 "something went wrong on our side";
}

impl fmt::Display for OAuthErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A failure that an answer of the protocol is made from.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code}: {description}")]
pub struct OAuthError {
    code: OAuthErrorCode,
    description: String,
    retry_after_seconds: Option<u32>,
    #[source]
    cause: Option<Box<meibo_domain::Error>>,
}

impl OAuthError {
    /// An error with an English sentence for the developer of the client. The sentence never holds
    /// a secret; characters that RFC 6749 section 5.2 does not allow are replaced.
    #[must_use]
    pub fn new(code: OAuthErrorCode, description: impl AsRef<str>) -> Self {
        let allowed = |character: char| match character {
            '"' => '\'',
            '\x20'..='\x7e' if character != '\\' => character,
            _ => '?',
        };
        let description = description
            .as_ref()
            .chars()
            .take(MAX_DESCRIPTION)
            .map(allowed)
            .collect();
        Self {
            code,
            description,
            retry_after_seconds: None,
            cause: None,
        }
    }

    /// `invalid_request`.
    #[must_use]
    pub fn invalid_request(description: impl AsRef<str>) -> Self {
        Self::new(OAuthErrorCode::InvalidRequest, description)
    }

    /// `invalid_client` with one sentence for every cause, so that nobody learns which it was.
    #[must_use]
    pub fn invalid_client() -> Self {
        OAuthErrorCode::InvalidClient.into()
    }

    /// `invalid_grant`.
    #[must_use]
    pub fn invalid_grant(description: impl AsRef<str>) -> Self {
        Self::new(OAuthErrorCode::InvalidGrant, description)
    }

    /// `invalid_target` (RFC 8707).
    #[must_use]
    pub fn invalid_target(description: impl AsRef<str>) -> Self {
        Self::new(OAuthErrorCode::InvalidTarget, description)
    }

    /// `invalid_scope`.
    #[must_use]
    pub fn invalid_scope(description: impl AsRef<str>) -> Self {
        Self::new(OAuthErrorCode::InvalidScope, description)
    }

    /// The value of `error`.
    #[must_use]
    pub const fn code(&self) -> OAuthErrorCode {
        self.code
    }

    /// The value of `error_description`: English, of the characters that RFC 6749 allows.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Seconds until another try makes sense (`Retry-After`).
    #[must_use]
    pub const fn retry_after_seconds(&self) -> Option<u32> {
        self.retry_after_seconds
    }

    /// The HTTP status of a direct answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.code.status()
    }
}

impl From<OAuthErrorCode> for OAuthError {
    fn from(code: OAuthErrorCode) -> Self {
        Self::new(code, code.summary())
    }
}

impl From<meibo_domain::Error> for OAuthError {
    /// Unavailable parts are `temporarily_unavailable` and keep their Retry-After; everything else
    /// is a fault of ours, for rules of the protocol name their own errors. The cause is kept for
    /// the log and never shown.
    fn from(error: meibo_domain::Error) -> Self {
        let code = match error.kind() {
            ErrorKind::Unavailable | ErrorKind::TooMany => OAuthErrorCode::TemporarilyUnavailable,
            _ => OAuthErrorCode::ServerError,
        };
        Self {
            retry_after_seconds: error.retry_after_seconds(),
            cause: Some(Box::new(error)),
            ..Self::from(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, error::Error as _};

    use meibo_domain::ErrorCode;

    use super::*;

    #[test]
    fn codes_are_unique_words_with_an_error_status() {
        let mut seen = HashSet::new();
        for code in OAuthErrorCode::ALL {
            assert!(seen.insert(code.as_str()), "{code} twice");
            assert!(
                code.as_str()
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            );
            assert!((400..=503).contains(&code.status()));
            assert_eq!(OAuthError::from(*code).description(), code.summary());
        }
    }

    #[test]
    fn rfc6749_5_2_descriptions_have_only_allowed_characters() {
        let error =
            OAuthError::invalid_request("a \"b\" \\ \r\n 名 <c>".to_owned() + &"x".repeat(9999));
        assert!(error.description().starts_with("a 'b' ? ?? ? <c>x"));
        assert_eq!(error.description().chars().count(), MAX_DESCRIPTION);
    }

    #[test]
    fn domain_errors_keep_their_retry_and_hide_their_cause() {
        let unavailable = meibo_domain::Error::new(ErrorCode::Overloaded).retry_after(7);
        let error = OAuthError::from(unavailable);
        assert_eq!(
            (error.status(), error.retry_after_seconds()),
            (503, Some(7))
        );
        let internal = OAuthError::from(meibo_domain::Error::internal("disk 3 is on fire"));
        assert_eq!(internal.code(), OAuthErrorCode::ServerError);
        assert!(!internal.to_string().contains("disk"));
        assert!(internal.source().is_some());
    }
}
