//! `GET` and `POST /oidc/me` (OpenID Connect Core section 5.3).

use axum::{
    extract::{FromRequest, RawQuery, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use meibo_app::{App, oidc::userinfo::Userinfo};
use meibo_oauth::{OAuthError, OAuthErrorCode, bearer, secret::Secret};

use super::{
    client_request::{authorization, context, malformed},
    respond,
};
use crate::{
    extract::{Form, RequestId},
    respond::Failure,
};

pub(super) async fn userinfo(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    request_id: RequestId,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let form_token = form_token(request).await;
    let token = match &form_token {
        Ok(token) => bearer::read(authorization(&headers), token.as_deref()),
        Err(failure) => Err(malformed(failure)),
    };
    match claims(&app, token).await {
        Ok(Userinfo::Json(claims)) => respond::json(StatusCode::OK, &claims),
        Ok(Userinfo::Signed(token)) => signed(token),
        Err((error, had_token)) => {
            let mut response =
                respond::error(&error, &context(&headers, query.as_deref(), request_id));
            // another token would not help against a fault of ours
            let is_refusal = response.status().is_client_error();
            let challenge = bearer::challenge(had_token.then_some(&error));
            if let (true, Ok(challenge)) = (is_refusal, HeaderValue::from_str(&challenge)) {
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, challenge);
            }
            response
        }
    }
}

/// A JWT (section 5.3.2); no cache keeps it, like the claims in JSON.
fn signed(token: String) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/jwt"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ];
    (headers, token).into_response()
}

/// The claims; on failure also whether a token was sent at all.
async fn claims(
    app: &App,
    token: Result<Option<Secret>, OAuthError>,
) -> Result<Userinfo, (OAuthError, bool)> {
    match token {
        Ok(Some(token)) => app
            .userinfo(token.expose())
            .await
            .map_err(|error| (error, true)),
        Ok(None) => Err((OAuthErrorCode::InvalidToken.into(), false)),
        Err(error) => Err((error, true)),
    }
}

/// A token in the body of a form (RFC 6750 section 2.2).
async fn form_token(request: Request) -> Result<Option<String>, Failure> {
    if request.method() != Method::POST {
        return Ok(None);
    }
    let Form(pairs) = Form::from_request(request, &()).await?;
    Ok(pairs
        .into_iter()
        .find(|(name, _)| name == "access_token")
        .map(|(_, token)| token))
}
