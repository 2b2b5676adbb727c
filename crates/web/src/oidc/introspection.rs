//! `POST /oidc/token/introspection` (RFC 7662).

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use meibo_app::App;

use super::{
    respond,
    token::{authorization, context, malformed, refuse_client},
};
use crate::{
    extract::{FormOrJson, RequestId},
    respond::Failure,
};

pub(super) async fn introspect(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    request_id: RequestId,
    form: Result<FormOrJson, Failure>,
) -> Response {
    let introspected = async {
        let FormOrJson(pairs) = form.map_err(|failure| malformed(&failure))?;
        app.introspect(authorization(&headers), &pairs).await
    };
    match introspected.await {
        Ok(introspection) => respond::json(StatusCode::OK, &introspection),
        Err(error) => refuse_client(
            &error,
            &headers,
            &context(&headers, query.as_deref(), request_id),
        ),
    }
}
