//! Sending a code to the address that was typed. It goes out whether or not somebody has the
//! address: what the address is for is decided when the code comes back.

use meibo_domain::{
    Error, Result,
    message::Payload,
    message_limits::MessageOrigin,
    recipient::Recipient,
    sign_in::{AddressProof, Intent, SignIn, parse_typed_address},
};
use meibo_oauth::authorize::AuthorizationParameters;
use meibo_store::{db::Batch, sign_ins};
use serde_json::json;

use super::Visitor;
use crate::{App, outcome::Outcome, verification_codes::CodeRequest};

/// What was posted.
pub struct CodeSending {
    /// Who posted it.
    pub visitor: Visitor,
    /// What the address is to be proved for.
    pub intent: Intent,
    /// What was typed: an email address or a phone number.
    pub typed: String,
    /// The page's language (BCP 47), by which the country of a phone number is guessed.
    pub page_language: &'static str,
    /// The language that the reader asked for; without one the message is in that of the account.
    pub asked_language: Option<&'static str>,
}

impl App {
    /// Sends a code, in place of an earlier one for the same address. It is good in this sign-in
    /// only.
    ///
    /// # Errors
    /// `guard.invalid_input`, `user.invalid_phone`, `request.recipient_not_allowed`,
    /// `request.recipient_country_not_allowed` for the address;
    /// `user.sign_in_method_not_enabled`, `connector.not_found`, `connector.template_not_found`;
    /// `request.message_rate_limited`, `request.too_many`; `session.not_found`.
    pub async fn send_sign_in_code(&self, request: &CodeSending) -> Result<()> {
        let visitor = &request.visitor;
        let sign_in = self
            .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
            .await?;
        self.check_address(visitor.address)?;
        let recipient = parse_typed_address(&request.typed, request.page_language);
        let channel = recipient.as_ref().ok().map(Recipient::channel);
        let sent = match recipient {
            Ok(recipient) => self.send_to_typed(request, &sign_in, recipient).await,
            Err(error) => Err(error),
        };
        self.recorded_code(&sign_in, request.intent, channel, sent)
    }

    /// As [`App::send_sign_in_code`] in an open sign-in.
    async fn send_to_typed(
        &self,
        request: &CodeSending,
        sign_in: &SignIn,
        recipient: Recipient,
    ) -> Result<()> {
        let visitor = &request.visitor;
        let policy = self.verification_code_policy().await?;
        self.allowed_ways()
            .await?
            .check(request.intent, recipient.channel())?;
        let language = match request.asked_language {
            Some(language) => language.to_owned(),
            None => self.recipient_language(&recipient).await?,
        };
        let proof = AddressProof {
            intent: request.intent,
            recipient,
            proved_at: None,
        };
        let origin = MessageOrigin::Page {
            sign_in_id: sign_in.id.clone(),
            address: visitor.address,
        };
        let payload = self.payload_of(sign_in).await?;
        self.settle::<_, Error, _>(async || {
            // It may have ended while the message was prepared.
            self.open_sign_in(&visitor.sign_in_id, &visitor.cookies)
                .await?;
            let batch = sign_ins::set_proof(Batch::new(), &sign_in.id, &proof);
            let code = CodeRequest {
                purpose: proof.intent.purpose(),
                to: &proof.recipient,
                origin: &origin,
                bound_to: sign_in.id.as_str(),
                language_tag: &language,
                payload: payload.clone(),
                policy,
            };
            Ok(Outcome::commit(self.send_code_in(batch, code).await?, ()))
        })
        .await
    }

    /// What the template may name. Nothing of a person: the address is not proved yet.
    async fn payload_of(&self, sign_in: &SignIn) -> Result<Payload> {
        let parameters = AuthorizationParameters::from_form(&sign_in.request).unwrap_or_default();
        let client = match &parameters.client_id {
            Some(client_id) => self.client_by_text(client_id).await?,
            None => None,
        };
        let mut payload = Payload::new();
        if let Some(client) = client {
            let application = json!({"name": client.application.name});
            payload.insert("application".to_owned(), application);
        }
        Ok(payload)
    }
}
