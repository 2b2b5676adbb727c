//! `/oidc` over HTTP, on every setup.

mod authorize;
mod client_authentication;
mod client_credentials;
mod code;
mod cors;
mod discovery;
mod id_token;
mod logout;
mod prompt;
mod refresh_rotation;
mod refresh_token;
mod resource;
mod response_mode;
mod revocation;
mod token_error;
mod userinfo;
