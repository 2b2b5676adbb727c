//! Names that lead where nobody may go.

use super::peer::{Peer, answering};
use crate::{
    AddressKind, Outbound, OutboundAllow, OutboundConfig, OutboundError, OutboundRequest, Refusal,
};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";

fn client(allow: Option<&str>, answers: &[&[&str]]) -> Outbound {
    Outbound::new(OutboundConfig {
        allow: allow.map_or_else(OutboundAllow::default, |entry| {
            OutboundAllow::parse(entry).unwrap()
        }),
        lookup: answering(answers),
        ..OutboundConfig::default()
    })
    .unwrap()
}

#[tokio::test]
async fn a_name_with_a_refused_address_is_not_called() {
    let peer = Peer::saying(OK).await;
    for (address, kind) in [
        ("127.0.0.1", AddressKind::Loopback),
        ("::ffff:127.0.0.1", AddressKind::Loopback),
        ("169.254.169.254", AddressKind::LinkLocal),
        ("100.64.0.1", AddressKind::CarrierGrade),
        ("fd00::1", AddressKind::Private),
        ("0.0.0.0", AddressKind::Unspecified),
    ] {
        let client = client(None, &[&[address]]);
        let request = OutboundRequest::get(peer.named("rp.example"));
        match client.send(request).await.unwrap_err() {
            OutboundError::Refused(Refusal::Address {
                host, kind: seen, ..
            }) => {
                assert_eq!((host.as_str(), seen), ("rp.example", kind), "{address}");
            }
            other => panic!("{address}: {other:?}"),
        }
    }
    assert_eq!(peer.connections(), 0);
}

#[tokio::test]
async fn one_refused_address_among_good_ones_refuses() {
    let client = client(None, &[&["1.1.1.1", "10.0.0.1"]]);
    let url = "http://rp.example/".parse().unwrap();
    let error = client.send(OutboundRequest::get(url)).await.unwrap_err();
    assert!(matches!(error, OutboundError::Refused(_)), "{error}");
}

#[tokio::test]
async fn a_name_may_be_allowed_whatever_it_resolves_to() {
    let peer = Peer::saying(OK).await;
    let client = client(Some("rp.example"), &[&["127.0.0.1"]]);
    let reply = client
        .send(OutboundRequest::get(peer.named("rp.example")))
        .await
        .unwrap();
    assert_eq!((reply.status, &reply.body[..]), (200, &b"ok"[..]));
    let other = client.send(OutboundRequest::get(peer.named("other.example")));
    assert!(matches!(other.await, Err(OutboundError::Refused(_))));
    assert_eq!(peer.connections(), 1);
}

/// The attacker's name is allowed to resolve to 127.0.0.2 (a network that may be called) when it is
/// checked, and to 127.0.0.1 when it is asked again.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_checked_each_time() {
    let peer = Peer::saying(OK).await;
    let client = client(Some("127.0.0.2"), &[&["127.0.0.2"], &["127.0.0.1"]]);
    let request = OutboundRequest::get(peer.named("rp.example")).repeatable();
    // The first answer is the one that is connected to, and nobody listens there; the second try
    // asks again and is refused.
    let error = client.send(request).await.unwrap_err();
    assert!(
        matches!(error, OutboundError::Refused(Refusal::Address { .. })),
        "{error}"
    );
    assert_eq!(peer.connections(), 0);
}

#[tokio::test]
async fn a_call_looks_up_once() {
    let peer = Peer::saying(OK).await;
    let client = client(Some("127.0.0.1"), &[&["127.0.0.1"], &["10.0.0.1"]]);
    let reply = client
        .send(OutboundRequest::get(peer.named("rp.example")))
        .await
        .unwrap();
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_name_without_an_address_is_told() {
    let client = client(None, &[&[]]);
    let url = "http://nobody.example/?token=s3cret".parse().unwrap();
    let error = client.send(OutboundRequest::get(url)).await.unwrap_err();
    assert!(matches!(error, OutboundError::Resolve { .. }), "{error}");
    assert!(!error.to_string().contains("s3cret"), "{error}");
}
