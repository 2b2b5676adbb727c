//! One line for each request: no query, no header, no body, no address.

use std::time::Duration;

use http::StatusCode;

use super::Asked;

/// Routes that are asked for so often, and say so little, that they are logged at debug.
const QUIET: &[&str] = &[
    "/healthz",
    "/readyz",
    "/api/status",
    "/assets/{*path}",
    "/oidc/jwks",
    "/oidc/.well-known/openid-configuration",
    "/oidc/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/oidc",
];

/// Logs a request that was answered.
pub(super) fn write(asked: &Asked, status: StatusCode, took: Duration) {
    let (route, status) = (asked.route(), status.as_u16());
    let is_quiet = QUIET.contains(&route) && status < 500;
    let method = asked.method.as_str();
    let request_id = asked.request_id.as_str();
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if is_quiet {
        tracing::debug!(method, route, status, micros, request_id, "request");
    } else {
        tracing::info!(method, route, status, micros, request_id, "request");
    }
}
