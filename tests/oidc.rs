//! `/oidc` over HTTP, on every setup.

mod authorize;
mod backchannel_logout;
mod client_authentication;
mod client_credentials;
mod code;
mod conformance;
mod cors;
mod discovery;
mod id_token;
mod introspection;
mod key_rotation;
mod logout;
mod private_key_jwt;
mod prompt;
mod published_keys;
mod refresh_rotation;
mod refresh_token;
mod resource;
mod response_mode;
mod revocation;
mod token_error;
mod token_life;
mod userinfo;
mod userinfo_signed;
