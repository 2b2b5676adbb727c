//! `POST /oidc/token/revocation` (RFC 7009).

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use meibo_app::App;

use super::token::{authorization, context, malformed, refuse_client};
use crate::{
    extract::{FormOrJson, RequestId},
    respond::Failure,
};

pub(super) async fn revoke(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    request_id: RequestId,
    form: Result<FormOrJson, Failure>,
) -> Response {
    let revoked = async {
        let FormOrJson(pairs) = form.map_err(|failure| malformed(&failure))?;
        app.revoke(authorization(&headers), &pairs).await
    };
    match revoked.await {
        Ok(()) => {
            let no_store = HeaderValue::from_static("no-store");
            (StatusCode::OK, [(header::CACHE_CONTROL, no_store)]).into_response()
        }
        Err(error) => refuse_client(
            &error,
            &headers,
            &context(&headers, query.as_deref(), request_id),
        ),
    }
}
