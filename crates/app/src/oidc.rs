//! OpenID Connect: the use cases behind `/oidc`. The rules are in the protocol crate.

pub mod authorize;
mod backchannel_logout;
mod client_assertion;
pub mod documents;
pub(crate) mod ended_sessions;
mod id_token_hint;
pub mod introspection;
pub mod logout;
pub mod revocation;
mod session_of_browser;
pub mod token;
mod token_issue;
pub(crate) mod token_status;
pub mod userinfo;

pub use session_of_browser::BrowserCookies;
