//! The client: one call is one exchange, within every bound.

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use reqwest::{
    ClientBuilder,
    header::{ACCEPT_ENCODING, HeaderMap, HeaderValue},
    redirect, retry,
};
use url::Url;

use crate::{
    Lookup, OutboundAllow, OutboundError, OutboundReply, OutboundRequest, Refusal,
    bulkhead::{Bulkhead, Place},
    fault,
    resolver::GuardedResolver,
    system_lookup,
    target::Target,
};

/// Headers of a reply, in number.
const MAX_HEADERS: usize = 64;

/// How long a connection is kept for the next call.
const IDLE: Duration = Duration::from_secs(15);

/// Connections that are kept for each host.
const IDLE_PER_HOST: usize = 4;

/// What the client is made with.
#[derive(Clone)]
pub struct OutboundConfig {
    /// What may be called although it is not public.
    pub allow: OutboundAllow,
    /// For the look-up, the connection and TLS; 2 s.
    pub connect: Duration,
    /// Calls under way at once; 256.
    pub max_calls: usize,
    /// Calls under way at once to one host; 8, so that one that hangs does not hold up the others.
    pub max_calls_per_host: usize,
    /// Where names are looked up; the operating system's.
    pub lookup: Lookup,
}

impl Default for OutboundConfig {
    fn default() -> Self {
        Self {
            allow: OutboundAllow::default(),
            connect: Duration::from_secs(2),
            max_calls: 256,
            max_calls_per_host: 8,
            lookup: system_lookup(),
        }
    }
}

/// The guarded client. Clones are cheap and share connections and bounds.
#[derive(Clone)]
pub struct Outbound(Arc<Parts>);

struct Parts {
    http: reqwest::Client,
    /// None, with the reason, on a machine without certificates.
    https: Result<reqwest::Client, String>,
    allow: Arc<OutboundAllow>,
    lookup: Lookup,
    bulkhead: Arc<Bulkhead>,
}

impl Outbound {
    /// The client. On a machine without CA certificates it is made all the same, and every https call
    /// fails with that reason.
    ///
    /// # Errors
    /// The HTTP client cannot be made; the words say why.
    pub fn new(config: OutboundConfig) -> Result<Self, OutboundError> {
        let allow = Arc::new(config.allow);
        let builder = || {
            let resolver = GuardedResolver {
                lookup: Arc::clone(&config.lookup),
                allow: Arc::clone(&allow),
            };
            guarded(config.connect).dns_resolver(Arc::new(resolver))
        };
        let https = builder()
            .build()
            .map_err(|error| fault::read(&error).to_string());
        if let Err(reason) = &https {
            tracing::warn!(
                reason,
                "https calls will fail: install the system's CA certificates"
            );
        }
        let http = builder()
            .tls_certs_only([])
            .build()
            .map_err(|error| fault::read(&error))?;
        Ok(Self(Arc::new(Parts {
            http,
            https,
            allow,
            lookup: config.lookup,
            bulkhead: Bulkhead::new(config.max_calls, config.max_calls_per_host),
        })))
    }

    /// Sends one request and reads the whole reply, whatever its status.
    ///
    /// # Errors
    /// No reply, with the reason.
    pub async fn send(&self, request: OutboundRequest) -> Result<OutboundReply, OutboundError> {
        let target = Target::check(&request.url, &self.0.allow)?;
        let _place = self
            .0
            .bulkhead
            .enter(&target.host)
            .ok_or(OutboundError::Busy)?;
        let whole = request.limits.whole;
        let is_https = target.is_https;
        let tries = async move {
            match self.exchange(&request, is_https).await {
                Err(OutboundError::Connect(_)) if request.is_repeatable => {
                    self.exchange(&request, is_https).await
                }
                answer => answer,
            }
        };
        let answer = tokio::time::timeout(whole, Box::pin(tries)).await;
        let answer = answer.unwrap_or(Err(OutboundError::TimedOut));
        match &answer {
            Ok(reply) => tracing::debug!(host = target.host, status = reply.status, "called"),
            Err(error) => tracing::debug!(host = target.host, %error, "called without a reply"),
        }
        answer
    }

