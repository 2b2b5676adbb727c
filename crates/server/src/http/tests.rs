//! The server over real sockets.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::get;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot, watch};

use super::connection::{self, Phase, Serving};
use super::{Ended, HttpServer, bind};
use crate::config::ListenAddress;

const LONG: Duration = Duration::from_secs(60);

/// Serves `router` on a free port.
fn start(router: &Router, max_connections: usize) -> (HttpServer, SocketAddr) {
    let loopback = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0);
    let listeners = bind(&[ListenAddress::Address(loopback)]).unwrap();
    let address = listeners[0].local_addr().unwrap();
    let server = HttpServer::start(listeners, router, max_connections).unwrap();
    (server, address)
}

async fn connect(address: SocketAddr) -> TcpStream {
    #[allow(
        clippy::disallowed_methods,
        reason = "a test's own loopback connection"
    )]
    TcpStream::connect(address).await.unwrap()
}

async fn send(socket: &mut TcpStream, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
}

/// Everything until the peer closes.
async fn read_to_end(socket: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let _ = socket.read_to_end(&mut text).await;
    String::from_utf8(text).unwrap()
}

/// One answer whose body is `body`.
async fn read_answer(socket: &mut TcpStream, body: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(&format!("\r\n\r\n{body}")) {
        let mut bytes = [0; 1024];
        let count = socket.read(&mut bytes).await.unwrap();
        assert_ne!(count, 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    text
}

/// Answers `/` with the peer's address and `/slow` with `done` once it was told to; tells when it was asked.
struct Slow {
    asked: Arc<Notify>,
    go_on: Arc<Notify>,
}

impl Slow {
    fn router() -> (Self, Router) {
        let slow = Self {
            asked: Arc::default(),
            go_on: Arc::default(),
        };
        let (asked, go_on) = (Arc::clone(&slow.asked), Arc::clone(&slow.go_on));
        let answer = move || async move {
            asked.notify_one();
            go_on.notified().await;
            "done"
        };
        let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
        (
            slow,
            Router::new()
                .route("/", get(peer))
                .route("/slow", get(answer)),
        )
    }
}

#[tokio::test]
async fn requests_carry_their_peer_and_connections_are_kept() {
    let (_slow, router) = Slow::router();
    let (server, address) = start(&router, 4);
    let mut socket = connect(address).await;
    let own = socket.local_addr().unwrap().to_string();
    for _ in 0..3 {
        send(&mut socket, "/").await;
        let answer = read_answer(&mut socket, &own).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
    // an idle connection does not hold up the end
    assert_eq!(
        server.stop(LONG, std::future::pending()).await,
        Ended::Complete
    );
    assert_eq!(read_to_end(&mut socket).await, "");
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_end() {
    let (slow, router) = Slow::router();
    let (server, address) = start(&router, 4);
    let mut socket = connect(address).await;
    send(&mut socket, "/slow").await;
    slow.asked.notified().await;
    let stopping = tokio::spawn(server.stop(LONG, std::future::pending()));
    // refused from now on: the listener is gone
    #[allow(
        clippy::disallowed_methods,
        reason = "a test's own loopback connection"
    )]
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    slow.go_on.notify_one();
    let answer = read_to_end(&mut socket).await;
    assert!(answer.ends_with("\r\n\r\ndone"), "{answer}");
    assert_eq!(stopping.await.unwrap(), Ended::Complete);
}

#[tokio::test]
async fn what_does_not_end_is_cut_off() {
    let (slow, router) = Slow::router();
    let (server, address) = start(&router, 4);
    let mut socket = connect(address).await;
    send(&mut socket, "/slow").await;
    slow.asked.notified().await;
    let ended = server.stop(Duration::ZERO, std::future::pending()).await;
    assert_eq!(ended, Ended::TimedOut);
    assert_eq!(read_to_end(&mut socket).await, "");
}

#[tokio::test]
async fn a_second_signal_hurries() {
    let (slow, router) = Slow::router();
    let (server, address) = start(&router, 4);
    let mut socket = connect(address).await;
    send(&mut socket, "/slow").await;
    slow.asked.notified().await;
    let (hurry, hurried) = oneshot::channel::<()>();
    let stopping = tokio::spawn(server.stop(LONG, async {
        let _ = hurried.await;
    }));
    hurry.send(()).unwrap();
    assert_eq!(stopping.await.unwrap(), Ended::Hurried);
    assert_eq!(read_to_end(&mut socket).await, "");
}

#[tokio::test]
async fn beyond_the_bound_connections_wait() {
    let (slow, router) = Slow::router();
    let (server, address) = start(&router, 1);
    let mut first = connect(address).await;
    send(&mut first, "/slow").await;
    slow.asked.notified().await;
    let mut second = connect(address).await;
    send(&mut second, "/").await;
    slow.go_on.notify_one();
    read_answer(&mut first, "done").await;
    // as long as the first is open, the second is not even accepted
    assert_eq!(server.slots_left(), 0);
    drop(first);
    let own = second.local_addr().unwrap().to_string();
    read_answer(&mut second, &own).await;
    server.stop(Duration::ZERO, std::future::pending()).await;
}

#[tokio::test]
async fn heads_have_bounds() {
    let (_slow, router) = Slow::router();
    let (server, address) = start(&router, 8);
    let many = "a: b\r\n".repeat(101);
    let long = format!("a: {}\r\n", "b".repeat(70_000));
    for lines in [many, long] {
        let mut socket = connect(address).await;
        let request = format!("GET / HTTP/1.1\r\nhost: localhost\r\n{lines}\r\n");
        // the server may answer and close before it has read everything
        let _ = socket.write_all(request.as_bytes()).await;
        let answer = read_to_end(&mut socket).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    server.stop(LONG, std::future::pending()).await;
}

/// Serves `router` on one end of a pipe with an impatient watchdog; gives the other end and what ends the connection.
fn pipe(router: Router) -> (DuplexStream, watch::Sender<Phase>) {
    let (ours, theirs) = tokio::io::duplex(1024);
    let (phase, phases) = watch::channel(Phase::Open);
    let peer = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 1);
    let serving = Serving::new(router, Duration::from_millis(1));
    tokio::spawn(connection::serve(theirs, peer, serving, phases));
    (ours, phase)
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let (mut socket, _phase) = pipe(Slow::router().1);
    assert_eq!(socket.read(&mut [0; 16]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_head_that_never_ends_is_closed() {
    let (mut socket, _phase) = pipe(Slow::router().1);
    let head = b"GET / HTTP/1.1\r\nhost: lo";
    socket.write_all(head).await.unwrap();
    let mut answer = String::new();
    let _ = socket.read_to_string(&mut answer).await;
    assert!(!answer.contains(" 200 "), "{answer}");
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_answers() {
    let (mut socket, _phase) = pipe(Slow::router().1);
    let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    socket.write_all(request).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("\r\n\r\n127.0.0.1:1"), "{answer}");
}

#[tokio::test]
async fn http2_is_spoken_with_prior_knowledge() {
    let (socket, phase) = pipe(Slow::router().1);
    let io = TokioIo::new(socket);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::get("http://localhost/").body(Body::empty());
    let answer = sender.send_request(request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.version(), http::Version::HTTP_2);
    phase.send_replace(Phase::Closing);
    connection.await.unwrap().unwrap();
}
