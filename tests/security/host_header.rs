//! Host header injection: issuer, redirects and links do not move.

use axum::{body::Body, extract::ConnectInfo};
use http::{HeaderValue, Request};

use crate::{
    each_setup,
    support::{answer::Answer, browser::authorize_path, server::TestServer},
};

const EVIL: [(&str, &str); 10] = [
    ("host", "evil.example"),
    ("host", "id.example@evil.example"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-port", "444"),
    ("x-forwarded-prefix", "/evil"),
    ("x-original-url", "/evil"),
    ("x-rewrite-url", "/evil"),
    ("forwarded", "for=192.0.2.1;host=evil.example;proto=https"),
    ("x-host", "evil.example"),
];

/// A request with one header, from a stranger or through the trusted proxy.
async fn ask(
    server: &TestServer,
    path: &str,
    (name, value): (&str, &str),
    is_proxied: bool,
) -> Answer {
    let peer: std::net::SocketAddr = if is_proxied {
        "127.0.0.1:1"
    } else {
        "192.0.2.10:1"
    }
    .parse()
    .unwrap();
    let mut request = Request::get(path)
        .extension(ConnectInfo(peer))
        .header("accept", "text/html");
    if name != "host" {
        request = request.header("host", "id.example");
    }
    server
        .send(
            request
                .header(name, HeaderValue::from_str(value).unwrap())
                .body(Body::empty())
                .unwrap(),
        )
        .await
}

each_setup! {
    async fn issuer_and_links_do_not_move(server: TestServer) {
        let client = server.spa().await;
        let discovery = "/oidc/.well-known/openid-configuration";
        let document = server.get(discovery).await.expect(200).body;
        let authorize = authorize_path(&client, &[]);
        let refused = authorize_path(&client, &[("prompt", "none")]);
        for header in EVIL {
            for is_proxied in [false, true] {
                assert_eq!(ask(&server, discovery, header, is_proxied).await.body, document, "{header:?}");
                let answer = ask(&server, &authorize, header, is_proxied).await.expect(303);
                assert!(answer.location().starts_with("/sign-in?id="), "{header:?} {}", answer.location());
                assert!(!answer.header("set-cookie").contains("evil"), "{header:?}");
                let answer = ask(&server, &refused, header, is_proxied).await.expect(303);
                assert!(answer.location().contains("iss=http%3A%2F%2Fid.example%2Foidc"), "{header:?}");
                let page = ask(&server, "/", header, is_proxied).await.expect(200);
                assert!(!page.text().contains("evil"), "{header:?}");
            }
        }
        let absolute = Request::get(format!("http://evil.example{discovery}")).body(Body::empty()).unwrap();
        assert_eq!(server.send(absolute).await.expect(200).body, document);
        assert!(server.app().issue_setup_link().await.unwrap().unwrap().starts_with("http://id.example/setup/"));
    }
}

each_setup! {
    async fn links_to_other_pages_of_a_list_do_not_move(server: TestServer) {
        server.person("sakura").await;
        server.person("kaede").await;
        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        let links = async |header: Option<(&str, &str)>| {
            let mut request = Request::get("/api/users?page_size=1").header("authorization", format!("Bearer {token}"));
            if let Some((name, value)) = header {
                request = request.header(name, value);
            }
            server.send(request.body(Body::empty()).unwrap()).await.expect(200).header("link").to_owned()
        };
        let expected = links(None).await;
        assert!(!expected.is_empty());
        for header in EVIL {
            assert_eq!(links(Some(header)).await, expected, "{header:?}");
        }
    }
}

each_setup! {
    async fn only_a_trusted_proxy_tells_the_address(server: TestServer) {
        let client = server.spa().await;
        // A stranger who claims another address at each guess is still one network.
        let mut browser = server.browser();
        browser.address = "203.0.113.5:1".parse().unwrap();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let own = [("origin", "http://id.example"), ("sec-fetch-site", "same-origin")];
        let fields = [("identifier", "sakura"), ("password", "wrong")];
        let mut statuses = Vec::new();
        for number in 0..12 {
            let claimed = format!("198.51.{number}.1");
            let headers = [own[0], own[1], ("x-forwarded-for", claimed.as_str())];
            let answer = browser.request_with(http::Method::POST, &path, &fields, &headers).await;
            statuses.push(answer.status.as_u16());
        }
        assert_eq!(statuses, [[422; 10].as_slice(), &[429, 429]].concat());
        // Through the proxy they are different networks.
        browser.address = "127.0.0.1:1".parse().unwrap();
        let headers = [own[0], own[1], ("x-forwarded-for", "6.6.6.6, 198.51.100.1")];
        browser.request_with(http::Method::POST, &path, &fields, &headers).await.expect(422);
    }
}
