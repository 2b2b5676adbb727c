//! What happens around every request, in one pass: its id, a time limit, a net under panics, the
//! writing of errors, headers, the access log and the metrics.

mod access_log;
mod meters;

use std::{
    convert::Infallible,
    error::Error as StdError,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use http::{HeaderName, HeaderValue, Method, header};
use meibo_domain::{Error, ErrorCode, ErrorKind, sign_in_experience::SignInExperience};
use meibo_pages::Layout;
use tokio::time::timeout;
use tower::Service;

use self::meters::Meters;
use crate::{
    brand::brand,
    cookies::kept_language,
    extract::{AcceptLanguage, RequestId, RequestIds, peer_address},
    reader_language::{detected_language, fallback_language},
    respond::{Failure, SecurityHeaders, error_json, error_page, not_modified},
    state::WebConfig,
};

/// How long a request may take, its body included.
const TIME_LIMIT: Duration = Duration::from_secs(30);

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The route of a request that matched none, in the log and the metrics.
const NO_ROUTE: &str = "none";

/// The layer. It goes around routes, not around the router, so that it knows which one matched.
#[derive(Clone)]
pub(crate) struct EdgeLayer(Arc<Shared>);

/// Gives the settings that pages are shown by now. Must not fail or wait long.
pub(crate) type ShownExperience =
    Box<dyn Fn() -> Pin<Box<dyn Future<Output = Arc<SignInExperience>> + Send>> + Send + Sync>;

struct Shared {
    experience: ShownExperience,
    config: Arc<WebConfig>,
    request_ids: RequestIds,
    security_headers: SecurityHeaders,
}

impl EdgeLayer {
    /// The edge of a node; its request ids begin with the node's name.
    pub(crate) fn new(config: Arc<WebConfig>, node: String, experience: ShownExperience) -> Self {
        let security_headers = SecurityHeaders {
            is_https: config.is_https(),
        };
        Self(Arc::new(Shared {
            request_ids: RequestIds::new(node),
            experience,
            config,
            security_headers,
        }))
    }
}

impl<S> tower::Layer<S> for EdgeLayer {
    type Service = Edge<S>;

    fn layer(&self, inner: S) -> Edge<S> {
        Edge {
            inner,
            shared: Arc::clone(&self.0),
            meters: Arc::default(),
        }
    }
}

/// The edge around one route.
#[derive(Clone)]
pub(crate) struct Edge<S> {
    inner: S,
    shared: Arc<Shared>,
    meters: Arc<Meters>,
}

impl<S> Service<Request> for Edge<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let started = now();
        let asked = Asked::of(&request, &self.shared);
        request.extensions_mut().insert(asked.request_id.clone());
        let running = AssertUnwindSafe(timeout(TIME_LIMIT, self.inner.call(request)));
        let (shared, meters) = (Arc::clone(&self.shared), Arc::clone(&self.meters));
        Box::pin(async move {
            let response = match running.catch_unwind().await {
                Ok(Ok(Ok(response))) => response,
                Ok(Err(_)) => overdue().into_response(),
                Err(panic) => panicked(panic.as_ref()).into_response(),
            };
            let mut response = asked.write_failure(response, &shared).await;
            shared.security_headers.set(response.headers_mut());
            asked
                .request_id
                .header_value()
                .map(|id| response.headers_mut().insert(X_REQUEST_ID, id));
            let response = not_modified(&asked.method, asked.if_none_match.as_ref(), response);
            let took = started.elapsed();
            access_log::write(&asked, response.status(), took);
            meters.count(asked.route(), &asked.method, response.status(), took);
            Ok(response)
        })
    }
}

/// What is still needed of a request when it is gone.
struct Asked {
    request_id: RequestId,
    method: Method,
    route: Option<MatchedPath>,
    wants_json: bool,
    accept_language: Option<HeaderValue>,
    /// Holds the reader's choice of a language.
    cookie: Option<HeaderValue>,
    if_none_match: Option<HeaderValue>,
}

impl Asked {
    fn of(request: &Request, shared: &Shared) -> Self {
        let headers = request.headers();
        let accepts_html = headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("text/html"));
        let named = headers
            .get(&X_REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|_| {
                peer_address(request.extensions()).is_some_and(|peer| shared.config.trusts(peer))
            });
        Self {
            request_id: named
                .and_then(RequestId::parse)
                .unwrap_or_else(|| shared.request_ids.next()),
            method: request.method().clone(),
            route: request.extensions().get().cloned(),
            wants_json: !accepts_html || request.uri().path().starts_with("/api/"),
            accept_language: headers.get(header::ACCEPT_LANGUAGE).cloned(),
            cookie: headers
                .get(header::COOKIE)
                .filter(|_| accepts_html)
                .cloned(),
            if_none_match: headers.get(header::IF_NONE_MATCH).cloned(),
        }
    }

    fn route(&self) -> &str {
        self.route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str)
    }

    /// Writes the failure that a handler gave, if it gave one. Headers set before stay.
    async fn write_failure(&self, mut response: Response, shared: &Shared) -> Response {
        let Some(failure) = response.extensions_mut().remove::<Failure>() else {
            return response;
        };
        let error = failure.error();
        self.log_failure(error);
        let header = self
            .accept_language
            .as_ref()
            .and_then(|value| value.to_str().ok());
        let kept = self.cookie.as_ref().and_then(kept_language);
        let mut written = if self.wants_json {
            let AcceptLanguage(preferred) = AcceptLanguage::negotiate(header);
            error_json(error, kept.unwrap_or(preferred), &self.request_id)
        } else {
            let experience = (shared.experience)().await;
            let info = experience.language_info;
            let language = kept
                .or_else(|| detected_language(info, header))
                .unwrap_or_else(|| fallback_language(info));
            let layout = Layout {
                brand: brand(&experience, &shared.config.public_url),
                ..Layout::new(language)
            };
            let origins = experience.branding.origins();
            error_page(error, layout, &origins, &self.request_id)
        };
        for (name, value) in response.headers() {
            if !matches!(*name, header::CONTENT_LENGTH | header::CONTENT_TYPE) {
                written
                    .headers_mut()
                    .entry(name)
                    .or_insert_with(|| value.clone());
            }
        }
        written
    }

    fn log_failure(&self, error: &Error) {
        let (request_id, route) = (self.request_id.as_str(), self.route());
        match error.kind() {
            ErrorKind::Internal => {
                tracing::error!(request_id, route, error = chain(error), "failed");
            }
            ErrorKind::Unavailable => {
                tracing::warn!(request_id, route, error = chain(error), "unavailable");
            }
            _ => tracing::debug!(request_id, route, error = chain(error), "refused"),
        }
    }
}

/// An error and what caused it, on one line.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn overdue() -> Failure {
    let seconds = TIME_LIMIT.as_secs();
    Error::new(ErrorCode::Overloaded)
        .detail(format!("not done within {seconds} s"))
        .into()
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Failure {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Error::internal(format!("a panic: {text}")).into()
}

/// The one place that measures how long a request takes.
#[allow(
    clippy::disallowed_methods,
    reason = "a duration for the log and the metrics, no decision"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests;
