//! Client authentication: RFC 6749 section 2.3.1, OpenID Connect Core section 9.
//!
//! `client_secret_basic` and `client_secret_post` are interchangeable (contract 1.3); public
//! clients name themselves by `client_id` alone.

mod basic;
mod check;
#[cfg(test)]
mod tests;

pub use self::check::check;
use crate::{OAuthError, revocation::RevocationParameters, secret::Secret, token::TokenParameters};

/// The parameters of a form that have to do with client authentication.
#[derive(Debug, Clone, Copy)]
pub struct ClientForm<'a> {
    client_id: Option<&'a String>,
    client_secret: Option<&'a String>,
    client_assertion: Option<&'a String>,
}

impl<'a> From<&'a TokenParameters> for ClientForm<'a> {
    fn from(parameters: &'a TokenParameters) -> Self {
        Self {
            client_id: parameters.client_id.as_ref(),
            client_secret: parameters.client_secret.as_ref(),
            client_assertion: parameters.client_assertion.as_ref(),
        }
    }
}

impl<'a> From<&'a RevocationParameters> for ClientForm<'a> {
    fn from(parameters: &'a RevocationParameters) -> Self {
        Self {
            client_id: parameters.client_id.as_ref(),
            client_secret: parameters.client_secret.as_ref(),
            client_assertion: parameters.client_assertion.as_ref(),
        }
    }
}

/// How a client says who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientAuthenticationMethod {
    /// `client_secret_basic`. The secret as sent, and percent-decoded where that differs: RFC 6749
    /// wants it encoded, many clients do not encode.
    Basic {
        /// What the secret may be.
        secrets: Vec<Secret>,
    },
    /// `client_secret_post`.
    Post {
        /// The secret.
        secret: Secret,
    },
    /// `none`.
    None,
}

/// Who a request says it comes from, unproven until [`check()`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAuthentication {
    /// Id of the application to look up.
    pub client_id: String,
    /// The proof.
    pub method: ClientAuthenticationMethod,
}

impl ClientAuthentication {
    /// Reads the `Authorization` header and the form.
    ///
    /// # Errors
    /// `invalid_client` when nobody is named, the header cannot be read or the method is another
    /// one; `invalid_request` for two mechanisms at once and for two different clients.
    pub fn extract<'a>(
        authorization_header: Option<&str>,
        form: impl Into<ClientForm<'a>>,
    ) -> Result<Self, OAuthError> {
        let form = form.into();
        let mechanisms = [
            authorization_header.is_some(),
            form.client_secret.is_some(),
            form.client_assertion.is_some(),
        ];
        if mechanisms.into_iter().filter(|used| *used).count() > 1 {
            return Err(OAuthError::invalid_request(
                "only one way of client authentication may be used",
            ));
        }
        if form.client_assertion.is_some() {
            return Err(OAuthError::invalid_client());
        }
        if let Some(header) = authorization_header {
            let authentication = basic::read(header).ok_or_else(OAuthError::invalid_client)?;
            if form
                .client_id
                .is_some_and(|client_id| *client_id != authentication.client_id)
            {
                return Err(OAuthError::invalid_request(
                    "client_id differs from that of the Authorization header",
                ));
            }
            return Ok(authentication);
        }
        let client_id = form.client_id.ok_or_else(OAuthError::invalid_client)?;
        Ok(Self {
            client_id: client_id.clone(),
            method: form
                .client_secret
                .map_or(ClientAuthenticationMethod::None, |secret| {
                    ClientAuthenticationMethod::Post {
                        secret: Secret::new(secret.clone()),
                    }
                }),
        })
    }
}
