//! Keys that clients publish at an address of their own (`jwksUri`), kept for a while.
//!
//! What another party publishes is neither configuration of ours nor state that we may call true: it
//! is asked for again after ten minutes, and for a key that it does not have (a client that rotates
//! its keys is not refused for long). ADR 9 says why this may be kept in memory.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use meibo_crypto::jwt::ForeignKeys;
use meibo_domain::{
    Error, Result,
    application::Application,
    time::{Timestamp, days, minutes, seconds},
};
use meibo_oauth::client_auth::assertion;
use meibo_outbound::{Outbound, OutboundRequest};
use url::Url;

use crate::App;

/// How long a set is used without a question.
const FRESH: Duration = minutes(10);

/// How long it is used while its address does not answer.
const KEPT: Duration = days(1);

/// How often one address is asked at most, whatever assertions name.
const ASK_AGAIN: Duration = seconds(30);

/// Addresses remembered at most; a full memory starts anew.
const CAPACITY: usize = 1_000;

/// Key sets by their address.
#[derive(Default)]
pub(crate) struct PublishedKeys(Mutex<HashMap<String, Arc<Published>>>);

/// What is known of one address.
#[derive(Default)]
struct Published {
    known: Mutex<Known>,
    /// Held by the one request that asks; the others wait for its answer.
    flight: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Clone, Default)]
struct Known {
    keys: Option<(Arc<ForeignKeys>, Timestamp)>,
    asked_at: Option<Timestamp>,
}

impl Known {
    /// Should the address be asked, for a token with this header?
    fn is_question(&self, token: &str, now: Timestamp) -> bool {
        let answers = self.keys.as_ref().is_some_and(|(keys, read_at)| {
            is_within(*read_at, FRESH, now) && keys.has_key_for(token)
        });
        let was_asked = self
            .asked_at
            .is_some_and(|asked_at| is_within(asked_at, ASK_AGAIN, now));
        !answers && !was_asked
    }

    fn usable(&self, now: Timestamp) -> Option<Arc<ForeignKeys>> {
        let (keys, read_at) = self.keys.as_ref()?;
        is_within(*read_at, KEPT, now).then(|| Arc::clone(keys))
    }
}

/// Is `now` less than `age` after `since`? A clock that was set back is not trusted.
fn is_within(since: Timestamp, age: Duration, now: Timestamp) -> bool {
    since <= now && now < since + age
}

impl PublishedKeys {
    fn at(&self, url: &str) -> Arc<Published> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= CAPACITY && !all.contains_key(url) {
            all.clear();
        }
        Arc::clone(all.entry(url.to_owned()).or_default())
    }
}

impl Published {
    fn known(&self) -> Known {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn ask(&self, outbound: &Outbound, url: &str, now: Timestamp) {
        let read = read(outbound, url).await;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.asked_at = Some(now);
        match read {
            Ok(keys) => known.keys = Some((Arc::new(keys), now)),
            Err(reason) => tracing::warn!(
                host = Url::parse(url)
                    .ok()
                    .and_then(|url| url.host_str().map(str::to_owned)),
                reason,
                "the public keys of an application (jwksUri) cannot be read; known ones are used for a day"
            ),
        }
    }
}

/// Reads a set; the error says why there is none.
async fn read(outbound: &Outbound, url: &str) -> Result<ForeignKeys, String> {
    let parsed = Url::parse(url).map_err(|error| error.to_string())?;
    if !outbound.is_trusted_place(&parsed) {
        return Err("it is not https, and its host is not named in outbound-allow".to_owned());
    }
    let request =
        OutboundRequest::get(parsed).header("accept", "application/jwk-set+json, application/json");
    let reply = outbound
        .send(request)
        .await
        .map_err(|error| error.to_string())?;
    if reply.status != 200 {
        return Err(format!("the answer has the status {}", reply.status));
    }
    ForeignKeys::from_json(&reply.body).map_err(|error| error.to_string())
}

impl App {
    /// Refuses to register keys that could never be used: a set without a usable key, and an address
    /// whose answer anybody on the way could change.
    ///
    /// # Errors
    /// `guard.invalid_input` with the path of the member.
    pub(crate) fn check_client_keys(&self, application: &Application) -> Result<()> {
        assertion::registered_keys(application)?;
        let url = application.oidc.jwks_uri.as_deref();
        match url.and_then(|url| Url::parse(url).ok()) {
            Some(url) if !self.outbound.is_trusted_place(&url) => Err(Error::invalid(
                "oidcClientMetadata.jwksUri",
                "url",
                "an https URL; http is taken to hosts and addresses that the operator named in outbound-allow",
            )),
            _ => Ok(()),
        }
    }

