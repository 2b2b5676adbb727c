//! API resources and their scopes (RFC 8707: the audience of access tokens).

use crate::{
    Error, Result,
    ids::{ApiResourceId, ScopeId},
    text::check_text,
    time::Timestamp,
};

/// The indicator of the Management API; fixed, whatever the real host is.
pub const MANAGEMENT_API_INDICATOR: &str = "https://default.logto.app/api";

/// The scope that allows every Management call.
pub const MANAGEMENT_API_SCOPE_ALL: &str = "all";

/// The id of the built-in resource of the Management API.
pub const MANAGEMENT_API_RESOURCE_ID: &str = "management-api";

/// The id of the built-in resource of the login API.
pub const LOGIN_API_RESOURCE_ID: &str = "login-api";

impl ApiResource {
    /// Is it one of this server's own APIs? Those are for the business itself.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        [MANAGEMENT_API_RESOURCE_ID, LOGIN_API_RESOURCE_ID].contains(&self.id.as_str())
    }
}

/// Seconds that an access token for a resource lives unless told.
pub const DEFAULT_ACCESS_TOKEN_TTL: i64 = 3600;

/// An API that access tokens are made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiResource {
    /// Id.
    pub id: ApiResourceId,
    /// Grows with every change.
    pub version: i64,
    /// Name for administrators.
    pub name: String,
    /// The resource indicator, an absolute URI without fragment (RFC 8707 section 2).
    pub indicator: String,
    /// Is it the resource of requests that name none?
    pub is_default: bool,
    /// Seconds that access tokens for it live, 60 to 86,400.
    pub access_token_ttl: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A scope of an API resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Id.
    pub id: ScopeId,
    /// The resource that it belongs to.
    pub resource_id: ApiResourceId,
    /// Name, a scope-token, unique in the resource.
    pub name: String,
    /// What it allows, in words.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Takes an absolute URI without fragment, at most 1,024 bytes (RFC 8707 section 2).
///
/// # Errors
/// `guard.invalid_input` for the member `indicator`.
pub fn check_indicator(text: &str) -> Result<()> {
    check_text("indicator", text, 1024)?;
    if text.len() > 1024 {
        return Err(Error::invalid(
            "indicator",
            "too_long",
            "at most 1024 bytes",
        ));
    }
    let is_absolute = url::Url::parse(text).is_ok_and(|url| url.fragment().is_none());
    if !is_absolute || text.contains(' ') || text.contains('#') {
        return Err(Error::invalid(
            "indicator",
            "url",
            "an absolute URI without fragment",
        ));
    }
    Ok(())
}

/// Takes 60 to 86,400 seconds.
///
/// # Errors
/// `guard.invalid_input` for the member `accessTokenTtl`.
pub fn check_access_token_ttl(seconds: i64) -> Result<()> {
    if (60..=86_400).contains(&seconds) {
        return Ok(());
    }
    Err(Error::invalid(
        "accessTokenTtl",
        "range",
        "60 to 86400 seconds",
    ))
}
