//! The page at `/api`: the API reference, to read and to try. All of it comes from this server.

use std::{
    hash::{DefaultHasher, Hasher},
    sync::LazyLock,
};

use axum::{
    response::{Html, IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use http::{HeaderValue, header};

use crate::{assets::File, page_routes::PageRoutes};

/// Scalar sets its colours by style elements and attributes, hence `'unsafe-inline'` for styles.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

/// The next version of the server names other scripts, so the page is asked for each time.
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");

/// The reference, and our few lines that start it.
static SCALAR: LazyLock<Script> = LazyLock::new(|| {
    let bytes = scalar_api_reference::get_asset("scalar.js").unwrap_or_default();
    Script::new("scalar", bytes.into())
});
static START: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "api-reference",
        Bytes::from_static(include_bytes!("api_reference/start.js")),
    )
});

/// A script under a name that changes with it.
struct Script {
    path: String,
    bytes: Bytes,
}

impl Script {
    fn new(name: &str, bytes: Bytes) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(&bytes);
        Self {
            path: format!("/assets/{name}.{:016x}.js", hasher.finish()),
            bytes,
        }
    }
}

/// The page.
pub(crate) fn pages() -> PageRoutes {
    PageRoutes::default().page("/api", get(reference))
}

/// The script at `path`, if it is one of the page's.
pub(crate) fn asset(path: &str) -> Option<File> {
    // The large script is read into memory only when somebody asks for something named like it.
    let script = match path.strip_prefix("/assets/")? {
        name if name.starts_with("scalar.") => &SCALAR,
        name if name.starts_with("api-reference.") => &START,
        _ => return None,
    };
    (script.path == path).then(|| File {
        content_type: "text/javascript; charset=utf-8",
        etag: None,
        bytes: script.bytes.clone(),
    })
}

async fn reference() -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, ASK_FIRST),
    ];
    let (scalar, start) = (&SCALAR.path, &START.path);
    let icon = meibo_pages::assets::url("seal.svg");
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Meibo Management API</title>\n\
         <link rel=\"icon\" type=\"image/svg+xml\" href=\"{icon}\">\n</head>\n<body>\n<div id=\"reference\"></div>\n\
         <noscript><p>The reference needs JavaScript. The OpenAPI document is at \
         <a href=\"/api/swagger.json\">/api/swagger.json</a>.</p></noscript>\n\
         <script src=\"{scalar}\"></script>\n<script src=\"{start}\"></script>\n</body>\n</html>\n"
    );
    (headers, Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn the_page_takes_its_scripts_from_here() {
        let response = reference().await;
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        assert!(
            !policy.contains("http") && !policy.contains("unsafe-eval"),
            "{policy}"
        );
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let html = String::from_utf8(bytes.to_vec()).unwrap();
        let scripts: Vec<_> = html.split("<script src=\"").skip(1).collect();
        assert_eq!(scripts.len(), 2);
        for script in scripts {
            let path = script.split('"').next().unwrap();
            assert!(!asset(path).unwrap().bytes.is_empty(), "{path}");
        }
        assert!(!html.contains("://"), "{html}");
        assert!(asset("/assets/scalar.js").is_none());
    }

    #[test]
    fn nothing_is_fetched_from_elsewhere() {
        let start = String::from_utf8(START.bytes.to_vec()).unwrap();
        for off in [
            "telemetry: false",
            "withDefaultFonts: false",
            "agent: { disabled: true }",
        ] {
            assert!(start.contains(off), "{off}");
        }
        assert!(!start.contains("://"), "{start}");
    }
}
