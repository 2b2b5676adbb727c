//! The ways in, and what a proved address leads to.

use crate::{
    ErrorCode,
    recipient::{Channel, Recipient},
    sign_in::Intent,
    user::User,
};

/// A set of channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Channels {
    /// Email.
    pub email: bool,
    /// Text messages.
    pub sms: bool,
}

impl Channels {
    /// Is the channel among them?
    #[must_use]
    pub const fn has(self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.email,
            Channel::Sms => self.sms,
        }
    }

    /// Is there any?
    #[must_use]
    pub const fn is_any(self) -> bool {
        self.email || self.sms
    }

    /// Those that are in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            email: self.email && other.email,
            sms: self.sms && other.sms,
        }
    }
}

/// The ways in: those that the sign-in experience allows, or, after [`SignInWays::served_by`], those
/// that are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignInWays {
    /// Passwords sign in.
    pub password: bool,
    /// Codes that sign in.
    pub code: Channels,
    /// Addresses that an account can be made with.
    pub register: Channels,
    /// Such an account has a password too.
    pub register_password: bool,
    /// Its person says that they agree to the terms.
    pub register_agreement: bool,
    /// Accounts can be made with a username.
    pub register_username: bool,
    /// Codes that let a person choose another password.
    pub forgot_password: Channels,
}

impl SignInWays {
    /// Of the allowed ways those that work with connectors for these channels only.
    #[must_use]
    pub const fn served_by(self, connected: Channels) -> Self {
        Self {
            code: self.code.and(connected),
            register: self.register.and(connected),
            forgot_password: self.forgot_password.and(connected),
            ..self
        }
    }

    /// The channels by which an address can be proved for `intent`.
    #[must_use]
    pub const fn channels(&self, intent: Intent) -> Channels {
        match intent {
            Intent::SignIn => self.code,
            Intent::Register => self.register,
            Intent::ForgotPassword => self.forgot_password,
        }
    }

    /// May an address of this channel be proved for `intent`?
    ///
    /// # Errors
    /// `user.sign_in_method_not_enabled`.
    pub const fn check(&self, intent: Intent, channel: Channel) -> Result<(), ErrorCode> {
        if self.channels(intent).has(channel) {
            Ok(())
        } else {
            Err(ErrorCode::SignInMethodNotEnabled)
        }
    }
}

/// What a proved address leads to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AfterProof<'u> {
    /// Its person is signed in.
    SignIn(&'u User),
    /// An account is made with it.
    CreateAccount,
    /// A page asks whether to make an account, or for what it needs besides.
    AskForAccount,
    /// A page asks for another password.
    AskForPassword,
}

/// Decides what an address leads to once it is proved. `user` is whose verified address it is. Also a
/// registration signs a known person in, if codes sign in at all: there is no second account to be had.
///
/// # Errors
/// `user.suspended`; `user.sign_in_method_not_enabled`; `user.user_not_exist` when nobody has the address and none can be made with it.
pub fn decide_after_proof<'u>(
    intent: Intent,
    recipient: &Recipient,
    user: Option<&'u User>,
    ways: &SignInWays,
) -> Result<AfterProof<'u>, ErrorCode> {
    if user.is_some_and(|user| user.is_suspended) {
        return Err(ErrorCode::UserSuspended);
    }
    let can_register = ways.register.has(recipient.channel());
    match (intent, user) {
        (Intent::ForgotPassword, Some(_)) => Ok(AfterProof::AskForPassword),
        (Intent::SignIn, Some(user)) => Ok(AfterProof::SignIn(user)),
        (Intent::Register, Some(user)) => {
            ways.check(Intent::SignIn, recipient.channel())?;
            Ok(AfterProof::SignIn(user))
        }
        (Intent::Register, None)
            if can_register && !ways.register_password && !ways.register_agreement =>
        {
            Ok(AfterProof::CreateAccount)
        }
        (Intent::SignIn | Intent::Register, None) if can_register => Ok(AfterProof::AskForAccount),
        (_, None) => Err(ErrorCode::UserNotExist),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        email::EmailAddress, ids::UserId, phone::PhoneNumber, time::Timestamp, user::NewUser,
    };

    fn user(is_suspended: bool) -> User {
        NewUser::default()
            .create(UserId::parse("u").unwrap(), Uuid::nil(), Timestamp(0))
            .unwrap()
            .with_suspension(is_suspended, Timestamp(0))
    }

    #[test]
    fn table() {
        use AfterProof::{AskForAccount, AskForPassword, CreateAccount, SignIn};
        use Intent::{ForgotPassword, Register};
        let email = Recipient::Email(EmailAddress::parse("ann@example.com").unwrap());
        let phone = Recipient::Phone(PhoneNumber::parse("819012345678").unwrap());
        let open = SignInWays {
            register: Channels {
                email: true,
                sms: false,
            },
            ..SignInWays::default()
        };
        let by_code = SignInWays {
            code: open.register,
            ..open
        };
        let with_password = SignInWays {
            register_password: true,
            ..open
        };
        let with_terms = SignInWays {
            register_agreement: true,
            ..open
        };
        let closed = SignInWays::default();
        let (known, suspended) = (user(false), user(true));
        let nobody = Err(ErrorCode::UserNotExist);
        for (intent, recipient, user, ways, expected) in [
            (
                Intent::SignIn,
                &email,
                Some(&known),
                closed,
                Ok(SignIn(&known)),
            ),
            (Register, &email, Some(&known), by_code, Ok(SignIn(&known))),
            (
                Register,
                &email,
                Some(&known),
                open,
                Err(ErrorCode::SignInMethodNotEnabled),
            ),
            (
                ForgotPassword,
                &email,
                Some(&known),
                closed,
                Ok(AskForPassword),
            ),
            (Intent::SignIn, &email, None, open, Ok(AskForAccount)),
            (Intent::SignIn, &email, None, closed, nobody),
            (Intent::SignIn, &phone, None, open, nobody),
            (Register, &email, None, open, Ok(CreateAccount)),
            (Register, &email, None, with_password, Ok(AskForAccount)),
            (Register, &email, None, with_terms, Ok(AskForAccount)),
            (Register, &email, None, closed, nobody),
            (Register, &phone, None, open, nobody),
            (ForgotPassword, &email, None, open, nobody),
        ] {
            assert_eq!(
                decide_after_proof(intent, recipient, user, &ways),
                expected,
                "{intent:?} {recipient} {ways:?}"
            );
        }
        for intent in Intent::ALL {
            assert_eq!(
                decide_after_proof(*intent, &email, Some(&suspended), &open),
                Err(ErrorCode::UserSuspended),
                "{intent:?}"
            );
        }
    }

    #[test]
    fn a_way_is_open_by_its_own_channels() {
        let ways = SignInWays {
            code: Channels {
                email: true,
                sms: false,
            },
            forgot_password: Channels {
                email: true,
                sms: true,
            },
            ..SignInWays::default()
        };
        assert_eq!(ways.check(Intent::SignIn, Channel::Email), Ok(()));
        for (intent, channel) in [
            (Intent::SignIn, Channel::Sms),
            (Intent::Register, Channel::Email),
        ] {
            assert_eq!(
                ways.check(intent, channel),
                Err(ErrorCode::SignInMethodNotEnabled)
            );
        }
        assert_eq!(ways.code.and(ways.forgot_password), ways.code);
        assert!(ways.code.is_any() && !ways.register.is_any());
    }
}
