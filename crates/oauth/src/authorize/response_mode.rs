//! How the answer travels: OAuth 2.0 Multiple Response Type Encoding Practices section 2.1, OAuth
//! 2.0 Form Post Response Mode section 2.

use super::AuthorizationParameters;
use crate::{OAuthError, OAuthErrorCode};

/// Where the parameters of the answer are put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResponseMode {
    /// In the query; the default of the code flow.
    #[default]
    Query,
    /// In the fragment.
    Fragment,
    /// In the body of a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Query, Self::Fragment, Self::FormPost];

    /// The value of `response_mode`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }
}

pub(super) fn check(parameters: &AuthorizationParameters) -> Result<ResponseMode, OAuthError> {
    let Some(name) = parameters.response_mode.as_deref() else {
        return Ok(ResponseMode::default());
    };
    ResponseMode::ALL
        .iter()
        .copied()
        .find(|mode| mode.as_str() == name)
        .ok_or_else(|| OAuthErrorCode::UnsupportedResponseMode.into())
}
