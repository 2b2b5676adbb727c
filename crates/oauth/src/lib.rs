//! OAuth 2.0 and OpenID Connect as pure rules: parameters and loaded state in, decisions out.
//!
//! Nothing here opens a socket, asks a database, reads a clock or draws a random number. Every
//! file names the section that it follows. `client` is the word of the standards for what the
//! other rooms call an application.

pub mod access_token;
pub mod acr;
pub mod authorize;
pub mod bearer;
pub mod client_auth;
pub mod discovery;
pub mod error;
pub mod id_token;
pub mod id_token_hint;
pub mod introspection;
pub mod logout;
pub mod logout_token;
mod parameters;
pub mod pkce;
pub mod resource;
mod response_url;
pub mod revocation;
pub mod scope;
pub mod secret;
#[cfg(test)]
mod testing;
pub mod token;
mod user_claims;
pub mod userinfo;

pub use error::{OAuthError, OAuthErrorCode};
