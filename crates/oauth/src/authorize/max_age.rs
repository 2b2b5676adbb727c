//! How long ago the person may have proved who they are (OpenID Connect Core section 3.1.2.1).

use std::time::Duration;

use super::AuthorizationParameters;
use crate::OAuthError;

pub(super) fn check(parameters: &AuthorizationParameters) -> Result<Option<Duration>, OAuthError> {
    let wrong = || OAuthError::invalid_request("max_age must be a whole number of seconds");
    parameters
        .max_age
        .as_deref()
        .map(|text| {
            if !text.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(wrong());
            }
            text.parse::<u32>()
                .map(|seconds| Duration::from_secs(seconds.into()))
                .map_err(|_| wrong())
        })
        .transpose()
}
