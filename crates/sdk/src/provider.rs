//! One server as all clients of a process see it: its discovery document and its keys, cached.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use crate::config::parse_endpoint;
use crate::discovery::{self, Discovery, issuer_of};
use crate::flights::{Flights, lock};
use crate::http::Http;
use crate::jwks::KeySet;
use crate::jwt::{self, Expected, Kind};
use crate::{AccessTokenClaims, HttpOptions, Result, TokenFault, time};

/// How long a set of keys is used without asking again, so that a withdrawn key is forgotten.
const KEYS_AGE: Duration = Duration::from_secs(600);
/// The shortest time between two requests for the keys, so that invented key ids cost nothing.
const KEYS_PAUSE: Duration = Duration::from_secs(10);
/// Seconds by which clocks may differ for access tokens.
const LEEWAY: u64 = 60;

/// A server, by its endpoint. Clones share one cache: the discovery document for the life of the
/// value, the keys for ten minutes (longer only while the server does not answer).
#[derive(Clone)]
pub struct Provider {
    inner: Arc<Inner>,
}

struct Inner {
    endpoint: String,
    http: Http,
    discovery: Mutex<Option<Arc<Discovery>>>,
    discovering: Flights<(), Arc<Discovery>>,
    keys: Mutex<Keys>,
    fetching: Flights<(), Arc<KeySet>>,
}

#[derive(Default)]
struct Keys {
    set: Option<(Arc<KeySet>, Instant)>,
    /// When the keys were last asked for again.
    asked_at: Option<Instant>,
}

impl Provider {
    /// Knows the server at `endpoint`, the address without `/oidc`; asks it nothing yet.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) for an endpoint that is no http(s) address, and on
    /// a machine without root certificates when the endpoint is https.
    pub fn new(endpoint: &str, http: &HttpOptions) -> Result<Self> {
        let endpoint = parse_endpoint(endpoint)?;
        let http = Http::new(http, &endpoint)?;
        let inner = Inner {
            endpoint,
            http,
            discovery: Mutex::default(),
            discovering: Flights::new(),
            keys: Mutex::default(),
            fetching: Flights::new(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The endpoint, without a slash at its end.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.inner.endpoint
    }

    /// Verifies a JWT access token that a caller of your API presented: signature, `typ: at+jwt`,
    /// issuer, `aud` = `audience` (your API's resource indicator), expiry, and that every one of
    /// `scopes` was granted. Opaque access tokens are refused.
    ///
    /// # Errors
    /// [`Error::Token`](crate::Error::Token): answer 401, or 403 for
    /// [`TokenFault::MissingScope`]. Others: the server's keys could not be read, answer 503.
    pub async fn verify_access_token(
        &self,
        jwt: &str,
        audience: &str,
        scopes: &[&str],
    ) -> Result<AccessTokenClaims> {
        let issuer = issuer_of(&self.inner.endpoint);
        let expected = Expected {
            kind: Kind::AccessToken,
            issuer: &issuer,
            audience,
            leeway: LEEWAY,
        };
        let claims: AccessTokenClaims = self.verify(jwt, &expected).await?;
        claims.check(scopes)?;
        Ok(claims)
    }

    pub(crate) fn http(&self) -> &Http {
        &self.inner.http
    }

    pub(crate) async fn discovery(&self) -> Result<Arc<Discovery>> {
        if let Some(known) = lock(&self.inner.discovery).clone() {
            return Ok(known);
        }
        let inner = Arc::clone(&self.inner);
        self.inner
            .discovering
            .join((), async move { inner.discover().await })
            .await
    }

    pub(crate) async fn verify<T: DeserializeOwned>(
        &self,
        jwt: &str,
        expected: &Expected<'_>,
    ) -> Result<T> {
        let header = jwt::read_header(jwt, expected.kind)?;
        let keys = self.keys_with(&header.kid).await?;
        let key = keys.get(&header.kid).ok_or(TokenFault::UnknownKey)?;
        Ok(jwt::verify(jwt, &header, key, expected)?)
    }

    /// The cached keys; asks again first when they are old, or when `kid` is not among them and the
    /// last request is some seconds ago.
    async fn keys_with(&self, kid: &str) -> Result<Arc<KeySet>> {
        let known = {
            let keys = lock(&self.inner.keys);
            let now = time::instant();
            let asked_lately = keys
                .asked_at
                .is_some_and(|asked| now.duration_since(asked) < KEYS_PAUSE);
            match &keys.set {
                Some((set, read_at)) => {
                    let is_fresh = now.duration_since(*read_at) < KEYS_AGE;
                    if asked_lately || (is_fresh && set.get(kid).is_some()) {
                        return Ok(Arc::clone(set));
                    }
                    Some(Arc::clone(set))
                }
                None => None,
            }
        };
        let provider = self.clone();
        let fetched = self
            .inner
            .fetching
            .join((), async move { provider.fetch_keys().await })
            .await;
        match (fetched, known) {
            (Ok(set), _) => Ok(set),
            // The last known keys bridge an outage of the server.
            (Err(error), Some(set)) if error.is_unavailable() => Ok(set),
            (Err(error), _) => Err(error),
        }
    }

    async fn fetch_keys(&self) -> Result<Arc<KeySet>> {
        let discovery = self.discovery().await?;
        {
            let mut keys = lock(&self.inner.keys);
            // The first request does not count: a key may be rotated in right after it.
            keys.asked_at = keys.set.is_some().then(time::instant);
        }
        let request = self.inner.http.client().get(&discovery.jwks_uri);
        let answer = self
            .inner
            .http
            .send("key set", request)
            .await?
            .check_success()?;
        let set = Arc::new(KeySet::read(answer.json()?));
        lock(&self.inner.keys).set = Some((Arc::clone(&set), time::instant()));
        Ok(set)
    }
}

impl Inner {
    async fn discover(&self) -> Result<Arc<Discovery>> {
        if let Some(known) = lock(&self.discovery).clone() {
            return Ok(known);
        }
        let address = format!(
            "{}/.well-known/openid-configuration",
            issuer_of(&self.endpoint)
        );
        let answer = self
            .http
            .send(discovery::WHAT, self.http.client().get(address))
            .await?
            .check_success()?;
        let discovery = Arc::new(answer.json::<Discovery>()?.check(&self.endpoint)?);
        *lock(&self.discovery) = Some(Arc::clone(&discovery));
        Ok(discovery)
    }
}
