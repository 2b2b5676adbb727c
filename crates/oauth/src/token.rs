//! The token endpoint: RFC 6749 sections 4.1.3, 4.4.2, 5 and 6, OpenID Connect Core sections 3.1.3
//! and 12, RFC 8707 section 2.2. One file a grant.

pub mod authorization_code;
pub mod client_credentials;
mod grant_state;
mod grant_type;
pub mod issue;
mod organization;
mod parameters;
pub mod refresh_token;
mod refusal;
mod response;

pub use self::{
    grant_state::GrantState, grant_type::GrantType, parameters::TokenParameters,
    refusal::GrantRefusal, response::TokenResponse,
};
