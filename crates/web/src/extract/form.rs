//! Form bodies, bounded and decoded strictly.

use axum::extract::{FromRequest, Request};
use http::header;
use meibo_domain::{Error, ErrorCode};
use serde_json::Value;

use super::{
    body::{has_media_type, read_body, unsupported_media_type},
    pairs::{Limits, parse_pairs},
    strict_json,
};
use crate::respond::Failure;

const LIMITS: Limits = Limits {
    bytes: 64 * 1024,
    pairs: 128,
};
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// The fields of a form in their order; a name may repeat. At most 64 KiB and 128 of them. A request
/// without a body has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(pub Vec<(String, String)>);

/// As [`Form`], and a JSON object is taken too: its members become fields, the items of a list one
/// field each. Numbers and booleans are taken as text, null as absent, nested objects not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormOrJson(pub Vec<(String, String)>);

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        Ok(Self(read_fields(request, false).await?))
    }
}

impl<S: Sync> FromRequest<S> for FormOrJson {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        Ok(Self(read_fields(request, true).await?))
    }
}

async fn read_fields(request: Request, takes_json: bool) -> Result<Vec<(String, String)>, Error> {
    let (parts, body) = request.into_parts();
    let is_form = has_media_type(&parts.headers, FORM);
    let is_json = takes_json && has_media_type(&parts.headers, JSON);
    if !is_form && !is_json && parts.headers.contains_key(header::CONTENT_TYPE) {
        return Err(unsupported_media_type(FORM));
    }
    let bytes = read_body(&parts.headers, body, LIMITS.bytes).await?;
    match (is_form, is_json) {
        _ if bytes.is_empty() => Ok(Vec::new()),
        (true, _) => parse_pairs(&bytes, LIMITS),
        (false, true) => transcode(strict_json::parse(&bytes)?),
        (false, false) => Err(unsupported_media_type(FORM)),
    }
}

fn transcode(value: Value) -> Result<Vec<(String, String)>, Error> {
    let Value::Object(members) = value else {
        return Err(Error::invalid("", "type", "expected an object"));
    };
    let mut fields = Vec::new();
    for (name, value) in members {
        let values = match value {
            Value::Array(items) => items,
            other => vec![other],
        };
        for value in values {
            match value {
                Value::Null => continue,
                Value::String(text) => fields.push((name.clone(), text)),
                Value::Bool(_) | Value::Number(_) => fields.push((name.clone(), value.to_string())),
                Value::Array(_) | Value::Object(_) => {
                    return Err(Error::invalid(
                        format!("{name:.64}"),
                        "type",
                        "expected text or a list of texts",
                    ));
                }
            }
            if fields.len() > LIMITS.pairs {
                let detail = format!("at most {} parameters", LIMITS.pairs);
                return Err(Error::new(ErrorCode::InvalidRequest).detail(detail));
            }
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(content_type: Option<&str>, body: &str) -> Request {
        let mut request = Request::post("/");
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        request.body(Body::from(body.to_owned())).unwrap()
    }

    async fn form(
        content_type: Option<&str>,
        body: &str,
    ) -> Result<Vec<(String, String)>, ErrorCode> {
        let form = Form::from_request(request(content_type, body), &()).await;
        form.map(|form| form.0)
            .map_err(|failure| failure.error().code())
    }

    async fn form_or_json(content_type: &str, body: &str) -> Result<String, ErrorCode> {
        let form = FormOrJson::from_request(request(Some(content_type), body), &()).await;
        form.map(|form| serde_urlencoded::to_string(form.0).unwrap())
            .map_err(|failure| failure.error().code())
    }

    #[tokio::test]
    async fn a_form_and_nothing_else() {
        let field = vec![("a".to_owned(), "é".to_owned())];
        assert_eq!(form(Some(FORM), "a=%C3%A9").await, Ok(field));
        assert_eq!(form(None, "").await, Ok(vec![]));
        for (content_type, body, expected) in [
            (Some(FORM), "a=%ff", ErrorCode::InvalidRequest),
            (Some(FORM), "a=%00", ErrorCode::InvalidRequest),
            (Some(JSON), "{}", ErrorCode::UnsupportedMediaType),
            (Some("text/plain"), "a=1", ErrorCode::UnsupportedMediaType),
            (
                Some("multipart/form-data; boundary=x"),
                "",
                ErrorCode::UnsupportedMediaType,
            ),
            (None, "a=1", ErrorCode::UnsupportedMediaType),
        ] {
            assert_eq!(
                form(content_type, body).await,
                Err(expected),
                "{content_type:?} {body}"
            );
        }
        let many = "a&".repeat(129);
        assert_eq!(
            form(Some(FORM), &many).await,
            Err(ErrorCode::InvalidRequest)
        );
        let long = "a".repeat(LIMITS.bytes + 1);
        assert_eq!(form(Some(FORM), &long).await, Err(ErrorCode::BodyTooLarge));
    }

    #[tokio::test]
    async fn json_becomes_fields() {
        let json = r#"{"a":"x y","b":[1,"2"],"c":true,"d":null}"#;
        assert_eq!(
            form_or_json(JSON, json).await.as_deref(),
            Ok("a=x+y&b=1&b=2&c=true")
        );
        assert_eq!(form_or_json(FORM, "a=1").await.as_deref(), Ok("a=1"));
        for (body, expected) in [
            (r#"{"a":{}}"#, ErrorCode::InvalidInput),
            (r#"{"a":[[1]]}"#, ErrorCode::InvalidInput),
            (r#"{"a":"1","a":"2"}"#, ErrorCode::InvalidInput),
            (r#"{"a":"\u0000"}"#, ErrorCode::InvalidInput),
            ("[]", ErrorCode::InvalidInput),
            ("{", ErrorCode::MalformedJson),
        ] {
            assert_eq!(form_or_json(JSON, body).await, Err(expected), "{body}");
        }
    }
}
