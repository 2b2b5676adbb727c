//! Links from one page of a sign-in to another.

use crate::Layout;

/// Another way to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherWay {
    /// Signing in with a password.
    Password,
    /// Signing in to an account that exists.
    SignIn,
    /// Making an account.
    Register,
    /// Making an account with a username.
    RegisterUsername,
    /// Making an account with an email address or a phone number.
    RegisterAddress,
}

/// A link to another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayLink {
    /// Where it leads.
    pub way: OtherWay,
    /// The address of its page.
    pub href: String,
}

impl WayLink {
    /// The words of the link.
    pub(crate) fn words(&self, layout: &Layout) -> String {
        layout.text(match self.way {
            OtherWay::Password => "way-password",
            OtherWay::SignIn => "way-sign-in",
            OtherWay::Register => "way-register",
            OtherWay::RegisterUsername => "way-register-username",
            OtherWay::RegisterAddress => "way-register-address",
        })
    }
}