    /// The keys published at `url`, with which `token` is to be verified; none while nothing
    /// readable was found there within a day.
    pub(crate) async fn published_keys(&self, url: &str, token: &str) -> Option<Arc<ForeignKeys>> {
        let published = self.published_keys.at(url);
        let now = self.now();
        if published.known().is_question(token, now) {
            let flight = Arc::clone(&published.flight).lock_owned().await;
            // Whoever flew before may have found the answer.
            if published.known().is_question(token, now) {
                // A task of its own: who goes away meanwhile has asked all the same, and the others
                // wait for it as long as it holds the flight.
                let asked = Arc::clone(&published);
                let (outbound, url) = (self.outbound.clone(), url.to_owned());
                let asking = tokio::spawn(async move {
                    asked.ask(&outbound, &url, now).await;
                    drop(flight);
                });
                if let Err(error) = asking.await {
                    tracing::error!(%error, "keys of an application could not be asked for");
                }
            }
        }
        published.known().usable(now)
    }
}

#[cfg(test)]
mod tests {
    use meibo_crypto::{
        jwt::sign,
        signing_key::{SigningAlgorithm, SigningKey},
    };
    use serde_json::json;

    use super::*;

    #[test]
    fn when_the_address_is_asked_and_how_long_its_answer_counts() {
        let key = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        let known_key = sign(&key, "JWT", &json!({})).unwrap();
        let other = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        let unknown_key = sign(&other, "JWT", &json!({})).unwrap();
        let keys = ForeignKeys::parse(&json!({"keys": [key.public_jwk()]})).unwrap();
        let at = |duration: Duration| Timestamp(0) + duration;
        assert!(Known::default().is_question(&known_key, at(seconds(0))));
        assert!(Known::default().usable(at(seconds(0))).is_none());
        let known = Known {
            keys: Some((Arc::new(keys), at(seconds(0)))),
            asked_at: Some(at(seconds(0))),
        };
        for (token, now, is_question) in [
            (&known_key, seconds(0), false),
            (&known_key, seconds(599), false),
            (&known_key, seconds(600), true),
            (&unknown_key, seconds(29), false),
            (&unknown_key, seconds(30), true),
        ] {
            assert_eq!(known.is_question(token, at(now)), is_question, "{now:?}");
        }
        assert!(
            known.is_question(&known_key, Timestamp(-1)),
            "the clock was set back"
        );
        assert!(known.usable(at(days(1) - seconds(1))).is_some());
        assert!(known.usable(at(days(1))).is_none());
        let failed_again = Known {
            asked_at: Some(at(seconds(600))),
            ..known
        };
        assert!(!failed_again.is_question(&known_key, at(seconds(629))));
        assert!(failed_again.is_question(&known_key, at(seconds(630))));
    }

    #[test]
    fn addresses_are_remembered_up_to_a_bound() {
        let all = PublishedKeys::default();
        for number in 0..=CAPACITY {
            all.at(&format!("https://rp.example/{number}"));
        }
        assert_eq!(all.0.lock().unwrap().len(), 1);
        let again = format!("https://rp.example/{CAPACITY}");
        assert!(Arc::ptr_eq(&all.at(&again), &all.at(&again)));
    }
}
