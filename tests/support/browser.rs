//! A browser without scripts: cookies, forms, redirects.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{body::Body, extract::ConnectInfo};
use http::{Method, Request, header};
use url::Url;

use super::{
    answer::Answer,
    client::form,
    fixtures::{Client, PASSWORD, REDIRECT_URI},
    server::{PUBLIC_URL, TestServer},
};

/// The PKCE verifier of every sign-in; RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Its S256 challenge.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A browser without scripts.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) server: TestServer,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) address: SocketAddr,
    pub(crate) language: &'static str,
}

/// Where a chain of redirects ended.
#[derive(Debug, Clone)]
pub(crate) enum Arrival {
    /// At a page of the service, with its path and query.
    Page(String, Answer),
    /// At another site.
    Elsewhere(Url),
}

impl Arrival {
    /// The address of the other site.
    #[track_caller]
    pub(crate) fn elsewhere(self) -> Url {
        match self {
            Self::Elsewhere(url) => url,
            Self::Page(path, answer) => {
                panic!("still at {path}: {} {}", answer.status, answer.text())
            }
        }
    }

    /// The path and the answer of the page.
    #[track_caller]
    pub(crate) fn page(self) -> (String, Answer) {
        match self {
            Self::Page(path, answer) => (path, answer),
            Self::Elsewhere(url) => panic!("sent to {url}"),
        }
    }
}

impl TestServer {
    pub(crate) fn browser(&self) -> Browser {
        Browser {
            server: self.clone(),
            cookies: BTreeMap::new(),
            address: "198.51.100.7:50000".parse().unwrap(),
            language: "en",
        }
    }
}

impl Browser {
    /// One request, without following redirects; cookies are kept.
    pub(crate) async fn request(
        &mut self,
        method: Method,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let from_here = [("origin", PUBLIC_URL), ("sec-fetch-site", "same-origin")];
        let headers: &[(&str, &str)] = if method == Method::POST {
            &from_here
        } else {
            &[]
        };
        self.request_with(method, path, fields, headers).await
    }

    /// As [`Browser::request`], with these headers in the place of those that tell where a POST
    /// came from.
    pub(crate) async fn request_with(
        &mut self,
        method: Method,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method.clone()).uri(path);
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        request = request
            .header(header::HOST, "id.example")
            .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .extension(ConnectInfo(self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = if method == Method::POST {
            request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(form(fields)))
        } else {
            request.body(Body::empty())
        };
        let answer = self.server.send(request.unwrap()).await;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.request(Method::GET, path, &[]).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.request(Method::POST, path, fields).await
    }

    /// Goes to `path` and follows redirects to their end.
    pub(crate) async fn visit(&mut self, path: &str) -> Arrival {
        let answer = self.get(path).await;
        self.follow(path.to_owned(), answer).await
    }

    /// Posts a form and follows redirects to their end.
    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Arrival {
        let answer = self.post(path, fields).await;
        self.follow(path.to_owned(), answer).await
    }

    /// Follows the redirects of an answer to `path` to their end.
    pub(crate) async fn follow(&mut self, mut path: String, mut answer: Answer) -> Arrival {
        for _ in 0..10 {
            if !answer.status.is_redirection() {
                return Arrival::Page(path, answer);
            }
            assert_eq!(answer.status, 303, "a redirect after a form is never 307");
            let here = Url::parse(PUBLIC_URL).unwrap();
            let next = here.join(answer.location()).unwrap();
            if next.origin() != here.origin() {
                return Arrival::Elsewhere(next);
            }
            path = next[url::Position::BeforePath..].to_owned();
            answer = self.get(&path).await;
        }
        panic!("redirected too often, at last to {path}");
    }

    /// Begins at the authorization endpoint; `extra` parameters come last and may replace others.
    pub(crate) async fn authorize(&mut self, client: &Client, extra: &[(&str, &str)]) -> Arrival {
        self.visit(&authorize_path(client, extra)).await
    }

    /// Through the sign-in page, if there is one, to the consent page; gives its path and itself.
    pub(crate) async fn asked(
        &mut self,
        client: &Client,
        username: &str,
        extra: &[(&str, &str)],
    ) -> (String, Answer) {
        let (mut path, mut page) = self.authorize(client, extra).await.page();
        if path.starts_with("/sign-in?") {
            let fields = [("identifier", username), ("password", PASSWORD)];
            (path, page) = self.submit(&path, &fields).await.page();
        }
        assert!(path.starts_with("/consent?"), "{path}");
        (path, page)
    }

    /// Presses a button of a consent page.
    pub(crate) async fn decide(&mut self, path: &str, page: &Answer, decision: &str) -> Arrival {
        let shown = field_of(page, "shown");
        self.submit(path, &[("shown", &shown), ("decision", decision)])
            .await
    }

    /// From the authorization endpoint through the sign-in page to the application, as
    /// `username` with [`PASSWORD`].
    pub(crate) async fn sign_in(
        &mut self,
        client: &Client,
        username: &str,
        extra: &[(&str, &str)],
    ) -> Url {
        let (path, _) = self.authorize(client, extra).await.page();
        assert!(path.starts_with("/sign-in?"), "{path}");
        self.submit(&path, &[("identifier", username), ("password", PASSWORD)])
            .await
            .elsewhere()
    }
}

/// The value of the first field of this name on a page.
#[track_caller]
pub(crate) fn field_of(page: &Answer, name: &str) -> String {
    let text = page.text();
    let start = format!("name=\"{name}\" value=\"");
    let rest = text
        .split(&start)
        .nth(1)
        .unwrap_or_else(|| panic!("no field {name}: {text}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Path and query of an authorization request with PKCE; `extra` replaces parameters of the same
/// name, and an empty value leaves one out.
pub(crate) fn authorize_path(client: &Client, extra: &[(&str, &str)]) -> String {
    let defaults = [
        ("client_id", client.id.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid offline_access profile"),
        ("prompt", "consent"),
        ("state", "some-state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let kept = defaults
        .iter()
        .filter(|(name, _)| !extra.iter().any(|(other, _)| other == name));
    let fields: Vec<(&str, &str)> = kept
        .chain(extra)
        .filter(|(_, value)| !value.is_empty())
        .copied()
        .collect();
    format!("/oidc/auth?{}", form(&fields))
}

/// A parameter of an address.
pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

impl TestServer {
    /// Redeems a code with PKCE; the client authenticates by its secret when it has one.
    pub(crate) async fn redeem(
        &self,
        client: &Client,
        code: &str,
        extra: &[(&str, &str)],
    ) -> Answer {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", client.id.as_str()),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        if let Some(secret) = &client.secret {
            fields.push(("client_secret", secret));
        }
        fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
        fields.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
        self.post_form("/oidc/token", &fields).await
    }

    /// Uses a refresh token.
    pub(crate) async fn refresh(
        &self,
        client: &Client,
        refresh_token: &str,
        extra: &[(&str, &str)],
    ) -> Answer {
        let mut fields = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("client_id", client.id.as_str()),
        ];
        if let Some(secret) = &client.secret {
            fields.push(("client_secret", secret));
        }
        fields.extend(extra);
        self.post_form("/oidc/token", &fields).await
    }
}
