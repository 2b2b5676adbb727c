//! A peer on a loopback port that answers as it is told, byte by byte.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use url::Url;

use crate::{Limits, Lookup, Outbound, OutboundAllow, OutboundConfig, OutboundRequest};

/// Limits that a test reaches soon.
pub(super) const SHORT: Limits = Limits {
    whole: Duration::from_millis(300),
    max_body: 64 * 1024,
};

/// Counts connections and requests.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl Peer {
    /// Gives each connection, once its request's head is read, to `answer`.
    pub(crate) async fn start<F>(answer: impl Fn(TcpStream, String) -> F + Send + 'static) -> Self
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let peer = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            requests: Arc::default(),
        };
        let counted = peer.clone();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                counted.connections.fetch_add(1, Ordering::SeqCst);
                if let Some(head) = head_of(&mut stream).await {
                    counted.requests.fetch_add(1, Ordering::SeqCst);
                    tokio::spawn(answer(stream, head));
                }
            }
        });
        peer
    }

    /// Answers every request with these bytes and ends the connection.
    pub(super) async fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        Self::start(move |mut stream, _| {
            let bytes = Arc::clone(&bytes);
            async move { stream.write_all(&bytes).await }
        })
        .await
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// A URL with the peer's address.
    pub(super) fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    /// A URL with the peer's port on a host of that name.
    pub(super) fn named(&self, host: &str) -> Url {
        let port = self.address.port();
        format!("http://{host}:{port}/").parse().unwrap()
    }

    pub(super) fn get(&self) -> OutboundRequest {
        OutboundRequest::get(self.url("/"))
    }
}

/// The head of a request; none when the connection ended before it was complete.
async fn head_of(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let reading = stream.read_buf(&mut head);
        match tokio::time::timeout(Duration::from_secs(5), reading).await {
            Ok(Ok(1..)) => {}
            _ => return None,
        }
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// A client that may call this machine.
pub(super) fn client() -> Outbound {
    Outbound::new(OutboundConfig {
        allow: OutboundAllow::loopback(),
        ..OutboundConfig::default()
    })
    .unwrap()
}

/// A look-up that gives each of these answers once, in turn, and the last one for ever.
pub(super) fn answering(answers: &[&[&str]]) -> Lookup {
    let answers: Vec<Vec<IpAddr>> = answers
        .iter()
        .map(|addresses| addresses.iter().map(|text| text.parse().unwrap()).collect())
        .collect();
    let turn = AtomicUsize::new(0);
    Arc::new(move |_| {
        let turn = turn.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        let addresses = answers[turn].clone();
        async move { Ok(addresses) }.boxed()
    })
}