    /// May what `url` gives be relied on? It is https, or http to a host that the operator named.
    #[must_use]
    pub fn is_trusted_place(&self, url: &Url) -> bool {
        let host = url.host();
        url.scheme() == "https"
            || url.scheme() == "http" && host.is_some_and(|host| self.0.allow.names(&host))
    }

    /// A place for a call to `host` by a protocol other than HTTP; none when all are taken.
    pub(crate) fn enter(&self, host: &str) -> Option<Place> {
        self.0.bulkhead.enter(&host.to_ascii_lowercase())
    }

    /// The addresses of `host`, one at least, for a protocol other than HTTP. The caller connects to
    /// these and no others.
    ///
    /// # Errors
    /// The name has no address, or one that may not be called.
    pub(crate) async fn pin(&self, host: &str) -> Result<Vec<IpAddr>, OutboundError> {
        let unknown = |reason: String| OutboundError::Resolve {
            host: host.to_owned(),
            reason,
        };
        let found = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => (self.0.lookup)(host.to_owned())
                .await
                .map_err(|error| unknown(error.to_string()))?,
        };
        for address in &found {
            self.0.allow.check(host, *address)?;
        }
        if found.is_empty() {
            return Err(unknown("it has no address".to_owned()));
        }
        Ok(found)
    }

    async fn exchange(
        &self,
        request: &OutboundRequest,
        is_https: bool,
    ) -> Result<OutboundReply, OutboundError> {
        let client = if is_https {
            let trusted = self.0.https.as_ref();
            trusted.map_err(|reason| OutboundError::Tls(reason.clone()))?
        } else {
            &self.0.http
        };
        let response = client
            .request(request.method.clone(), request.url.clone())
            .headers(headers(request)?)
            .body(request.body.clone())
            .send()
            .await
            .map_err(|error| fault::read(&error))?;
        OutboundReply::read(response, request.limits).await
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "this is the guarded client: limits, proxies and redirects are set here"
)]
fn guarded(connect: Duration) -> ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("Meibo/", env!("CARGO_PKG_VERSION")))
        // A redirect would lead where nobody checked.
        .redirect(redirect::Policy::none())
        // A proxy would resolve names itself; the environment may not turn one on.
        .no_proxy()
        .retry(retry::never())
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .referer(false)
        .http1_only()
        .http1_max_headers(MAX_HEADERS)
        .connect_timeout(connect)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_PER_HOST)
}

fn headers(request: &OutboundRequest) -> Result<HeaderMap, OutboundError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    for (name, value) in &request.headers {
        let refused = || OutboundError::Refused(Refusal::Header(name));
        let mut value = HeaderValue::from_str(value).map_err(|_| refused())?;
        value.set_sensitive(true);
        let name = reqwest::header::HeaderName::from_lowercase(name.as_bytes());
        headers.insert(name.map_err(|_| refused())?, value);
    }
    Ok(headers)
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_tls_only_what_the_operator_named() {
        let outbound = Outbound::new(OutboundConfig {
            allow: OutboundAllow::loopback(),
            ..OutboundConfig::default()
        })
        .unwrap();
        for (url, expected) in [
            ("https://rp.example/jwks", true),
            ("https://10.0.0.1/jwks", true),
            ("http://127.0.0.1:8080/jwks", true),
            ("http://[::1]/jwks", true),
            ("http://2130706433/jwks", true),
            ("http://rp.example/jwks", false),
            ("http://localhost/jwks", false),
            ("http://10.0.0.1/jwks", false),
            ("ftp://127.0.0.1/jwks", false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(outbound.is_trusted_place(&url), expected, "{url}");
        }
    }
}
