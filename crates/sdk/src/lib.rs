// The documentation of the crate is its README, whose examples are compiled as tests.
#![doc = include_str!("../README.md")]

mod access_token;
mod api_error;
mod callback;
mod claims;
mod client;
mod config;
mod discovery;
mod error;
mod flights;
mod http;
mod id_token;
mod jwks;
mod jwt;
mod machine;
mod management;
mod provider;
mod secret;
mod session;
mod sign_in;
mod time;
mod token_endpoint;
mod tokens;
mod verification_fault;

pub use access_token::AccessTokenClaims;
pub use api_error::ApiError;
pub use claims::{AddressClaim, UserClaims};
pub use client::Client;
pub use config::{Config, MachineConfig};
pub use error::{CallbackFault, Error, Result, TokenFault};
pub use http::HttpOptions;
pub use id_token::IdTokenClaims;
pub use machine::MachineClient;
pub use management::{
    Address, Change, CreateUser, ListUsers, ManagementApi, PatchUser, Profile, Recipient, User,
    UserPage, VerificationCodes,
};
pub use provider::Provider;
pub use session::Session;
pub use sign_in::{SignIn, SignInOptions, SignInSession};
pub use tokens::Tokens;
pub use url::Url;
pub use verification_fault::VerificationFault;
