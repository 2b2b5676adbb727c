//! The page that a person without session sees first (contract 1.4).

use super::AuthorizationParameters;

/// The page to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Screen {
    /// Signing in.
    #[default]
    SignIn,
    /// Making an account.
    Register,
    /// Setting a forgotten password anew.
    ForgotPassword,
}

/// `first_screen`, or the older `interaction_mode`. Every other value means signing in: the
/// parameter is a wish, not a rule.
pub(super) fn read(parameters: &AuthorizationParameters) -> Screen {
    match (
        parameters.first_screen.as_deref(),
        parameters.interaction_mode.as_deref(),
    ) {
        (Some("register" | "identifier:register"), _) | (None, Some("signUp")) => Screen::Register,
        (Some("reset_password"), _) => Screen::ForgotPassword,
        _ => Screen::SignIn,
    }
}
