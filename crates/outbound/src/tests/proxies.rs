//! The environment's proxies are not asked.

use std::process::Command;

use super::peer::{Peer, client};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\ndirect";

#[tokio::test]
async fn a_call_goes_straight_to_its_peer() {
    let peer = Peer::saying(OK).await;
    let reply = client().send(peer.get()).await.unwrap();
    assert_eq!(&reply.body[..], b"direct");
    assert_eq!(peer.connections(), 1);
}

/// The test above once more, in a process whose environment names a proxy.
#[tokio::test]
async fn proxy_variables_are_ignored() {
    let proxy = Peer::saying("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nproxy").await;
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args([
        "--exact",
        "tests::proxies::a_call_goes_straight_to_its_peer",
    ]);
    for variable in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "all_proxy",
        "ALL_PROXY",
    ] {
        again.env(variable, format!("http://{}", proxy.address));
    }
    for variable in ["no_proxy", "NO_PROXY"] {
        again.env_remove(variable);
    }
    let running = tokio::task::spawn_blocking(move || again.output());
    let output = running.await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
    assert_eq!(proxy.connections(), 0);
}
