//! The query of a request, bounded and decoded strictly.

use axum::extract::FromRequestParts;
use http::request::Parts;
use meibo_domain::{Error, ErrorCode};

use super::pairs::{Limits, parse_pairs};
use crate::respond::Failure;

const LIMITS: Limits = Limits {
    bytes: 8 * 1024,
    pairs: 64,
};

/// The parameters in their order; a name may repeat. At most 8 KiB and 64 of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    /// The first value of a name.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Is the parameter there with the value `true`?
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        self.first(name) == Some("true")
    }

    /// The value of a parameter that is `true` or `false`.
    ///
    /// # Errors
    /// `guard.invalid_input` for another value.
    pub fn flag(&self, name: &'static str) -> Result<Option<bool>, Error> {
        match self.first(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Error::invalid(name, "enum", "true or false")),
        }
    }

    /// Refuses filters of the contract that are not offered: to leave one out silently would give
    /// more than was asked for.
    ///
    /// # Errors
    /// `request.invalid_input` that names the parameter.
    pub fn refuse(&self, names: &[&str]) -> Result<(), Error> {
        match names.iter().find(|name| self.first(name).is_some()) {
            None => Ok(()),
            Some(name) => {
                let detail = format!("the parameter {name} is not offered");
                Err(Error::new(ErrorCode::InvalidRequest).detail(detail))
            }
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let text = parts.uri.query().unwrap_or_default();
        Ok(Self(parse_pairs(text.as_bytes(), LIMITS)?))
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    async fn query(text: &str) -> Result<Query, ErrorCode> {
        let (mut parts, ()) = Request::get(format!("/x?{text}"))
            .body(())
            .unwrap()
            .into_parts();
        let query = Query::from_request_parts(&mut parts, &()).await;
        query.map_err(|failure| failure.error().code())
    }

    #[tokio::test]
    async fn values_by_name() {
        let query = query("a=1&b=true&a=2").await.unwrap();
        assert_eq!(query.first("a"), Some("1"));
        assert_eq!(query.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert!(query.is_on("b") && !query.is_on("a") && !query.is_on("c"));
        assert_eq!(query.flag("b").unwrap(), Some(true));
        assert_eq!(query.flag("c").unwrap(), None);
        assert!(query.flag("a").is_err());
        assert!(query.refuse(&["c"]).is_ok());
        assert_eq!(
            query.refuse(&["c", "b"]).unwrap_err().code(),
            ErrorCode::InvalidRequest
        );
    }

    #[tokio::test]
    async fn bounds() {
        assert_eq!(
            query(&"a&".repeat(65)).await,
            Err(ErrorCode::InvalidRequest)
        );
        assert_eq!(
            query(&"a".repeat(8 * 1024 + 1)).await,
            Err(ErrorCode::InvalidRequest)
        );
        assert_eq!(query("a=%00").await, Err(ErrorCode::InvalidRequest));
    }
}
