//! A proxy on loopback in front of a server that spoils one answer, so that a client can be seen to notice it.

mod defect;

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    response::Response,
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use meibo_crypto::signing_key::{SigningAlgorithm, SigningKey};
use reqwest::redirect::Policy;
use tokio::net::TcpListener;

pub(crate) use self::defect::Defect;

/// The largest body that goes through, in bytes.
const MAX_BODY: usize = 1 << 20;

/// The proxy. It serves as long as the test's runtime lives, and passes everything on unchanged but for one key of its
/// own in the JWKS, until a defect is chosen.
#[derive(Clone)]
pub(crate) struct TamperingProxy {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    /// The origin of the server behind.
    behind: String,
    defect: Mutex<Option<Defect>>,
    /// Signs the ID tokens whose claims were altered, so that only the claims are wrong.
    key: SigningKey,
}

/// An answer on its way back.
struct Passing {
    path: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl TamperingProxy {
    /// Serves at a port of loopback what the server at `behind` (an origin) answers.
    pub(crate) async fn serve(port: u16, behind: String) -> Self {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy();
        let proxy = Self {
            inner: Arc::new(Inner {
                http: http.build().unwrap(),
                behind,
                defect: Mutex::new(None),
                key: SigningKey::generate(SigningAlgorithm::Rs256).unwrap(),
            }),
        };
        let router = Router::new().fallback(pass).with_state(proxy.clone());
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        proxy
    }

    /// What is spoilt from now on.
    pub(crate) fn spoil(&self, defect: Option<Defect>) {
        *self.inner.defect.lock().unwrap() = defect;
    }
}

/// Asks the server behind, and spoils its answer.
async fn pass(State(proxy): State<TamperingProxy>, request: Request) -> Response {
    let inner = &proxy.inner;
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let body = to_bytes(body, MAX_BODY).await.unwrap();
    let answer = ask(inner, &parts.uri, parts.method, parts.headers, body).await;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut passing = Passing {
        path,
        status,
        headers,
        body: answer.bytes().await.unwrap().to_vec(),
    };
    let defect = *inner.defect.lock().unwrap();
    defect::publish_key(&mut passing, &inner.key);
    if let Some(defect) = defect {
        defect.spoil(&mut passing, &inner.key);
    }
    // The next answer may be spoilt otherwise.
    let no_store = HeaderValue::from_static("no-store");
    passing.headers.insert(header::CACHE_CONTROL, no_store);
    // The server that writes this answer sets them anew.
    for name in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
        passing.headers.remove(name);
    }
    let mut response = Response::new(Body::from(passing.body));
    *response.status_mut() = passing.status;
    *response.headers_mut() = passing.headers;
    response
}

/// The same request to the server behind; the header Host stays that of the proxy.
async fn ask(
    inner: &Inner,
    uri: &Uri,
    method: http::Method,
    mut headers: HeaderMap,
    body: Bytes,
) -> reqwest::Response {
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::ACCEPT_ENCODING);
    let url = format!("{}{uri}", inner.behind);
    let request = inner.http.request(method, url).headers(headers);
    request
        .body(body)
        .send()
        .await
        .expect("the server behind answers")
}
