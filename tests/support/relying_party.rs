//! An application's server on this machine, which takes logout tokens as it is told to.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::State, routing::post};
use http::StatusCode;
use meibo_domain::{
    application::{ApplicationPatch, OidcClientMetadata},
    ids::ApplicationId,
};
use tokio::sync::{Notify, watch};
use url::Url;

use super::{
    fixtures::{Client, POST_LOGOUT_URI, REDIRECT_URI},
    server::{TestServer, operator},
};

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Answering(u16),
    /// It takes the token and answers as soon as it is in another mood.
    Pondering,
    /// It takes the token and says nothing.
    Silent,
}

/// An application's server. Clones share everything.
#[derive(Clone)]
pub(crate) struct RelyingParty {
    /// Its `backchannelLogoutUri`.
    pub(crate) uri: String,
    parts: Arc<Parts>,
}

struct Parts {
    mood: watch::Sender<Mood>,
    received: Mutex<Vec<String>>,
    arrived: Notify,
}

impl RelyingParty {
    /// One that answers 200.
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/logout", listener.local_addr().unwrap());
        let parts = Arc::new(Parts {
            mood: watch::Sender::new(Mood::Answering(200)),
            received: Mutex::default(),
            arrived: Notify::new(),
        });
        let router = Router::new()
            .route("/logout", post(take))
            .with_state(Arc::clone(&parts));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { uri, parts }
    }

    /// An application of this server's.
    pub(crate) async fn application(&self, server: &TestServer) -> Client {
        server.told_at(&self.uri).await
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        self.parts.mood.send_replace(mood);
    }

    /// The logout tokens so far.
    pub(crate) fn received(&self) -> Vec<String> {
        self.parts.received.lock().unwrap().clone()
    }

    /// Waits for the next logout token since the last wait.
    pub(crate) async fn arrival(&self) {
        let arrival = self.parts.arrived.notified();
        tokio::time::timeout(Duration::from_secs(20), arrival)
            .await
            .expect("a logout token arrives");
    }
}

async fn take(State(parts): State<Arc<Parts>>, body: String) -> StatusCode {
    let fields = Url::parse(&format!("http://rp.example/?{body}")).unwrap();
    let tokens = fields
        .query_pairs()
        .filter(|(name, _)| name == "logout_token")
        .map(|(_, value)| value.into_owned());
    parts.received.lock().unwrap().extend(tokens);
    parts.arrived.notify_one();
    let mut moods = parts.mood.subscribe();
    let mood = *moods
        .wait_for(|mood| *mood != Mood::Pondering)
        .await
        .unwrap();
    match mood {
        Mood::Answering(status) => StatusCode::from_u16(status).unwrap(),
        Mood::Pondering | Mood::Silent => std::future::pending().await,
    }
}

impl TestServer {
    /// An application whose `backchannelLogoutUri` this is.
    pub(crate) async fn told_at(&self, uri: &str) -> Client {
        let client = self.traditional().await;
        let oidc = OidcClientMetadata {
            redirect_uris: vec![REDIRECT_URI.to_owned()],
            post_logout_redirect_uris: vec![POST_LOGOUT_URI.to_owned()],
            backchannel_logout_uri: Some(uri.to_owned()),
            ..OidcClientMetadata::default()
        };
        let id = ApplicationId::parse(client.id.as_str()).unwrap();
        let patch = ApplicationPatch {
            oidc: Some(oidc),
            ..ApplicationPatch::default()
        };
        let app = self.app();
        app.update_application(&operator(), &id, patch)
            .await
            .unwrap();
        client
    }
}
