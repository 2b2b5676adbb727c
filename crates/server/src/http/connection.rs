//! One connection from its first byte to its last.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use http::{Request, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tower::Service as _;

use super::watchdog::Watchdog;
use super::watched::{Traffic, Watched};

/// Bytes that the head of a request may have.
const MAX_HEAD: u32 = 64 * 1024;

/// Lines that the head of an HTTP/1.1 request may have.
const MAX_HEADERS: usize = 100;

/// Requests that one HTTP/2 connection may have under way.
const MAX_STREAMS: u32 = 100;

/// How often a silent HTTP/2 peer is asked whether it is still there, and how long it may take to say so.
const HTTP2_PING: Duration = Duration::from_secs(30);
const HTTP2_PONG: Duration = Duration::from_secs(10);

/// What a connection is to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Serve.
    Open,
    /// Answer the requests under way, take no more, and close.
    Closing,
    /// Close at once.
    Closed,
}

/// What every connection of a listener is served with.
#[derive(Clone)]
pub(super) struct Serving {
    router: Router,
    protocol: auto::Builder<TokioExecutor>,
    /// How often the watchdog looks.
    tick: Duration,
}

impl Serving {
    pub(super) fn new(router: Router, tick: Duration) -> Self {
        Self {
            router,
            protocol: protocol(),
            tick,
        }
    }
}

/// The protocol's bounds.
fn protocol() -> auto::Builder<TokioExecutor> {
    let mut protocol = auto::Builder::new(TokioExecutor::new());
    protocol
        .http1()
        .timer(TokioTimer::new())
        // the watchdog's, which tells a slow head from an idle connection
        .header_read_timeout(None)
        .max_buf_size(MAX_HEAD as usize)
        .max_headers(MAX_HEADERS);
    protocol
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEAD)
        .keep_alive_interval(HTTP2_PING)
        .keep_alive_timeout(HTTP2_PONG);
    protocol
}

/// Answers the requests of one connection until either side closes it or `phase` ends it.
///
/// Requests carry the peer's address as [`ConnectInfo`]; an IPv4 address mapped into IPv6 is given as IPv4.
pub(super) async fn serve<T>(
    socket: T,
    peer: SocketAddr,
    serving: Serving,
    mut phase: watch::Receiver<Phase>,
) where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Serving {
        router,
        protocol,
        tick,
    } = serving;
    let peer = ConnectInfo(SocketAddr::new(peer.ip().to_canonical(), peer.port()));
    let traffic = Arc::new(Traffic::default());
    let socket = TokioIo::new(Watched::new(socket, Arc::clone(&traffic)));
    let counted = Arc::clone(&traffic);
    let service = service_fn(move |mut request: Request<Incoming>| {
        let under_way = counted.ask(request.version() == Version::HTTP_2);
        request.extensions_mut().insert(peer);
        // a router is always ready
        let answer = router.clone().call(request);
        async move {
            let answer = answer.await;
            drop(under_way);
            answer
        }
    });
    let mut connection = pin!(protocol.serve_connection(socket, service));
    let mut watchdog = Watchdog::default();
    let mut timer = tokio::time::interval(tick);
    timer.reset();
    let mut is_over = false;
    loop {
        tokio::select! {
            biased;
            result = connection.as_mut() => {
                if let Err(error) = result {
                    tracing::debug!(peer = %peer.0, %error, "connection ended");
                }
                return;
            }
            // the sender is gone when the server is
            changed = phase.changed() => match *phase.borrow_and_update() {
                Phase::Open if changed.is_ok() => {}
                Phase::Closing if changed.is_ok() => connection.as_mut().graceful_shutdown(),
                _ => return,
            },
            _ = timer.tick() => {
                if is_over {
                    return;
                }
                is_over = watchdog.is_over(traffic.counts());
                if is_over {
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}
