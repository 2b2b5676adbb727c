//! A body, read whole and bounded while it is read.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use meibo_domain::{Error, ErrorCode};

/// Reads at most `limit` bytes.
///
/// # Errors
/// `request.body_too_large` for more, before reading when the length is told;
/// `request.invalid_input` for a body that ends early.
pub(super) async fn read_body(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<Bytes, Error> {
    let too_large = || Error::new(ErrorCode::BodyTooLarge).detail(format!("at most {limit} bytes"));
    let told = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    if told
        .and_then(|text| text.parse::<usize>().ok())
        .is_some_and(|length| length > limit)
    {
        return Err(too_large());
    }
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(error) => {
            let code = ErrorCode::InvalidRequest;
            Err(Error::new(code)
                .detail("the body ended early")
                .caused_by(error))
        }
    }
}

/// Is the body of the media type `expected`, in UTF-8 (or without a word about it)?
pub(super) fn has_media_type(headers: &HeaderMap, expected: &str) -> bool {
    let Some(value) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let is_expected = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case(expected));
    is_expected
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
                charset.trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            _ => true,
        })
}

/// `request.unsupported_media_type` that says what would be right.
pub(super) fn unsupported_media_type(expected: &str) -> Error {
    Error::new(ErrorCode::UnsupportedMediaType)
        .detail(format!("send the body as {expected} in UTF-8"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn media_types() {
        for (value, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json;charset=\"utf-8\"", true),
            ("application/json; profile=x", true),
            ("application/json; charset=shift_jis", false),
            ("application/jsonp", false),
            ("application/ld+json", false),
            ("text/plain", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(value).unwrap());
            assert_eq!(
                has_media_type(&headers, "application/json"),
                expected,
                "{value}"
            );
        }
        assert!(!has_media_type(&HeaderMap::new(), "application/json"));
    }

    #[tokio::test]
    async fn a_body_ends_at_its_limit() {
        let read = async |length: usize| {
            read_body(&HeaderMap::new(), Body::from(vec![b'x'; length]), 10).await
        };
        assert_eq!(read(10).await.unwrap().len(), 10);
        assert_eq!(read(11).await.unwrap_err().code(), ErrorCode::BodyTooLarge);
    }

    #[tokio::test]
    async fn a_told_length_is_refused_unread() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("99999999"));
        let error = read_body(&headers, Body::empty(), 10).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::BodyTooLarge);
    }
}
