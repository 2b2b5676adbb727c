//! Why a code was not sent or not taken, as a person is told.

use meibo_sdk::VerificationFault;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeProblem {
    Wrong,
    /// Nothing was typed.
    Empty,
    /// No code waits for this address in this browser.
    NoCode,
    Expired,
    TooManyTries,
    TooManyMessages,
    /// The identity server cannot send to this kind of address.
    CannotSend,
    /// The address is already the person's.
    Same,
    Unavailable,
}

impl CodeProblem {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 9] = [
        Self::Wrong,
        Self::Empty,
        Self::NoCode,
        Self::Expired,
        Self::TooManyTries,
        Self::TooManyMessages,
        Self::CannotSend,
        Self::Same,
        Self::Unavailable,
    ];

    /// The HTTP status of the page that tells it.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::TooManyTries | Self::TooManyMessages => 429,
            Self::CannotSend => 501,
            Self::Unavailable => 503,
            _ => 422,
        }
    }
}

impl From<VerificationFault> for CodeProblem {
    fn from(fault: VerificationFault) -> Self {
        match fault {
            VerificationFault::WrongCode => Self::Wrong,
            VerificationFault::NoCode | VerificationFault::OtherRecipient => Self::NoCode,
            VerificationFault::Expired => Self::Expired,
            VerificationFault::TooManyTries => Self::TooManyTries,
            VerificationFault::TooManyMessages => Self::TooManyMessages,
            VerificationFault::NoConnector | VerificationFault::NotSent => Self::CannotSend,
            _ => Self::Unavailable,
        }
    }
}
