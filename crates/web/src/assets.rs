//! Files that never change under their name, because their name has a hash of them.

use axum::{Router, extract::Request, response::IntoResponse, routing::get};
use bytes::Bytes;
use http::{HeaderValue, header};
use meibo_domain::ErrorCode;

use crate::{
    api_reference,
    respond::{Answer, Failure},
    state::AppState,
};

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The files of the pages, and those of the API reference.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/assets/{*path}", get(asset))
}

/// A file as it is sent.
pub(crate) struct File {
    pub(crate) content_type: &'static str,
    pub(crate) etag: Option<HeaderValue>,
    pub(crate) bytes: Bytes,
}

async fn asset(request: Request) -> Answer {
    let path = request.uri().path();
    let file = page_asset(path).or_else(|| api_reference::asset(path));
    let file = file.ok_or_else(|| Failure::from(ErrorCode::RouteNotFound))?;
    let content_type = HeaderValue::from_static(file.content_type);
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, FOR_EVER),
    ];
    let mut response = (headers, file.bytes).into_response();
    file.etag
        .map(|etag| response.headers_mut().insert(header::ETAG, etag));
    Ok(response)
}

fn page_asset(path: &str) -> Option<File> {
    let asset = meibo_pages::assets::asset(path)?;
    Some(File {
        content_type: asset.content_type,
        etag: HeaderValue::from_str(&asset.etag).ok(),
        bytes: Bytes::from_static(asset.bytes.as_ref()),
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::{Request, StatusCode};

    use super::*;

    #[tokio::test]
    async fn files_are_kept_for_ever_and_others_are_not_there() {
        let get = async |path: &str| asset(Request::get(path).body(Body::empty()).unwrap()).await;
        let response = get(meibo_pages::assets::url("meibo.css")).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/css; charset=utf-8"
        );
        assert!(
            response.headers()[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        assert!(response.headers().contains_key(header::ETAG));
        for path in [
            "/assets/meibo.css",
            "/assets/",
            "/assets/../Cargo.toml",
            "/assets/%2e%2e/x",
        ] {
            let code = get(path).await.unwrap_err().error().code();
            assert_eq!(code, ErrorCode::RouteNotFound, "{path}");
        }
    }
}
