//! What the person has to do whatever the session says (OpenID Connect Core section 3.1.2.1).

use super::AuthorizationParameters;
use crate::OAuthError;

/// The values of `prompt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prompts {
    /// No page may be shown.
    pub none: bool,
    /// The person signs in again.
    pub login: bool,
    /// The person is asked for consent; silent for the business's own applications.
    pub consent: bool,
    /// The person chooses an account.
    pub select_account: bool,
}

/// The values, in the order of the discovery document.
pub(crate) const SUPPORTED: &[&str] = &["none", "login", "consent", "select_account"];

pub(super) fn check(parameters: &AuthorizationParameters) -> Result<Prompts, OAuthError> {
    let mut prompts = Prompts::default();
    let mut others = false;
    let text = parameters.prompt.as_deref().unwrap_or_default();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let member = match word {
            "none" => &mut prompts.none,
            "login" => &mut prompts.login,
            "consent" => &mut prompts.consent,
            "select_account" => &mut prompts.select_account,
            _ => {
                return Err(OAuthError::invalid_request(
                    "prompt must be of none, login, consent and select_account",
                ));
            }
        };
        *member = true;
        others |= word != "none";
    }
    if prompts.none && others {
        return Err(OAuthError::invalid_request(
            "prompt=none cannot be combined with others",
        ));
    }
    Ok(prompts)
}
