//! Entity tags and conditional requests (RFC 9110 sections 8.8.3 and 13.1.2).

use std::hash::{DefaultHasher, Hasher};

use axum::{body::Body, response::Response};
use http::{HeaderValue, Method, StatusCode, header};

/// A weak tag for a body: equal bodies have equal tags, on every node of one version.
pub(crate) fn weak_etag(body: &[u8]) -> Option<HeaderValue> {
    let mut hasher = DefaultHasher::new();
    hasher.write(body);
    let tag = format!("W/\"{:x}-{:016x}\"", body.len(), hasher.finish());
    HeaderValue::from_str(&tag).ok()
}

/// The answer without its body when the reader has it already; otherwise the answer as it is.
pub(crate) fn not_modified(
    method: &Method,
    if_none_match: Option<&HeaderValue>,
    mut response: Response,
) -> Response {
    let is_read =
        response.status() == StatusCode::OK && matches!(*method, Method::GET | Method::HEAD);
    let (true, Some(known)) = (is_read, if_none_match) else {
        return response;
    };
    let is_known = response
        .headers()
        .get(header::ETAG)
        .and_then(|tag| tag.to_str().ok())
        .zip(known.to_str().ok())
        .is_some_and(|(tag, known)| names(known, tag));
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// Does the list of tags hold `tag`, by the weak comparison?
fn names(list: &str, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    list.trim() == "*" || list.split(',').any(|known| bare(known) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_its_body() {
        assert_eq!(weak_etag(b"{}"), weak_etag(b"{}"));
        assert_ne!(weak_etag(b"{}"), weak_etag(b"{ }"));
        assert!(
            weak_etag(b"")
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("W/\"")
        );
    }

    #[test]
    fn only_a_known_ok_answer_loses_its_body() {
        for (method, list, status, expected) in [
            (Method::GET, "W/\"a\"", 200, 304),
            (Method::HEAD, "\"a\"", 200, 304),
            (Method::GET, "\"b\", W/\"a\"", 200, 304),
            (Method::GET, "*", 200, 304),
            (Method::GET, "\"b\"", 200, 200),
            (Method::GET, "", 200, 200),
            (Method::POST, "W/\"a\"", 200, 200),
            (Method::GET, "W/\"a\"", 404, 404),
        ] {
            let response = Response::builder()
                .status(status)
                .header(header::ETAG, "W/\"a\"");
            let response = response.body(Body::from("x")).unwrap();
            let list = HeaderValue::from_static(list);
            let answer = not_modified(&method, Some(&list), response);
            assert_eq!(answer.status(), expected, "{method} {list:?} {status}");
        }
    }
}
