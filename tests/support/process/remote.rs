//! A node in another process, over HTTP.

use std::time::Duration;

use http::{Method, header};
use meibo_domain::resource::MANAGEMENT_API_INDICATOR;
use reqwest::{RequestBuilder, Result, redirect::Policy};
use serde_json::Value;
use url::{Position, Url};

use crate::support::{
    answer::Answer,
    browser::VERIFIER,
    client::form,
    fixtures::{Client, REDIRECT_URI},
    tokens::text,
};

/// A node in another process. Requests name the host of the public URL, as they do behind a proxy. Every error is one
/// of the connection: an answer of any status is an answer.
#[derive(Clone)]
pub(crate) struct Remote {
    http: reqwest::Client,
    url: Url,
    host: String,
    /// The origin of the public URL.
    pub(crate) origin: String,
}

impl Remote {
    pub(super) fn new(url: Url, public_url: &Url) -> Self {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(30));
        Self {
            http: http.build().unwrap(),
            url,
            host: public_url[Position::BeforeHost..Position::AfterPort].to_owned(),
            origin: public_url.origin().ascii_serialization(),
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, self.url.join(path).unwrap())
            .header(header::HOST, &self.host)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer> {
        Answer::receive(self.request(Method::GET, path)).await
    }

    /// Asks with an access token.
    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Result<Answer> {
        Answer::receive(self.request(Method::GET, path).bearer_auth(token)).await
    }

    /// Calls the Management API.
    pub(crate) async fn call(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Answer> {
        Answer::receive(self.request(method, path).bearer_auth(token).json(body)).await
    }

    /// Asks the token endpoint; the client authenticates by its secret when it has one.
    pub(crate) async fn token(&self, client: &Client, fields: &[(&str, &str)]) -> Result<Answer> {
        let mut fields = fields.to_vec();
        fields.push(("client_id", &client.id));
        fields.extend(
            client
                .secret
                .as_deref()
                .map(|secret| ("client_secret", secret)),
        );
        let request = self.request(Method::POST, "/oidc/token");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        Answer::receive(request.body(form(&fields))).await
    }

    /// Redeems a code with PKCE.
    pub(crate) async fn redeem(&self, client: &Client, code: &str) -> Result<Answer> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        self.token(client, &fields).await
    }

    /// Uses a refresh token.
    pub(crate) async fn refresh(&self, client: &Client, refresh_token: &str) -> Result<Answer> {
        self.token(
            client,
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh_token),
            ],
        )
        .await
    }

    /// Revokes a token.
    pub(crate) async fn revoke(&self, client: &Client, token: &str) -> Result<Answer> {
        let mut fields = vec![("client_id", client.id.as_str()), ("token", token)];
        fields.extend(
            client
                .secret
                .as_deref()
                .map(|secret| ("client_secret", secret)),
        );
        let request = self.request(Method::POST, "/oidc/token/revocation");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        Answer::receive(request.body(form(&fields))).await
    }

    /// Asks for an access token for the Management API.
    pub(crate) async fn machine_token(&self, machine: &Client) -> Result<Answer> {
        let fields = [
            ("grant_type", "client_credentials"),
            ("resource", MANAGEMENT_API_INDICATOR),
            ("scope", "all"),
        ];
        self.token(machine, &fields).await
    }

    /// An access token for the Management API.
    pub(crate) async fn admin_token(&self, machine: &Client) -> String {
        let answer = self
            .machine_token(machine)
            .await
            .unwrap()
            .expect(200)
            .json();
        text(&answer, "access_token").to_owned()
    }
}
