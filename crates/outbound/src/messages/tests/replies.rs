//! What providers answer, and which failures pass.

use tokio::io::AsyncWriteExt as _;

use super::*;

/// A reply of a provider, by way of a loopback port.
async fn reply(status: &'static str, body: &'static str) -> OutboundReply {
    let peer = crate::tests::peer::Peer::start(move |mut stream, _| async move {
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await
    })
    .await;
    let outbound = Outbound::new(crate::OutboundConfig {
        allow: crate::OutboundAllow::loopback(),
        ..crate::OutboundConfig::default()
    });
    let url = Url::parse(&format!("http://{}/", peer.address)).unwrap();
    outbound
        .unwrap()
        .send(OutboundRequest::post(url))
        .await
        .unwrap()
}

#[tokio::test]
async fn what_providers_answer() {
    type Expected = Result<(), (bool, &'static str)>;
    let cases: [(&str, &str, ReadReply, Expected); 12] = [
        ("200", "", by_status, Ok(())),
        ("202", "", by_status, Ok(())),
        ("429", "", by_status, Err((true, "status 429"))),
        ("503", "secret", by_status, Err((true, "status 503"))),
        (
            "401",
            "{\"code\":20003}",
            by_status,
            Err((false, "status 401: it does not take the credentials")),
        ),
        (
            "400",
            "{\"code\":21211,\"message\":\"+81…\"}",
            by_status,
            Err((false, "status 400, its error 21211")),
        ),
        (
            "422",
            "{\"ErrorCode\":406}",
            by_status,
            Err((false, "status 422, its error 406")),
        ),
        ("302", "<html>", by_status, Err((false, "status 302"))),
        (
            "200",
            "{\"messages\":[{\"status\":\"0\"}]}",
            vonage::read,
            Ok(()),
        ),
        (
            "200",
            "{\"messages\":[{\"status\":\"1\"}]}",
            vonage::read,
            Err((true, "status \"1\"")),
        ),
        (
            "200",
            "{\"messages\":[{\"status\":\"4\"}]}",
            vonage::read,
            Err((false, "status \"4\"")),
        ),
        ("200", "no JSON", vonage::read, Err((true, "not JSON"))),
    ];
    for (status, body, read, expected) in cases {
        let read = read(&reply(status, body).await);
        match expected {
            Ok(()) => assert!(read.is_ok(), "{status} {body}"),
            Err((is_temporary, said)) => {
                let error = read.unwrap_err();
                assert_eq!(error.is_temporary(), is_temporary, "{status} {body}");
                let shown = error.to_string();
                assert!(shown.contains(said) && !shown.contains("secret"), "{shown}");
            }
        }
    }
}

#[test]
fn what_may_be_tried_again() {
    for (error, expected) in [
        (SendError::Later(String::new()), true),
        (SendError::LaterThan(String::new(), Duration::ZERO), true),
        (SendError::Call(OutboundError::TimedOut), true),
        (SendError::Refused(String::new()), false),
        (SendError::Configuration(String::new()), false),
    ] {
        assert_eq!(error.is_temporary(), expected, "{error:?}");
    }
}
