//! JSON answers.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use meibo_domain::Error;
use serde::Serialize;

use super::{etag::weak_etag, failure::Failure};

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");

/// JSON that answers a change, or holds a secret: nobody keeps it.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

/// JSON that answers a reading: its reader may keep it and ask by its tag whether it is current.
#[derive(Debug, Clone)]
pub struct Document<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                let headers = [
                    (header::CONTENT_TYPE, JSON),
                    (header::CACHE_CONTROL, NO_STORE),
                ];
                (headers, body).into_response()
            }
            Err(error) => Failure::from(Error::internal(error)).into_response(),
        }
    }
}

impl<T: Serialize> IntoResponse for Document<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                let tag = weak_etag(&body);
                let headers = [
                    (header::CONTENT_TYPE, JSON),
                    (header::CACHE_CONTROL, ASK_AGAIN),
                ];
                let mut response = (headers, body).into_response();
                tag.map(|tag| response.headers_mut().insert(header::ETAG, tag));
                response
            }
            Err(error) => Failure::from(Error::internal(error)).into_response(),
        }
    }
}
