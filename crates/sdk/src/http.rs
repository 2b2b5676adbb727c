//! Requests with a time limit, answers with a size limit.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, redirect};
use serde::de::DeserializeOwned;

use crate::{ApiError, Error, Result};

/// Limits for every request.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// For the connection with TLS; 5 seconds.
    pub connect_timeout: Duration,
    /// From the start to the last byte of the answer; 10 seconds.
    pub total_timeout: Duration,
    /// The longest answer in bytes; 4 MiB.
    pub max_body: usize,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(10),
            max_body: 4 * 1024 * 1024,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    max_body: usize,
}

/// A whole answer.
pub(crate) struct Answer {
    what: &'static str,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    body: Vec<u8>,
}

impl Http {
    /// `endpoint` decides whether certificates are needed: with `http:` the client also works on a
    /// machine that has none.
    #[allow(
        clippy::disallowed_methods,
        reason = "the crate stands apart: this is its one HTTP client"
    )]
    pub(crate) fn new(options: &HttpOptions, endpoint: &str) -> Result<Self> {
        let builder = reqwest::Client::builder()
            .user_agent(concat!("meibo-sdk/", env!("CARGO_PKG_VERSION")))
            // A redirect could carry credentials to a place nobody configured.
            .redirect(redirect::Policy::none())
            .connect_timeout(options.connect_timeout)
            .timeout(options.total_timeout);
        let builder = if endpoint.starts_with("https:") {
            builder
        } else {
            builder.tls_certs_only([])
        };
        let client = builder.build().map_err(|error| Error::Setting {
            setting: "http",
            problem: format!("no HTTP client: {}", chain(&error)),
        })?;
        Ok(Self {
            client,
            max_body: options.max_body,
        })
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Sends and reads the whole answer, whatever its status. `what` names the endpoint in errors.
    pub(crate) async fn send(&self, what: &'static str, request: RequestBuilder) -> Result<Answer> {
        let fault = |error: reqwest::Error| {
            if error.is_timeout() {
                Error::Timeout { what }
            } else {
                // The address may hold a search for a person.
                Error::Unreachable {
                    what,
                    source: Arc::new(error.without_url()),
                }
            }
        };
        let mut response = request.send().await.map_err(fault)?;
        let too_large = Error::TooLarge {
            what,
            limit: self.max_body,
        };
        let announced = response
            .content_length()
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(0);
        if announced > self.max_body {
            return Err(too_large);
        }
        let mut body = Vec::with_capacity(announced);
        while let Some(chunk) = response.chunk().await.map_err(fault)? {
            if body.len().saturating_add(chunk.len()) > self.max_body {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            what,
            status: response.status().as_u16(),
            headers: std::mem::take(response.headers_mut()),
            body,
        })
    }
}

impl Answer {
    /// An error status as [`Error::Api`].
    pub(crate) fn check_success(self) -> Result<Self> {
        match self.status {
            200..=299 => Ok(self),
            300..=399 => Err(self.unexpected("a redirect, which is not followed")),
            status => Err(Error::Api(Box::new(ApiError::read(status, &self.body)))),
        }
    }

    /// The JSON body.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        // serde's message can quote a value: only its place is told.
        serde_json::from_slice(&self.body).map_err(|error| {
            self.unexpected(&format!(
                "no such JSON at line {} column {}",
                error.line(),
                error.column()
            ))
        })
    }

    pub(crate) fn unexpected(&self, problem: &str) -> Error {
        Error::Unexpected {
            what: self.what,
            problem: problem.to_owned(),
        }
    }
}

/// An error with its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}
