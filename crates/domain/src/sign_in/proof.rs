//! The proof of an address: a code was sent there, and came back.

use std::time::Duration;

use crate::{
    recipient::Recipient,
    time::{Timestamp, minutes},
    verification_code::CodePurpose,
};

/// How long a proved address may be used for what comes after it.
pub const PROOF_TTL: Duration = minutes(15);

/// What an address is proved for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Intent {
    /// Signing in.
    SignIn,
    /// Making an account.
    Register,
    /// Choosing another password.
    ForgotPassword,
}

impl Intent {
    /// Every intent.
    pub const ALL: &[Self] = &[Self::SignIn, Self::Register, Self::ForgotPassword];

    /// What its codes are for.
    #[must_use]
    pub const fn purpose(self) -> CodePurpose {
        match self {
            Self::SignIn => CodePurpose::SignIn,
            Self::Register => CodePurpose::Register,
            Self::ForgotPassword => CodePurpose::ForgotPassword,
        }
    }

    /// Its name in the register.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.purpose().as_str()
    }

    /// The intent of a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|intent| intent.as_str() == text)
    }
}

/// The address that a code was sent to in a sign-in. It is a proof once the code has come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressProof {
    /// What for.
    pub intent: Intent,
    /// The address.
    pub recipient: Recipient,
    /// When its code came back; none while it is awaited.
    pub proved_at: Option<Timestamp>,
}

impl AddressProof {
    /// Is the address proved? For [`PROOF_TTL`] after the code came back.
    #[must_use]
    pub fn is_proved(&self, now: Timestamp) -> bool {
        self.proved_at
            .is_some_and(|proved_at| now < proved_at + PROOF_TTL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{email::EmailAddress, time::seconds};

    #[test]
    fn a_proof_holds_for_a_while_after_its_code_came_back() {
        let proved_at = |proved_at| AddressProof {
            intent: Intent::SignIn,
            recipient: Recipient::Email(EmailAddress::parse("ann@example.com").unwrap()),
            proved_at,
        };
        let end = Timestamp(0) + PROOF_TTL;
        for (proved, now, expected) in [
            (None, Timestamp(0), false),
            (Some(Timestamp(0)), Timestamp(0), true),
            (Some(Timestamp(0)), end - seconds(1), true),
            (Some(Timestamp(0)), end, false),
        ] {
            assert_eq!(
                proved_at(proved).is_proved(now),
                expected,
                "{proved:?} {now:?}"
            );
        }
    }

    #[test]
    fn names_are_read_back() {
        for intent in Intent::ALL {
            assert_eq!(Intent::parse(intent.as_str()), Some(*intent));
        }
        assert_eq!(Intent::parse("Generic"), None);
    }
}
