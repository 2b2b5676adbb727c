//! Verification codes: six digits that show that somebody reads an address (contract 3.2).
//!
//! A code is for one purpose and one recipient. A wrong try is counted under a guard on the count
//! that it was decided with, so that guesses in parallel count too.

use std::time::Duration;

use unicode_normalization::UnicodeNormalization as _;

use crate::{
    ErrorCode,
    time::{Timestamp, minutes},
};

/// Digits of a code.
pub const CODE_DIGITS: usize = 6;

/// What a code is asked for; one that was sent for one purpose is not taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodePurpose {
    /// An application asks by the Management API.
    Generic,
    /// Signing in.
    SignIn,
    /// Making an account.
    Register,
    /// Setting a forgotten password anew.
    ForgotPassword,
}

impl CodePurpose {
    /// Every purpose.
    pub const ALL: &[Self] = &[
        Self::Generic,
        Self::SignIn,
        Self::Register,
        Self::ForgotPassword,
    ];

    /// The contract's name, which is also that of the message template.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generic => "Generic",
            Self::SignIn => "SignIn",
            Self::Register => "Register",
            Self::ForgotPassword => "ForgotPassword",
        }
    }

    /// The purpose of a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|purpose| purpose.as_str() == text)
    }
}

/// How long a code lives and how often it may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerificationCodePolicy {
    /// 60 to 3,600 seconds.
    pub ttl: Duration,
    /// 1 to 100 tries.
    pub max_tries: i64,
}

impl Default for VerificationCodePolicy {
    fn default() -> Self {
        Self {
            ttl: minutes(10),
            max_tries: 10,
        }
    }
}

/// A code as it is kept: never in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationCode {
    /// Id, which the hash is bound to.
    pub id: String,
    /// What for.
    pub purpose: CodePurpose,
    /// The sign-in that it was sent for; empty for [`CodePurpose::Generic`].
    pub bound_to: String,
    /// [`crate::recipient::Recipient::key`].
    pub recipient_key: String,
    /// HMAC of the digits under the register's key, bound to the id, base64url.
    pub hash: String,
    /// Wrong tries so far.
    pub tries: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Is the code accepted? `is_equal` says whether what was typed has the code's hash. The order is the contract's: recipient, expiry, tries, code.
///
/// # Errors
/// `verification_code.email_mismatch` or `.phone_mismatch` by `mismatch`, `.expired`,
/// `.exceed_max_try`, `.code_mismatch`.
pub fn check_code(
    code: &VerificationCode,
    recipient_key: &str,
    mismatch: ErrorCode,
    is_equal: bool,
    policy: VerificationCodePolicy,
    now: Timestamp,
) -> Result<(), ErrorCode> {
    if code.recipient_key != recipient_key {
        return Err(mismatch);
    }
    if now >= code.expires_at {
        return Err(ErrorCode::VerificationCodeExpired);
    }
    if code.tries >= policy.max_tries {
        return Err(ErrorCode::VerificationCodeTooManyTries);
    }
    if !is_equal {
        return Err(ErrorCode::VerificationCodeMismatch);
    }
    Ok(())
}

/// What was typed, as the digits that were sent: those of any width, without the spaces and hyphens
/// that people and programs put between them.
#[must_use]
pub fn typed_digits(text: &str) -> String {
    text.nfkc()
        .filter(|character| !character.is_whitespace() && *character != '-')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::seconds;

    fn code(tries: i64) -> VerificationCode {
        VerificationCode {
            id: "c".into(),
            purpose: CodePurpose::Generic,
            bound_to: String::new(),
            recipient_key: "ann@example.com".into(),
            hash: "h".into(),
            tries,
            created_at: Timestamp(0),
            expires_at: Timestamp(0) + minutes(10),
        }
    }

    #[test]
    fn contract_3_2_the_order_of_the_checks() {
        let policy = VerificationCodePolicy::default();
        let end = Timestamp(0) + minutes(10);
        let check = |code: &VerificationCode, recipient: &str, is_equal, now| {
            check_code(
                code,
                recipient,
                ErrorCode::VerificationCodeEmailMismatch,
                is_equal,
                policy,
                now,
            )
        };
        let ann = "ann@example.com";
        for (tries, recipient, is_equal, now, expected) in [
            (0, ann, true, Timestamp(0), Ok(())),
            (9, ann, true, end - seconds(1), Ok(())),
            (
                1,
                ann,
                false,
                Timestamp(0),
                Err(ErrorCode::VerificationCodeMismatch),
            ),
            (
                10,
                ann,
                true,
                Timestamp(0),
                Err(ErrorCode::VerificationCodeTooManyTries),
            ),
            (10, ann, true, end, Err(ErrorCode::VerificationCodeExpired)),
            (
                10,
                "bob@example.com",
                true,
                end,
                Err(ErrorCode::VerificationCodeEmailMismatch),
            ),
        ] {
            assert_eq!(
                check(&code(tries), recipient, is_equal, now),
                expected,
                "{tries} {recipient}"
            );
        }
    }

    #[test]
    fn digits_are_read_however_they_are_typed() {
        for text in [
            "012345",
            " 012 345 ",
            "012-345",
            "０１２３４５",
            "０１２　３４５",
        ] {
            assert_eq!(typed_digits(text), "012345", "{text}");
        }
        assert_eq!(typed_digits("12345"), "12345", "a zero is not added");
        assert_ne!(typed_digits("O12345"), "012345");
    }

    #[test]
    fn names_are_read_back() {
        for purpose in CodePurpose::ALL {
            assert_eq!(CodePurpose::parse(purpose.as_str()), Some(*purpose));
        }
        assert_eq!(CodePurpose::parse("signIn"), None);
    }
}
