//! The bearer token of a request (RFC 6750 section 2.1) and the actor that it stands for.

use http::{HeaderMap, header, request::Parts};
use meibo_domain::{Error, ErrorCode, actor::Actor};
use serde_json::json;

use crate::{
    extract::{ClientAddress, RequestId},
    state::AppState,
};

/// The longest token that is looked at, in bytes.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// The token of the header `Authorization`.
///
/// # Errors
/// `auth.authorization_header_missing` without one; `auth.authorization_token_type_not_supported`
/// for another scheme; `auth.unauthorized` for two headers, and for a token that is empty, too long
/// or not of visible ASCII characters.
pub fn bearer_token(headers: &HeaderMap) -> Result<&str, Error> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(ErrorCode::AuthorizationHeaderMissing)?;
    if values.next().is_some() {
        return Err(Error::new(ErrorCode::Unauthorized).detail("two Authorization headers"));
    }
    let text = value.to_str().map_err(|_| ErrorCode::Unauthorized)?.trim();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        let supported = json!({"supportedTypes": ["Bearer"]});
        return Err(Error::new(ErrorCode::TokenTypeNotSupported).data(supported));
    }
    let token = token.trim_start();
    let is_token = !token.is_empty()
        && token.len() <= MAX_TOKEN_BYTES
        && token.bytes().all(|byte| byte.is_ascii_graphic());
    if is_token {
        Ok(token)
    } else {
        Err(ErrorCode::Unauthorized.into())
    }
}

/// The actor of a call to the Management API, who must hold `scope`.
///
/// # Errors
/// Those of [`bearer_token`]; `auth.unauthorized` for a token that does not hold, `auth.forbidden`
/// for one without the scope.
pub(crate) async fn authenticate(
    state: &AppState,
    parts: &Parts,
    scope: &'static str,
) -> Result<Actor, Error> {
    let token = bearer_token(&parts.headers)?;
    let mut actor = state.app.authenticate_management(token).await?;
    if !actor.scopes.contains(scope) {
        return Err(Error::new(ErrorCode::Forbidden).detail(format!("needs the scope {scope}")));
    }
    actor.address = ClientAddress::of(parts, &state.config).known();
    actor.request_id = RequestId::of(&parts.extensions).map(|id| id.as_str().to_owned());
    Ok(actor)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn code(value: &[u8]) -> Result<String, ErrorCode> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::AUTHORIZATION,
            HeaderValue::from_bytes(value).unwrap(),
        );
        bearer_token(&headers)
            .map(str::to_owned)
            .map_err(|error| error.code())
    }

    #[test]
    fn headers_and_what_they_give() {
        assert_eq!(code(b"Bearer abc.def-_~+/="), Ok("abc.def-_~+/=".into()));
        assert_eq!(
            code(b"bearer  abc"),
            Ok("abc".into()),
            "the scheme has no case (RFC 9110 11.1)"
        );
        for (value, expected) in [
            (b"Basic YTpi".as_slice(), ErrorCode::TokenTypeNotSupported),
            (b"", ErrorCode::TokenTypeNotSupported),
            (b"Bearerabc", ErrorCode::TokenTypeNotSupported),
            (b"Bearer", ErrorCode::Unauthorized),
            (b"Bearer ", ErrorCode::Unauthorized),
            (b"Bearer a b", ErrorCode::Unauthorized),
            (b"Bearer \xff", ErrorCode::Unauthorized),
        ] {
            assert_eq!(code(value), Err(expected), "{value:?}");
        }
        let long = format!("Bearer {}", "x".repeat(MAX_TOKEN_BYTES + 1));
        assert_eq!(code(long.as_bytes()), Err(ErrorCode::Unauthorized));
    }

    #[test]
    fn none_and_two_are_refused() {
        let mut headers = HeaderMap::new();
        let missing = bearer_token(&headers).unwrap_err().code();
        assert_eq!(missing, ErrorCode::AuthorizationHeaderMissing);
        headers.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer a"));
        headers.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer b"));
        assert_eq!(
            bearer_token(&headers).unwrap_err().code(),
            ErrorCode::Unauthorized
        );
    }

    #[test]
    fn another_scheme_is_told_the_right_one() {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic x"));
        let error = bearer_token(&headers).unwrap_err();
        assert_eq!(
            error.data_value(),
            Some(&json!({"supportedTypes": ["Bearer"]}))
        );
    }
}
