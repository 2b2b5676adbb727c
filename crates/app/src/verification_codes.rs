//! Verification codes: sending one, and taking what was typed (contract 3.2).

mod generic;
mod guesses;
mod language;
mod policy;

use std::net::IpAddr;

use meibo_crypto::digest::{base64url, equal, hmac_sha256};
use meibo_domain::{
    Error, ErrorCode, Result,
    message::Payload,
    message_limits::MessageOrigin,
    recipient::{Channel, Recipient},
    verification_code::{
        CODE_DIGITS, CodePurpose, VerificationCode, VerificationCodePolicy, check_code,
        typed_digits,
    },
};
use meibo_store::{db::Batch, verification_codes};

use crate::{App, messages::OutgoingMessage, outcome::Outcome};

/// A code to be sent.
pub(crate) struct CodeRequest<'c> {
    /// What for.
    pub(crate) purpose: CodePurpose,
    /// Who gets it.
    pub(crate) to: &'c Recipient,
    /// Who has it sent.
    pub(crate) origin: &'c MessageOrigin,
    /// The id of the sign-in that it is for; empty for [`CodePurpose::Generic`].
    pub(crate) bound_to: &'c str,
    /// The recipient's language (BCP 47).
    pub(crate) language_tag: &'c str,
    /// What the template may name beside `code` and `locale`: `application`, `user`.
    pub(crate) payload: Payload,
    /// How long it lives, and how often it may be tried.
    pub(crate) policy: VerificationCodePolicy,
}

/// A code that somebody typed.
pub(crate) struct PresentedCode<'c> {
    /// What it was asked for.
    pub(crate) purpose: CodePurpose,
    /// Whom it was sent to.
    pub(crate) to: &'c Recipient,
    /// The id of the sign-in that it is for; empty for [`CodePurpose::Generic`].
    pub(crate) bound_to: &'c str,
    /// The address of the browser that it was typed in; none for the Management API.
    pub(crate) from: Option<IpAddr>,
    /// What was typed.
    pub(crate) code: &'c str,
    /// How often a code may be tried.
    pub(crate) policy: VerificationCodePolicy,
}

impl App {
    /// Makes a code in place of earlier ones for the same recipient, purpose and sign-in, and
    /// promises its message.
    ///
    /// # Errors
    /// Those of [`App::send_message_in`].
    pub(crate) async fn send_code_in(
        &self,
        batch: Batch,
        request: CodeRequest<'_>,
    ) -> Result<Batch> {
        let now = self.now();
        let digits = self.entropy.digits(CODE_DIGITS);
        let id = self.new_id();
        let code = VerificationCode {
            hash: self.code_hash(&id, &digits),
            id,
            purpose: request.purpose,
            bound_to: request.bound_to.to_owned(),
            recipient_key: request.to.key(),
            tries: 0,
            created_at: now,
            expires_at: now + request.policy.ttl,
        };
        let batch = verification_codes::replace(batch, &code);
        let mut payload = request.payload;
        payload.insert("code".to_owned(), digits.into());
        payload.insert("locale".to_owned(), request.language_tag.into());
        let message = OutgoingMessage {
            to: request.to,
            origin: request.origin,
            usage_type: request.purpose.into(),
            payload,
            language_tag: request.language_tag,
            useful_until: code.expires_at,
        };
        self.send_message_in(batch, message).await
    }

    /// Takes a code. The outcome's batch uses it up, or counts the wrong try, also when the answer is
    /// an error; it conflicts when the code was tried or used meanwhile, so that of many one wins.
    ///
    /// # Errors
    /// The database's; `session.verification_blocked_too_many_attempts` when as many codes of the
    /// recipient were guessed wrong as may be in a day. The answer's: `verification_code.not_found`,
    /// `.email_mismatch`, `.phone_mismatch`, `.expired`, `.exceed_max_try`, `.code_mismatch`, in this
    /// order.
    pub(crate) async fn take_code_in(
        &self,
        batch: Batch,
        presented: PresentedCode<'_>,
    ) -> Result<Outcome<()>> {
        let recipient_key = presented.to.key();
        let found = match presented.bound_to {
            "" => {
                let purpose = presented.purpose;
                verification_codes::find(&self.db, &recipient_key, purpose, "").await?
            }
            bound_to => {
                verification_codes::find_bound(&self.db, presented.purpose, bound_to).await?
            }
        };
        let Some(code) = found else {
            return Ok(Outcome::answer(Err(Error::new(
                ErrorCode::VerificationCodeNotFound,
            ))));
        };
        let mismatch = match presented.to.channel() {
            Channel::Email => ErrorCode::VerificationCodeEmailMismatch,
            Channel::Sms => ErrorCode::VerificationCodePhoneMismatch,
        };
        let typed = typed_digits(presented.code);
        let is_equal = equal(
            self.code_hash(&code.id, &typed).as_bytes(),
            code.hash.as_bytes(),
        );
        let policy = presented.policy;
        let checked = check_code(
            &code,
            &recipient_key,
            mismatch,
            is_equal,
            policy,
            self.now(),
        );
        Ok(match checked {
            Ok(()) => {
                let batch = verification_codes::consume(batch, &code);
                Outcome::commit(self.count_guess_in(batch, &presented, true).await?, ())
            }
            Err(error @ ErrorCode::VerificationCodeMismatch) => {
                let batch = verification_codes::count_try(Batch::new(), &code);
                let batch = self.count_guess_in(batch, &presented, false).await?;
                Outcome::commit_and_fail(batch, error.into())
            }
            Err(error) => Outcome::answer(Err(error.into())),
        })
    }

    fn code_hash(&self, id: &str, digits: &str) -> String {
        base64url(&hmac_sha256(
            &self.code_key,
            format!("{id}:{digits}").as_bytes(),
        ))
    }
}
