//! Replies that are too long, too slow, or lead elsewhere.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use super::peer::{Peer, SHORT, client};
use crate::{OutboundError, OutboundRequest};

#[tokio::test]
async fn a_reply_comes_whole() {
    let peer = Peer::start(|mut stream, head| async move {
        let head = head.to_ascii_lowercase();
        assert!(head.starts_with("post /hook?a=b http/1.1\r\n"), "{head}");
        assert!(head.contains("\r\nuser-agent: meibo/"), "{head}");
        assert!(head.contains("\r\naccept-encoding: identity\r\n"), "{head}");
        assert!(head.contains("\r\nx-key: v\r\n"), "{head}");
        assert!(head.contains("\r\ncontent-type: text/plain\r\n"), "{head}");
        stream
            .write_all(b"HTTP/1.1 503 No\r\nretry-after: 7\r\ncontent-length: 5\r\n\r\nlater")
            .await
    })
    .await;
    let request = OutboundRequest::post(peer.url("/hook?a=b"))
        .header("x-key", "v")
        .body("hello", "text/plain");
    let reply = client().send(request).await.unwrap();
    assert_eq!(reply.status, 503);
    assert!(!reply.is_success());
    assert_eq!(reply.header("Retry-After"), Some("7"));
    assert_eq!(&reply.body[..], b"later");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let inside = Peer::saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    for status in [301, 302, 303, 307, 308] {
        let location = inside.url("/secrets");
        let peer = Peer::saying(format!(
            "HTTP/1.1 {status} Go\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
        ))
        .await;
        let reply = client().send(peer.get()).await.unwrap();
        assert_eq!(reply.status, status);
    }
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn a_long_body_is_not_read_to_its_end() {
    let announced = Peer::saying("HTTP/1.1 200 OK\r\ncontent-length: 10485760\r\n\r\n").await;
    let mut chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..10 * 16 {
        chunked.extend_from_slice(b"10000\r\n");
        chunked.resize(chunked.len() + 0x10000, b'x');
        chunked.extend_from_slice(b"\r\n");
    }
    let chunked = Peer::saying(chunked).await;
    for peer in [announced, chunked] {
        let error = client().send(peer.get()).await.unwrap_err();
        let expected = OutboundError::TooLarge {
            part: "body",
            limit: 64 * 1024,
        };
        assert_eq!(error, expected);
    }
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 65536\r\n\r\n".to_vec();
    bytes.resize(bytes.len() + 65_536, b'x');
    let peer = Peer::saying(bytes).await;
    assert_eq!(client().send(peer.get()).await.unwrap().body.len(), 65_536);
}

#[tokio::test]
async fn a_compressed_body_is_not_unpacked() {
    // 40 bytes that would become far more
    let peer = Peer::saying(
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00"
            .as_slice(),
    )
    .await;
    let error = client().send(peer.get()).await.unwrap_err();
    assert!(matches!(error, OutboundError::Protocol(_)), "{error}");
}

#[tokio::test]
async fn a_long_head_is_refused() {
    let padding = "x".repeat(17 * 1024);
    let long = Peer::saying(format!(
        "HTTP/1.1 200 OK\r\nx-padding: {padding}\r\ncontent-length: 0\r\n\r\n"
    ))
    .await;
    let error = client().send(long.get()).await.unwrap_err();
    assert!(
        matches!(error, OutboundError::TooLarge { part: "head", .. }),
        "{error}"
    );
    let headers = "x-many: 1\r\n".repeat(100);
    let many = Peer::saying(format!("HTTP/1.1 200 OK\r\n{headers}\r\n")).await;
    let error = client().send(many.get()).await.unwrap_err();
    assert!(matches!(error, OutboundError::Protocol(_)), "{error}");
}

#[tokio::test]
async fn a_slow_drip_ends_with_the_whole_time() {
    let peer = Peer::start(|mut stream, _| async move {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n")
            .await?;
        loop {
            stream.write_all(b"x").await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let error = client().send(peer.get().limits(SHORT)).await.unwrap_err();
    assert_eq!(error, OutboundError::TimedOut);
}

#[tokio::test]
async fn what_is_not_http_is_told() {
    let peer = Peer::saying("220 mail.example ESMTP\r\n\r\n").await;
    let error = client().send(peer.get()).await.unwrap_err();
    assert!(matches!(error, OutboundError::Protocol(_)), "{error}");
}

#[tokio::test]
async fn an_error_never_shows_the_query() {
    let peer = Peer::saying("nonsense\r\n\r\n").await;
    let request = OutboundRequest::get(peer.url("/path-s3cret?code=s3cret"));
    let error = client().send(request).await.unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("s3cret"),
        "{error:?}"
    );
}
