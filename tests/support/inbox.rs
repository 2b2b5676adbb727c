//! An inbox on this machine: takes the messages of `http-email` and `http-sms` connectors.
//!
//! `let inbox = server.with_inbox().await;` sets up both connectors; `inbox.code_to("a@b.example").await`
//! sends what waits and gives the code of the next message to that recipient.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    response::{IntoResponse as _, Response},
    routing::post,
};
use futures_util::stream;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{client::ApiClient, server::TestServer, tokens::text};

/// What it says to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reception {
    /// 204: the message is taken.
    Taking,
    /// This status, with `Retry-After: 1`.
    Answering(u16),
    /// 429, with this `Retry-After`.
    AskingToWait(&'static str),
    /// Nothing, for as long as the caller waits.
    Hanging,
    /// Half of an answer, then the connection ends.
    Dropping,
}

/// A message as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    /// `email` or `sms`.
    pub(crate) channel: String,
    /// The address, or the number with `+`.
    pub(crate) to: String,
    /// The usage type.
    pub(crate) usage_type: String,
    /// What a template would be filled with.
    pub(crate) payload: Value,
    /// The same for every repetition of one message.
    pub(crate) id: String,
    /// The header `Authorization`; empty when there is none.
    pub(crate) authorization: String,
    /// Was it answered with success?
    pub(crate) is_taken: bool,
}

/// The inbox. Clones share everything.
#[derive(Clone)]
pub(crate) struct Inbox {
    url: String,
    parts: Arc<Parts>,
    /// Whose jobs are run before a wait.
    server: Option<TestServer>,
}

struct Parts {
    reception: Mutex<Reception>,
    arrivals: Mutex<Vec<Arrival>>,
    /// Places in `arrivals` that were given out.
    given: Mutex<Vec<usize>>,
    arrived: Notify,
}

impl TestServer {
    /// An inbox, set up as both connectors by an administrator (which makes a machine application).
    pub(crate) async fn with_inbox(&self) -> Inbox {
        let inbox = Inbox {
            server: Some(self.clone()),
            ..Inbox::start().await
        };
        let admin = self.admin().await;
        inbox.set_up(&admin).await;
        inbox
    }
}

impl Inbox {
    /// An inbox that takes everything, for servers that run their jobs themselves.
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let parts = Arc::new(Parts {
            reception: Mutex::new(Reception::Taking),
            arrivals: Mutex::default(),
            given: Mutex::default(),
            arrived: Notify::new(),
        });
        let router = Router::new()
            .route("/{channel}", post(take))
            .with_state(Arc::clone(&parts));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            parts,
            server: None,
        }
    }

    /// Its address; `/email` and `/sms` are below it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The configuration of a connector that leads here; `channel` is `email` or `sms`.
    pub(crate) fn config(&self, channel: &str) -> Value {
        json!({"endpoint": format!("{}/{channel}", self.url), "authorization": "Bearer inbox"})
    }

    /// Makes it both connectors.
    pub(crate) async fn set_up(&self, admin: &ApiClient) {
        for channel in ["email", "sms"] {
            let body =
                json!({"connectorId": format!("http-{channel}"), "config": self.config(channel)});
            admin.post("/api/connectors", body).await.expect(200);
        }
    }

    pub(crate) fn set_reception(&self, reception: Reception) {
        *self.parts.reception.lock().unwrap() = reception;
    }

    /// Everything that arrived, taken or not, in its order.
    pub(crate) fn arrivals(&self) -> Vec<Arrival> {
        self.parts.arrivals.lock().unwrap().clone()
    }

    /// The next message to a recipient that was taken and not asked for yet; what waits is sent
    /// first. Panics when none comes within 20 s.
    pub(crate) async fn message_to(&self, recipient: &str) -> Arrival {
        let found = tokio::time::timeout(Duration::from_secs(20), async {
            loop {
                let arrived = self.parts.arrived.notified();
                if let Some(server) = &self.server {
                    server.app().run_due_jobs().await.unwrap();
                }
                if let Some(found) = self.next_to(recipient) {
                    return found;
                }
                arrived.await;
            }
        });
        found.await.unwrap_or_else(|_| {
            panic!(
                "no message to {recipient}; these came: {:?}",
                self.arrivals()
            )
        })
    }

    /// The code in [`Inbox::message_to`].
    pub(crate) async fn code_to(&self, recipient: &str) -> String {
        text(&self.message_to(recipient).await.payload, "code").to_owned()
    }

    /// Waits until so many messages have arrived, taken or not. Panics after 20 s.
    pub(crate) async fn arrived(&self, count: usize) {
        let arrived = tokio::time::timeout(Duration::from_secs(20), async {
            while self.arrivals().len() < count {
                self.parts.arrived.notified().await;
            }
        });
        assert!(arrived.await.is_ok(), "not {count} came");
    }

    /// Waits until this many messages were taken, counting no id twice. Panics after `limit`.
    pub(crate) async fn taken(&self, count: usize, limit: Duration) {
        let all = tokio::time::timeout(limit, async {
            while self.taken_ids().len() < count {
                self.parts.arrived.notified().await;
            }
        });
        let was_in_time = all.await.is_ok();
        assert!(was_in_time, "{} of {count} came", self.taken_ids().len());
    }

    /// The ids of the messages that were taken.
    pub(crate) fn taken_ids(&self) -> std::collections::BTreeSet<String> {
        let arrivals = self.parts.arrivals.lock().unwrap();
        let taken = arrivals.iter().filter(|arrival| arrival.is_taken);
        taken.map(|arrival| arrival.id.clone()).collect()
    }

    fn next_to(&self, recipient: &str) -> Option<Arrival> {
        let same = |to: &str| to.trim_start_matches('+') == recipient.trim_start_matches('+');
        let arrivals = self.parts.arrivals.lock().unwrap();
        let mut given = self.parts.given.lock().unwrap();
        let place = (0..arrivals.len()).find(|place| {
            let arrival = &arrivals[*place];
            arrival.is_taken && same(&arrival.to) && !given.contains(place)
        })?;
        given.push(place);
        Some(arrivals[place].clone())
    }
}

async fn take(
    State(parts): State<Arc<Parts>>,
    Path(channel): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let reception = *parts.reception.lock().unwrap();
    let header = |name: &str| {
        let value = headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    };
    assert_eq!(header("idempotency-key"), text(&body, "id"));
    parts.arrivals.lock().unwrap().push(Arrival {
        channel,
        to: text(&body, "to").to_owned(),
        usage_type: text(&body, "type").to_owned(),
        payload: body["payload"].clone(),
        id: text(&body, "id").to_owned(),
        authorization: header("authorization"),
        is_taken: reception == Reception::Taking,
    });
    parts.arrived.notify_one();
    match reception {
        Reception::Taking => StatusCode::NO_CONTENT.into_response(),
        Reception::Answering(status) => {
            let status = StatusCode::from_u16(status).unwrap();
            (status, [("retry-after", "1")]).into_response()
        }
        Reception::AskingToWait(wait) => {
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", wait)]).into_response()
        }
        Reception::Hanging => std::future::pending().await,
        Reception::Dropping => {
            let broken = stream::iter([
                Ok(Bytes::from_static(b"{")),
                Err(io::Error::other("the connection ends")),
            ]);
            Body::from_stream(broken).into_response()
        }
    }
}
