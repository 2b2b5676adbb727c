//! A JSON body, bounded, read strictly and then by type.

use axum::extract::{FromRequest, Request};
use meibo_domain::json_object::Object;
use serde::de::DeserializeOwned;

use super::{
    body::{has_media_type, read_body, unsupported_media_type},
    json_type, strict_json,
};
use crate::respond::Failure;

/// The largest body, in bytes.
const MAX_BYTES: usize = 256 * 1024;

const MEDIA_TYPE: &str = "application/json";

/// A JSON object of at most 256 KiB and 36 levels, as a `T`. Members that `T` does not know are
/// ignored.
#[derive(Debug, Clone)]
pub struct JsonBody<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        if !has_media_type(&parts.headers, MEDIA_TYPE) {
            return Err(unsupported_media_type(MEDIA_TYPE).into());
        }
        let bytes = read_body(&parts.headers, body, MAX_BYTES).await?;
        let Object(value) = json_type::from_value(strict_json::parse(&bytes)?)?;
        Ok(Self(value))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::header;
    use meibo_domain::ErrorCode;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Named {
        name: String,
    }

    async fn read(
        content_type: &str,
        body: impl Into<Body>,
    ) -> Result<String, (ErrorCode, String)> {
        let request = Request::post("/").header(header::CONTENT_TYPE, content_type);
        let request = request.body(body.into()).unwrap();
        JsonBody::<Named>::from_request(request, &())
            .await
            .map(|body| body.0.name)
            .map_err(|failure| {
                let path = failure
                    .error()
                    .violations()
                    .first()
                    .map(|violation| violation.path.clone());
                (failure.error().code(), path.unwrap_or_default())
            })
    }

    #[tokio::test]
    async fn bodies_and_what_they_get() {
        assert_eq!(
            read("application/json", r#"{"name":"a","x":1}"#).await,
            Ok("a".into())
        );
        for (content_type, body, code, path) in [
            (
                "text/plain",
                r#"{"name":"a"}"#,
                ErrorCode::UnsupportedMediaType,
                "",
            ),
            (
                "application/json; charset=utf-16",
                "{}",
                ErrorCode::UnsupportedMediaType,
                "",
            ),
            ("application/json", "", ErrorCode::MalformedJson, ""),
            ("application/json", "{", ErrorCode::MalformedJson, ""),
            ("application/json", "[\"a\"]", ErrorCode::InvalidInput, ""),
            ("application/json", "null", ErrorCode::InvalidInput, ""),
            ("application/json", "{}", ErrorCode::InvalidInput, "name"),
            (
                "application/json",
                r#"{"name":1}"#,
                ErrorCode::InvalidInput,
                "name",
            ),
            (
                "application/json",
                r#"{"name":"\u0000"}"#,
                ErrorCode::InvalidInput,
                "name",
            ),
            (
                "application/json",
                r#"{"name":"a","name":"b"}"#,
                ErrorCode::InvalidInput,
                "name",
            ),
        ] {
            assert_eq!(
                read(content_type, body).await,
                Err((code, path.to_owned())),
                "{body}"
            );
        }
    }

    #[tokio::test]
    async fn the_size_is_bounded() {
        let body = |length: usize| format!(r#"{{"name":"{}"}}"#, "x".repeat(length - 11));
        assert!(read("application/json", body(MAX_BYTES)).await.is_ok());
        let refused = read("application/json", body(MAX_BYTES + 1))
            .await
            .unwrap_err();
        assert_eq!(refused.0, ErrorCode::BodyTooLarge);
    }
}
