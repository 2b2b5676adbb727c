//! Discovery and the key set. Both are public and hold no secret: any origin may read them, and caches may keep them
//! for a while. A reader that has one already asks with `If-None-Match`.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use meibo_app::App;

use crate::respond::weak_etag;

const DISCOVERY_CACHE: &str = "public, max-age=300";

/// A key is published for five minutes before it signs. Whoever keeps the set for four, and got it from a node that
/// had not heard of the key yet, still has it in time.
const JWKS_CACHE: &str = "public, max-age=240, must-revalidate";

pub(super) async fn discovery(State(app): State<App>) -> Response {
    document(
        app.discovery_document(),
        "application/json",
        DISCOVERY_CACHE,
    )
}

pub(super) async fn jwks(State(app): State<App>) -> Response {
    document(
        app.jwks_document().await,
        "application/jwk-set+json",
        JWKS_CACHE,
    )
}

fn document(body: Bytes, content_type: &'static str, cache_control: &'static str) -> Response {
    let etag = weak_etag(&body);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static(cache_control),
        ),
        (
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        ),
    ];
    let mut response = (headers, body).into_response();
    etag.map(|etag| response.headers_mut().insert(header::ETAG, etag));
    response
}

#[cfg(test)]
mod tests {
    use meibo_domain::{signing_key::PUBLISHED_BEFORE_USE, time::minutes};

    use super::*;

    #[test]
    fn a_kept_key_set_is_dropped_before_its_next_key_signs() {
        let (_, rest) = JWKS_CACHE.split_once("max-age=").unwrap();
        let seconds: u64 = rest.split(',').next().unwrap().parse().unwrap();
        let kept = std::time::Duration::from_secs(seconds);
        assert!(kept + minutes(1) <= PUBLISHED_BEFORE_USE);
    }
}
