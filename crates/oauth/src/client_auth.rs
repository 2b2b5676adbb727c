//! Client authentication: RFC 6749 section 2.3.1, RFC 7523 section 2.2, OpenID Connect Core section 9.
//!
//! `client_secret_basic` and `client_secret_post` are interchangeable (contract 1.3); public
//! clients name themselves by `client_id` alone; who registered `private_key_jwt` signs assertions
//! and may use nothing else.

pub mod assertion;
mod basic;
mod check;
#[cfg(test)]
mod tests;

pub use self::check::check;
use meibo_crypto::jwt::claimed_issuer;

use crate::{
    OAuthError, introspection::IntrospectionParameters, revocation::RevocationParameters,
    secret::Secret, token::TokenParameters,
};

/// The parameters of a form that have to do with client authentication.
#[derive(Debug, Clone, Copy)]
pub struct ClientForm<'a> {
    client_id: Option<&'a String>,
    client_secret: Option<&'a String>,
    client_assertion: Option<&'a String>,
    client_assertion_type: Option<&'a String>,
}

macro_rules! client_form_from {
    ($($parameters:ty),+) => {$(
        impl<'a> From<&'a $parameters> for ClientForm<'a> {
            fn from(parameters: &'a $parameters) -> Self {
                Self {
                    client_id: parameters.client_id.as_ref(),
                    client_secret: parameters.client_secret.as_ref(),
                    client_assertion: parameters.client_assertion.as_ref(),
                    client_assertion_type: parameters.client_assertion_type.as_ref(),
                }
            }
        }
    )+};
}

client_form_from!(
    TokenParameters,
    RevocationParameters,
    IntrospectionParameters
);

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
    /// `private_key_jwt`.
    PrivateKeyJwt {
        /// The signed assertion.
        assertion: Secret,
    },
    /// `none`.
    None,
}

/// Who a request says it comes from, unproven until [`check()`] or [`assertion::check`].
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
        if form.client_assertion.is_some() || form.client_assertion_type.is_some() {
            return Self::from_assertion(form).ok_or_else(OAuthError::invalid_client);
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

    /// The client of an assertion: `client_id`, which may be left out (RFC 7521 section 4.2), or the
    /// issuer that the assertion claims to be of.
    fn from_assertion(form: ClientForm<'_>) -> Option<Self> {
        let assertion = form.client_assertion?;
        form.client_assertion_type
            .filter(|kind| *kind == assertion::TYPE)?;
        let client_id = match form.client_id {
            Some(client_id) => client_id.clone(),
            None => claimed_issuer(assertion)?,
        };
        Some(Self {
            client_id,
            method: ClientAuthenticationMethod::PrivateKeyJwt {
                assertion: Secret::new(assertion.clone()),
            },
        })
    }
}
