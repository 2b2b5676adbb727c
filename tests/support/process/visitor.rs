//! A browser without scripts in front of other processes.

use std::collections::BTreeMap;

use http::{Method, header};
use reqwest::Result;
use url::{Position, Url};

use super::Remote;
use crate::support::{
    answer::Answer,
    browser::{Arrival, authorize_path},
    client::form,
    fixtures::{Client, PASSWORD},
};

/// A browser that asks several nodes in turn, as behind a proxy that balances. Cookies are kept.
pub(crate) struct Visitor {
    nodes: Vec<Remote>,
    turn: usize,
    cookies: BTreeMap<String, String>,
    /// What the proxy writes into X-Forwarded-For.
    address: String,
}

impl Visitor {
    /// At least one node.
    pub(crate) fn new(nodes: &[&Remote]) -> Self {
        Self {
            nodes: nodes.iter().copied().cloned().collect(),
            turn: 0,
            cookies: BTreeMap::new(),
            address: "198.51.100.7".to_owned(),
        }
    }

    /// The same from another address.
    pub(crate) fn from(mut self, address: String) -> Self {
        self.address = address;
        self
    }

    /// The values of the cookies.
    pub(crate) fn cookie_values(&self) -> impl Iterator<Item = &str> {
        self.cookies.values().map(String::as_str)
    }

    /// One request, without following redirects.
    pub(crate) async fn request(
        &mut self,
        method: Method,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Answer> {
        let node = &self.nodes[self.turn % self.nodes.len()];
        self.turn += 1;
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = node
            .request(method.clone(), path)
            .header("x-forwarded-for", &self.address);
        request = request
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, cookies.join("; "));
        if method == Method::POST {
            request = request
                .header(header::ORIGIN, &node.origin)
                .header("sec-fetch-site", "same-origin")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form(fields));
        }
        let answer = Answer::receive(request).await?;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }

    /// One request, and redirects followed to their end.
    pub(crate) async fn visit(
        &mut self,
        method: Method,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Arrival> {
        let mut path = path.to_owned();
        let mut answer = self.request(method, &path, fields).await?;
        for _ in 0..10 {
            if !answer.status.is_redirection() {
                return Ok(Arrival::Page(path, answer));
            }
            let here = Url::parse(&self.nodes[0].origin).unwrap();
            let next = here.join(answer.location()).unwrap();
            if next.origin() != here.origin() {
                return Ok(Arrival::Elsewhere(next));
            }
            path = next[Position::BeforePath..].to_owned();
            answer = self.request(Method::GET, &path, &[]).await?;
        }
        panic!("redirected too often, at last to {path}");
    }

    /// Begins at the authorization endpoint.
    pub(crate) async fn authorize(&mut self, client: &Client) -> Result<Arrival> {
        self.visit(Method::GET, &authorize_path(client, &[]), &[])
            .await
    }

    /// From the authorization endpoint through the sign-in page to the application, as `username` with [`PASSWORD`].
    pub(crate) async fn sign_in(&mut self, client: &Client, username: &str) -> Result<Url> {
        let (path, page) = self.authorize(client).await?.page();
        assert!(
            path.starts_with("/sign-in?"),
            "{path}: {} {}",
            page.status,
            page.text()
        );
        let fields = [("identifier", username), ("password", PASSWORD)];
        Ok(self.visit(Method::POST, &path, &fields).await?.elsewhere())
    }
}
