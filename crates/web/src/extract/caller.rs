//! Who calls a route of the Management API.

use axum::extract::FromRequestParts;
use http::request::Parts;
use meibo_domain::{ErrorCode, actor::Actor};

use crate::respond::Failure;

/// The actor that the route's guard has authenticated. Only guarded routes have one.
#[derive(Debug, Clone)]
pub struct Caller(pub Actor);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .remove()
            .ok_or_else(|| ErrorCode::Unauthorized.into())
    }
}
