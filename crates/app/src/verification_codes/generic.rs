//! Codes that a back end asks for by the Management API, to know that somebody reads an address. No
//! account is needed, and nothing else is changed (contract 3.2).

use meibo_domain::{
    Result,
    actor::{Actor, Subject},
    event::Activity,
    message::Payload,
    message_limits::MessageOrigin,
    recipient::Recipient,
    verification_code::CodePurpose,
};
use meibo_store::db::Batch;
use serde_json::json;

use super::{CodeRequest, PresentedCode};
use crate::{App, access::require_management, outcome::Outcome};

impl App {
    /// Sends a code to a recipient, in place of an earlier one. Its message is on its way when this
    /// is done, and need not have arrived.
    ///
    /// # Errors
    /// `request.recipient_not_allowed`, `request.recipient_country_not_allowed`, `connector.not_found`,
    /// `connector.template_not_found`, `request.message_rate_limited` with the seconds to wait.
    pub async fn send_verification_code(&self, actor: &Actor, to: &Recipient) -> Result<()> {
        require_management(actor)?;
        let sent = self
            .settle(async || {
                let request = CodeRequest {
                    purpose: CodePurpose::Generic,
                    to,
                    origin: &MessageOrigin::Machine,
                    bound_to: "",
                    language_tag: &self.recipient_language(to).await?,
                    payload: Payload::new(),
                    policy: self.verification_code_policy().await?,
                };
                let batch = self.send_code_in(Batch::new(), request).await?;
                Ok(Outcome::commit(batch, ()))
            })
            .await;
        self.record_generic_code("VerificationCode.Send", actor, to, &sent);
        sent
    }

    /// Takes a code that a recipient was sent, once.
    ///
    /// # Errors
    /// `verification_code.not_found`, `.expired`, `.exceed_max_try`, `.code_mismatch`, in this order;
    /// a wrong code is counted. `session.verification_blocked_too_many_attempts` after very many wrong
    /// ones in a day, with the seconds to wait.
    pub async fn verify_verification_code(
        &self,
        actor: &Actor,
        to: &Recipient,
        code: &str,
    ) -> Result<()> {
        require_management(actor)?;
        let verified = self
            .settle(async || {
                let presented = PresentedCode {
                    purpose: CodePurpose::Generic,
                    to,
                    bound_to: "",
                    from: None,
                    code,
                    policy: self.verification_code_policy().await?,
                };
                self.take_code_in(Batch::new(), presented).await
            })
            .await;
        self.record_generic_code("VerificationCode.Verify", actor, to, &verified);
        verified
    }

    /// Records that it was tried, and what refused it; neither the code nor the address.
    fn record_generic_code(
        &self,
        key: &'static str,
        actor: &Actor,
        to: &Recipient,
        done: &Result<()>,
    ) {
        let channel = to.channel().as_str();
        self.record_activity(Activity {
            key,
            is_success: done.is_ok(),
            user_id: match &actor.subject {
                Subject::User(id) => Some(id.to_string()),
                _ => None,
            },
            application_id: match &actor.subject {
                Subject::Application(id) => Some(id.to_string()),
                _ => None,
            },
            payload: match done {
                Ok(()) => json!({"channel": channel}),
                Err(error) => json!({"channel": channel, "reason": error.code().as_str()}),
            },
            at: self.now(),
        });
    }
}
