//! Secrets of confidential clients.

use super::ApplicationType;
use crate::{Error, ErrorCode, Result, ids::ApplicationId, text::check_text, time::Timestamp};

/// Characters of a generated secret.
pub const SECRET_LENGTH: usize = 32;

/// A named secret of a confidential client.
#[derive(Clone, PartialEq, Eq)]
pub struct ApplicationSecret {
    /// Whose secret.
    pub application_id: ApplicationId,
    /// Name, unique in the application, 1 to 256 characters.
    pub name: String,
    /// The secret, sealed, for administrators who may read it.
    pub sealed: String,
    /// SHA-256 of the secret, base64url, for the check.
    pub hash: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops to hold.
    pub expires_at: Option<Timestamp>,
}

/// Secrets that an application may have: each is compared whenever the application authenticates.
const MAX_SECRETS: usize = 20;

/// Name of the secret that a new application gets.
pub const DEFAULT_SECRET_NAME: &str = "Default secret";

/// Takes 1 to 256 characters.
///
/// # Errors
/// `guard.invalid_input` for the member `name`.
pub fn check_secret_name(name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Err(Error::invalid(
            "name",
            "too_short",
            "at least one character",
        ));
    }
    check_text("name", name, 256)
}

/// May an application that has `count` secrets get another?
///
/// # Errors
/// `entity.too_many` for the twenty-first.
pub fn check_secret_count(count: usize) -> Result<()> {
    if count >= MAX_SECRETS {
        return Err(Error::new(ErrorCode::TooMany)
            .detail(format!("at most {MAX_SECRETS} secrets an application")));
    }
    Ok(())
}

/// Public clients have no secrets.
///
/// # Errors
/// `application.secrets_not_supported`.
pub fn check_has_secrets(application_type: ApplicationType) -> Result<()> {
    if application_type.is_public() {
        return Err(ErrorCode::ApplicationHasNoSecrets.into());
    }
    Ok(())
}
