//! Bearer tokens in requests and the challenge that answers bad ones (RFC 6750 sections 2 and 3).
//! A token in the query is never read (RFC 9700 section 4.3.2).

use crate::{OAuthError, OAuthErrorCode, secret::Secret};

/// The longest token that is taken, in bytes.
const MAX_LENGTH: usize = 16 * 1024;

/// The token of the `Authorization` header or of the form parameter `access_token`; `None` when the
/// request has neither.
///
/// # Errors
/// `invalid_request` for both at once and for another scheme, `invalid_token` for what is no
/// b64token (section 2.1).
pub fn read(
    authorization_header: Option<&str>,
    form_token: Option<&str>,
) -> Result<Option<Secret>, OAuthError> {
    let token = match (authorization_header, form_token) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            return Err(OAuthError::invalid_request(
                "the access token must be sent in one way only",
            ));
        }
        (None, Some(token)) => token,
        (Some(header), None) => header
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| {
                OAuthError::invalid_request("the Authorization header must be: Bearer <token>")
            })?,
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || token.len() > MAX_LENGTH || !token.bytes().all(allowed) {
        return Err(OAuthErrorCode::InvalidToken.into());
    }
    Ok(Some(Secret::new(token.to_owned())))
}

/// The value of `WWW-Authenticate` (section 3); without an error when no token was sent.
#[must_use]
pub fn challenge(error: Option<&OAuthError>) -> String {
    error.map_or_else(
        || "Bearer".to_owned(),
        |error| {
            format!(
                r#"Bearer error="{}", error_description="{}""#,
                error.code(),
                error.description()
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc6750_2_one_way_at_a_time() {
        let token = |header, form| {
            read(header, form)
                .map(|token| token.map(|t| t.expose().to_owned()))
                .map_err(|error| error.code())
        };
        assert_eq!(token(None, None), Ok(None));
        assert_eq!(token(Some("Bearer abc"), None), Ok(Some("abc".into())));
        assert_eq!(token(Some("bearer  abc "), None), Ok(Some("abc".into())));
        assert_eq!(
            token(None, Some("a.b-c_~+/=")),
            Ok(Some("a.b-c_~+/=".into()))
        );
        let long = "a".repeat(MAX_LENGTH + 1);
        for (header, form, code) in [
            (
                Some("Bearer abc"),
                Some("abc"),
                OAuthErrorCode::InvalidRequest,
            ),
            (Some("Basic abc"), None, OAuthErrorCode::InvalidRequest),
            (Some("Bearer"), None, OAuthErrorCode::InvalidRequest),
            (Some("Bearer "), None, OAuthErrorCode::InvalidToken),
            (Some("Bearer a b"), None, OAuthErrorCode::InvalidToken),
            (None, Some(""), OAuthErrorCode::InvalidToken),
            (None, Some("é"), OAuthErrorCode::InvalidToken),
            (None, Some(&*long), OAuthErrorCode::InvalidToken),
        ] {
            assert_eq!(token(header, form), Err(code), "{header:?} {form:?}");
        }
    }

    #[test]
    fn rfc6750_3_challenges() {
        assert_eq!(challenge(None), "Bearer");
        let error = OAuthError::new(OAuthErrorCode::InvalidToken, "a \"b\"\r\nx");
        assert_eq!(
            challenge(Some(&error)),
            r#"Bearer error="invalid_token", error_description="a 'b'??x""#
        );
    }
}
