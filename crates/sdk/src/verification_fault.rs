//! Why a verification code was not sent, or not taken.

use crate::{ApiError, Error};

/// What a person has to be told when a code was not sent or not taken, by the server's stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VerificationFault {
    /// The code is wrong; the try is counted (`verification_code.code_mismatch`).
    WrongCode,
    /// No code waits for this address: none was sent, it was used, or a newer one took its place
    /// (`verification_code.not_found`).
    NoCode,
    /// The code is too old (`verification_code.expired`).
    Expired,
    /// The code was tried too often; a new one is needed (`verification_code.exceed_max_try`). Or all
    /// codes of this address were, and a new one helps only after `Retry-After` (429
    /// `session.verification_blocked_too_many_attempts`).
    TooManyTries,
    /// The code was sent to another address (`verification_code.email_mismatch`,
    /// `verification_code.phone_mismatch`).
    OtherRecipient,
    /// The address got too many messages lately, or everybody together did; wait as long as
    /// `Retry-After` says (429 `request.message_rate_limited`).
    TooManyMessages,
    /// The server has no connector for emails, or for text messages (501 `connector.not_found`).
    NoConnector,
    /// There is a connector, but it could not send: no template, bad settings, or its provider
    /// refused (any other `connector.…`).
    NotSent,
}

impl ApiError {
    /// Why a verification code was refused; `None` for every other refusal.
    #[must_use]
    pub fn verification_fault(&self) -> Option<VerificationFault> {
        match self.code.as_str() {
            "verification_code.code_mismatch" => Some(VerificationFault::WrongCode),
            "verification_code.not_found" => Some(VerificationFault::NoCode),
            "verification_code.expired" => Some(VerificationFault::Expired),
            "verification_code.exceed_max_try"
            | "session.verification_blocked_too_many_attempts" => {
                Some(VerificationFault::TooManyTries)
            }
            "verification_code.email_mismatch" | "verification_code.phone_mismatch" => {
                Some(VerificationFault::OtherRecipient)
            }
            "request.message_rate_limited" => Some(VerificationFault::TooManyMessages),
            "connector.not_found" => Some(VerificationFault::NoConnector),
            code if code.starts_with("connector.") => Some(VerificationFault::NotSent),
            _ => None,
        }
    }
}

impl Error {
    /// Why a verification code was refused; `None` for every other failure. Ask this before
    /// [`is_unavailable`](Self::is_unavailable), which a refused message (429, 501) also is.
    #[must_use]
    pub fn verification_fault(&self) -> Option<VerificationFault> {
        match self {
            Self::Api(error) => error.verification_fault(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_contract() {
        use VerificationFault as Fault;
        for (code, fault) in [
            ("verification_code.code_mismatch", Some(Fault::WrongCode)),
            ("verification_code.not_found", Some(Fault::NoCode)),
            ("verification_code.expired", Some(Fault::Expired)),
            (
                "verification_code.exceed_max_try",
                Some(Fault::TooManyTries),
            ),
            (
                "session.verification_blocked_too_many_attempts",
                Some(Fault::TooManyTries),
            ),
            (
                "verification_code.email_mismatch",
                Some(Fault::OtherRecipient),
            ),
            (
                "verification_code.phone_mismatch",
                Some(Fault::OtherRecipient),
            ),
            ("request.message_rate_limited", Some(Fault::TooManyMessages)),
            ("connector.not_found", Some(Fault::NoConnector)),
            ("connector.template_not_found", Some(Fault::NotSent)),
            ("guard.invalid_input", None),
            ("rate_limited", None),
        ] {
            let body = serde_json::json!({ "code": code, "message": "No." }).to_string();
            let error = Error::Api(Box::new(ApiError::read(400, body.as_bytes())));
            assert_eq!(error.verification_fault(), fault, "{code}");
        }
        assert_eq!(Error::SignedOut.verification_fault(), None);
    }
}
