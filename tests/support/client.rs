//! Requests that read like prose: `server.get("/x")`, `admin.patch("/api/users/u", json)`.

use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Method, Request, header};
use serde_json::Value;

use super::{answer::Answer, server::TestServer};

/// Somebody who calls the service with an access token, or without one.
#[derive(Clone)]
pub(crate) struct ApiClient {
    server: TestServer,
    token: Option<String>,
}

impl TestServer {
    /// Nobody.
    pub(crate) fn nobody(&self) -> ApiClient {
        ApiClient {
            server: self.clone(),
            token: None,
        }
    }

    /// The bearer of a token.
    pub(crate) fn bearer(&self, token: impl Into<String>) -> ApiClient {
        ApiClient {
            server: self.clone(),
            token: Some(token.into()),
        }
    }

    /// A machine application with the management right.
    pub(crate) async fn admin(&self) -> ApiClient {
        let machine = self.machine(true).await;
        self.bearer(self.machine_token(&machine, "all").await)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.nobody().get(path).await
    }

    /// Posts a form, as token requests are.
    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_form_as(path, fields, None).await
    }

    /// Posts a form with client authentication in the header.
    pub(crate) async fn post_form_as(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        authorization: Option<&str>,
    ) -> Answer {
        let mut request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.send(request.body(Body::from(form(fields))).unwrap())
            .await
    }
}

impl ApiClient {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body.to_string())).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Some(body.to_string())).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// A call with a JSON body as it is, valid or not.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<String>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body)),
            None => request.body(Body::empty()),
        };
        self.server.send(request.unwrap()).await
    }
}

impl ApiClient {
    /// A call with any body, said to be of any media type.
    pub(crate) async fn call_with(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: impl Into<Body>,
    ) -> Answer {
        self.send(
            Request::builder()
                .method(method)
                .uri(path)
                .header(header::CONTENT_TYPE, content_type),
            body,
        )
        .await
    }

    /// A request as it is, with the token.
    pub(crate) async fn send(
        &self,
        mut request: http::request::Builder,
        body: impl Into<Body>,
    ) -> Answer {
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.server.send(request.body(body.into()).unwrap()).await
    }
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// `Basic …` as the SDKs write it.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}
