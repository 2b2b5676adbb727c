//! Forms of the pages are taken only from the pages (cross-site request forgery).

use axum::response::{IntoResponse, Response};
use meibo_domain::ErrorCode;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::{respond::Failure, state::WebConfig};

type Refuse = fn(ProtectionError) -> Response;

/// The layer around routes with forms: a request that changes something must come from this
/// service's own origin, by `Sec-Fetch-Site` or else by `Origin`.
pub(crate) fn same_site(config: &WebConfig) -> CsrfLayer<Refuse> {
    let layer = CsrfLayer::new();
    // A proxy may change Host; the public origin is ours in any case.
    let origin = config.public_url.origin().ascii_serialization();
    let layer = layer.add_trusted_origin(&origin).unwrap_or_default();
    layer.with_rejection_response(refuse as Refuse)
}

fn refuse(_: ProtectionError) -> Response {
    Failure::from(ErrorCode::CrossSiteRequest).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, routing::any};
    use http::{Request, StatusCode};
    use tower::ServiceExt;
    use url::Url;

    use super::*;

    async fn status(method: &str, headers: &[(&str, &str)]) -> StatusCode {
        let config = WebConfig {
            trusted_proxies: vec![],
            public_url: Url::parse("https://id.example").unwrap(),
        };
        let router = Router::<()>::new()
            .route("/", any(async || ()))
            .layer(same_site(&config));
        let mut request = Request::builder()
            .method(method)
            .uri("/")
            .header("host", "inner:3001");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        router
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
            .status()
    }

    #[tokio::test]
    async fn only_our_own_pages_post() {
        let (site, origin) = ("sec-fetch-site", "origin");
        for (method, headers, expected) in [
            ("GET", &[(site, "cross-site")][..], 200),
            ("POST", &[], 200),
            (
                "POST",
                &[(site, "same-origin"), (origin, "https://id.example")],
                200,
            ),
            ("POST", &[(origin, "https://id.example")], 200),
            (
                "POST",
                &[(site, "cross-site"), (origin, "https://evil.example")],
                403,
            ),
            (
                "POST",
                &[(site, "same-site"), (origin, "https://www.id.example")],
                403,
            ),
            ("POST", &[(origin, "https://evil.example")], 403),
            ("POST", &[(origin, "http://id.example")], 403),
            ("POST", &[(origin, "null")], 403),
            (
                "DELETE",
                &[(site, "cross-site"), (origin, "https://evil.example")],
                403,
            ),
        ] {
            assert_eq!(
                status(method, headers).await,
                expected,
                "{method} {headers:?}"
            );
        }
    }
}
