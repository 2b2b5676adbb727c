//! The synchronous calls to the operator's own user storage.

use serde::{Deserialize, Serialize};

/// One kind of storage webhook; the wire form is its name in `snake_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageWebhook {
    /// Is this the person's password?
    UserVerification,
    /// A person registers.
    UserCreation,
    /// A person came back from a social provider.
    SocialLogin,
    /// A person asks for a new password.
    PasswordReset,
    /// A person chose a new password.
    PasswordChange,
    /// Does the web shop's visitor exist?
    WebShopUserValidation,
}

impl StorageWebhook {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::UserVerification,
        Self::UserCreation,
        Self::SocialLogin,
        Self::PasswordReset,
        Self::PasswordChange,
        Self::WebShopUserValidation,
    ];

    /// The wire form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserVerification => "user_verification",
            Self::UserCreation => "user_creation",
            Self::SocialLogin => "social_login",
            Self::PasswordReset => "password_reset",
            Self::PasswordChange => "password_change",
            Self::WebShopUserValidation => "web_shop_user_validation",
        }
    }

    /// The kind of a wire form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Does a key map read its reply?
    #[must_use]
    pub const fn has_key_map(self) -> bool {
        matches!(
            self,
            Self::UserVerification | Self::UserCreation | Self::SocialLogin
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_kinds_carry_a_key_map_and_all_have_one_wire_form() {
        let mapped: Vec<_> = StorageWebhook::ALL
            .into_iter()
            .filter(|kind| kind.has_key_map())
            .map(StorageWebhook::as_str)
            .collect();
        assert_eq!(
            mapped,
            ["user_verification", "user_creation", "social_login"]
        );
        for kind in StorageWebhook::ALL {
            assert_eq!(StorageWebhook::parse(kind.as_str()), Some(kind));
            assert_eq!(
                serde_json::to_value(kind).unwrap(),
                serde_json::json!(kind.as_str())
            );
        }
        assert_eq!(StorageWebhook::parse("email_change"), None);
    }
}
