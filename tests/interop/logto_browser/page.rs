//! The application: a page and the modules of the libraries as npm brought them, without a bundler.

use std::path::PathBuf;

use axum::{
    Router,
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use crate::interop::stage::{RESOURCE, Stage, repository};

/// Serves it at its registered address as long as the test's runtime lives.
pub(super) async fn serve(stage: &Stage) {
    let url = Url::parse(stage.setting("page", "url")).unwrap();
    let issuer = Url::parse(stage.settings["issuer"].as_str().unwrap()).unwrap();
    let settings = json!({
        "endpoint": issuer.origin().ascii_serialization(),
        "appId": stage.settings["page"]["id"],
        "resource": RESOURCE,
        "scope": stage.settings["scope"],
    });
    let router = Router::new()
        .route("/", get(index))
        .route("/callback", get(index))
        .route("/settings.json", get(told))
        .route("/app.mjs", get(async || module("logto-browser/app.mjs")))
        .route("/node_modules/{*path}", get(library))
        .with_state(settings);
    let listener = TcpListener::bind(("127.0.0.1", url.port().unwrap()));
    let listener = listener.await.unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
}

async fn index() -> Html<String> {
    let page = repository("interop/node/logto-browser/index.html");
    Html(std::fs::read_to_string(page).unwrap())
}

async fn told(State(settings): State<Value>) -> String {
    settings.to_string()
}

async fn library(Path(path): Path<PathBuf>) -> Response {
    module(&format!("node_modules/{}", path.display()))
}

/// A file of `interop/node`, as JavaScript.
fn module(path: &str) -> Response {
    match std::fs::read(repository("interop/node").join(path)) {
        Ok(text) => ([(header::CONTENT_TYPE, "text/javascript")], text).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
