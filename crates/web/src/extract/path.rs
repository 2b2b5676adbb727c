//! Ids in a path. One that cannot exist is answered like one that does not.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use meibo_domain::{
    Error, ErrorCode,
    ids::{ApiResourceId, ApplicationId, GrantId, ScopeId, SessionId, UserId},
};

use crate::respond::Failure;

/// The parameters of the route's path in their order: one [`Segment`], or two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path<T>(pub T);

/// What one parameter of a path can be.
pub trait Segment: Sized {
    /// Reads the parameter, percent-decoded.
    fn parse_segment(text: &str) -> Option<Self>;
}

macro_rules! id_segments {
    ($($id:ty),+) => {$(
        impl Segment for $id {
            fn parse_segment(text: &str) -> Option<Self> {
                Self::parse(text).ok()
            }
        }
    )+};
}

id_segments!(
    UserId,
    ApplicationId,
    ApiResourceId,
    ScopeId,
    SessionId,
    GrantId
);

/// A name: 1 to 256 characters without NUL.
impl Segment for String {
    fn parse_segment(text: &str) -> Option<Self> {
        let length = text.chars().count();
        ((1..=256).contains(&length) && !text.contains('\0')).then(|| text.to_owned())
    }
}

/// All parameters of a path.
pub trait Segments: Sized {
    /// Reads as many parameters as there are.
    fn parse_segments<'a>(segments: impl Iterator<Item = &'a str>) -> Option<Self>;
}

impl<A: Segment> Segments for A {
    fn parse_segments<'a>(mut segments: impl Iterator<Item = &'a str>) -> Option<Self> {
        A::parse_segment(segments.next()?)
    }
}

impl<A: Segment, B: Segment> Segments for (A, B) {
    fn parse_segments<'a>(mut segments: impl Iterator<Item = &'a str>) -> Option<Self> {
        Some((
            A::parse_segment(segments.next()?)?,
            B::parse_segment(segments.next()?)?,
        ))
    }
}

impl<S: Send + Sync, T: Segments> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let parameters = RawPathParams::from_request_parts(parts, state).await;
        let found = parameters
            .ok()
            .and_then(|parameters| T::parse_segments(parameters.iter().map(|(_, value)| value)));
        found
            .map(Self)
            .ok_or_else(|| Error::new(ErrorCode::EntityNotExistsWithId).into())
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, routing::get};
    use http::{Request, StatusCode};
    use tower::ServiceExt;

    use super::*;

    async fn status(path: &str) -> StatusCode {
        let router = Router::<()>::new()
            .route("/users/{userId}", get(|Path(_): Path<UserId>| async {}))
            .route(
                "/applications/{id}/secrets/{name}",
                get(|Path((_, name)): Path<(ApplicationId, String)>| async { name }),
            );
        let request = Request::get(path).body(Body::empty()).unwrap();
        router.oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn ids_that_cannot_exist_do_not() {
        assert_eq!(status("/users/abc").await, StatusCode::OK);
        assert_eq!(status("/users/auth0%7Cabc").await, StatusCode::OK);
        assert_eq!(
            status("/applications/a/secrets/Default%20secret%2F1").await,
            StatusCode::OK
        );
        let long = format!("/users/{}", "x".repeat(129));
        for path in [
            "/users/a%2fb",
            "/users/%00",
            "/users/%ff",
            "/users/a%20b",
            &long,
            "/applications/a/secrets/%00",
            "/applications/%2f/secrets/a",
        ] {
            assert_eq!(status(path).await, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
