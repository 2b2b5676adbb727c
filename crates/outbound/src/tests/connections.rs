//! Connections that fail, before and after something was sent, and how many there may be.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::AsyncWriteExt as _,
    net::TcpListener,
    sync::{Notify, Semaphore},
};

use super::peer::{Peer, SHORT, client};
use crate::{Outbound, OutboundAllow, OutboundConfig, OutboundError, OutboundRequest};

#[tokio::test]
async fn a_call_that_was_sent_is_never_sent_again() {
    let peer = Peer::start(|stream, _| async move {
        drop(stream);
        Ok(())
    })
    .await;
    let error = client().send(peer.get().repeatable()).await.unwrap_err();
    assert!(matches!(error, OutboundError::Protocol(_)), "{error}");
    assert_eq!(peer.requests(), 1);
}

/// A name with one dead address: the first try finds nobody, the second finds the peer.
#[tokio::test]
async fn a_connection_that_failed_is_tried_once_more_if_that_is_allowed() {
    let peer = Peer::saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let changing = || {
        Outbound::new(OutboundConfig {
            allow: OutboundAllow::loopback(),
            lookup: super::peer::answering(&[&["127.0.0.9"], &["127.0.0.1"]]),
            ..OutboundConfig::default()
        })
        .unwrap()
    };
    let request = OutboundRequest::post(peer.named("rp.example"));
    let once = changing().send(request.clone()).await;
    assert!(matches!(once, Err(OutboundError::Connect(_))), "{once:?}");
    let twice = changing().send(request.repeatable()).await.unwrap();
    assert_eq!((twice.status, peer.connections()), (200, 1));
}

#[tokio::test]
async fn a_closed_port_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = format!("http://{address}/").parse().unwrap();
    let error = client().send(OutboundRequest::get(url)).await.unwrap_err();
    assert!(matches!(error, OutboundError::Connect(_)), "{error}");
}

#[tokio::test]
async fn a_peer_that_says_nothing_takes_no_longer_than_the_whole_time() {
    let peer = Peer::start(|stream, _| async move {
        let _held = stream;
        std::future::pending().await
    })
    .await;
    let error = client().send(peer.get().limits(SHORT)).await.unwrap_err();
    assert_eq!(error, OutboundError::TimedOut);
}

#[tokio::test]
async fn https_to_a_peer_without_tls_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        std::future::pending::<()>().await;
    });
    let url = format!("https://{address}/").parse().unwrap();
    let error = client().send(OutboundRequest::get(url)).await.unwrap_err();
    assert!(matches!(error, OutboundError::Tls(_)), "{error:?}");
}

#[tokio::test]
async fn calls_under_way_are_bounded() {
    let (arrived, go) = (Arc::new(Semaphore::new(0)), Arc::new(Notify::new()));
    let (telling, waiting) = (Arc::clone(&arrived), Arc::clone(&go));
    let peer = Peer::start(move |mut stream, _| {
        let (telling, waiting) = (Arc::clone(&telling), Arc::clone(&waiting));
        async move {
            let told = waiting.notified();
            telling.add_permits(1);
            told.await;
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .await
        }
    })
    .await;
    let client = Outbound::new(OutboundConfig {
        allow: OutboundAllow::loopback(),
        max_calls_per_host: 2,
        ..OutboundConfig::default()
    })
    .unwrap();
    let calls: Vec<_> = (0..2)
        .map(|_| {
            let (client, request) = (client.clone(), peer.get());
            tokio::spawn(async move { client.send(request).await })
        })
        .collect();
    let both = arrived.acquire_many(2);
    let _both = tokio::time::timeout(Duration::from_secs(5), both)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        client.send(peer.get()).await.unwrap_err(),
        OutboundError::Busy
    );
    go.notify_waiters();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().status, 200);
    }
    assert_eq!(peer.requests(), 2);
}

#[tokio::test]
async fn a_header_that_would_start_another_is_refused() {
    let peer = Peer::saying("").await;
    let request = peer.get().header("x-key", "a\r\nx-other: b");
    let error = client().send(request).await.unwrap_err();
    assert!(matches!(error, OutboundError::Refused(_)), "{error}");
    assert_eq!(peer.connections(), 0);
}
