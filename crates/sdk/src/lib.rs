//! Client for Meibo, and for any server that speaks Logto's wire contract.
//!
//! Three things, each usable alone:
//!
//! - [`Client`]: people sign in to your application (authorization code with PKCE), and a [`Session`]
//!   keeps their tokens: claims, userinfo, access tokens for APIs, refresh, sign-out.
//! - [`MachineClient`] and [`ManagementApi`]: your back end calls the Management API as itself.
//! - [`Provider::verify_access_token`]: your back end protects its own API with the tokens it is shown.
//!
//! Everything but the Management API's base path comes from the server's discovery document.
//! Requests have timeouts ([`HttpOptions`]), answers a size limit, errors a type ([`Error`]).
//! The crate needs a running tokio runtime.
//!
//! # Sign a person in
//!
//! ```no_run
//! # async fn example(query_of_the_callback: &str) -> Result<(), meibo_sdk::Error> {
//! use meibo_sdk::{Client, Config};
//!
//! let client = Client::new(Config {
//!     app_secret: Some("…".to_owned()),
//!     scopes: vec!["email".to_owned()],
//!     ..Config::new("http://localhost:3001", "my-app", "http://localhost:4000/callback")
//! })?;
//!
//! // GET /sign-in: keep `session` for this browser, send it to `url`.
//! let sign_in = client.sign_in_url().await?;
//!
//! // GET /callback: the same `session`, and what came back.
//! let tokens = client.handle_callback(&sign_in.session, query_of_the_callback).await?;
//! let session = client.session(tokens);
//! let name = session.get_id_token_claims()?.user.name;
//! let fresh = session.fetch_user_info().await?;
//! # Ok(()) }
//! ```
//!
//! # Change a profile from a back end
//!
//! ```no_run
//! # async fn example() -> Result<(), meibo_sdk::Error> {
//! use meibo_sdk::{Change, MachineClient, MachineConfig, ManagementApi, PatchUser};
//!
//! let machine = MachineClient::new(MachineConfig::new("http://localhost:3001", "my-back-end", "…"))?;
//! let api = ManagementApi::new(machine);
//! let patch = PatchUser { name: Change::Set("Sei Shōnagon".to_owned()), ..PatchUser::default() };
//! let user = api.patch_user("a1b2c3d4e5f6", &patch).await?;
//! # Ok(()) }
//! ```
//!
//! # Protect an API
//!
//! ```no_run
//! # async fn example(bearer: &str) -> Result<(), meibo_sdk::Error> {
//! use meibo_sdk::{HttpOptions, Provider};
//!
//! let provider = Provider::new("http://localhost:3001", &HttpOptions::default())?;
//! let claims = provider.verify_access_token(bearer, "https://orders.example", &["orders:read"]).await?;
//! println!("orders of {}", claims.sub);
//! # Ok(()) }
//! ```

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

pub use access_token::AccessTokenClaims;
pub use api_error::ApiError;
pub use claims::UserClaims;
pub use client::Client;
pub use config::{Config, MachineConfig};
pub use error::{CallbackFault, Error, Result, TokenFault};
pub use http::HttpOptions;
pub use id_token::IdTokenClaims;
pub use machine::MachineClient;
pub use management::{
    Address, Change, CreateUser, ListUsers, ManagementApi, PatchUser, Profile, User, UserPage,
};
pub use provider::Provider;
pub use session::Session;
pub use sign_in::{SignIn, SignInOptions, SignInSession};
pub use tokens::Tokens;
pub use url::Url;
