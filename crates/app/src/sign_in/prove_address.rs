//! A code that comes back: it proves an address, and what that leads to is decided then.

use meibo_domain::{
    Error, ErrorCode, Result,
    recipient::{Channel, Recipient},
    sign_in::{
        AddressProof, AfterProof, Intent, SignIn, SignInWays, decide_after_proof,
        parse_typed_address,
    },
    user::User,
    verification_code::VerificationCodePolicy,
};
use meibo_store::{
    db::Batch,
    sign_in_attempts::{self, AttemptKeys},
    sign_ins, users,
};

use super::{AuthenticationMethod, SignedIn, Visitor, attempts};
use crate::{App, outcome::Outcome, verification_codes::PresentedCode};

/// What was posted.
pub struct CodeSubmission {
    /// Who posted it.
    pub visitor: Visitor,
    /// What the address is to be proved for.
    pub intent: Intent,
    /// The address that the form was made for.
    pub recipient: String,
    /// The digits that were typed.
    pub code: String,
    /// Did the person say that they agree to the terms?
    pub has_agreed: bool,
    /// The page's language (BCP 47), which a new account keeps.
    pub page_language: &'static str,
}

/// Where a proved address leads.
pub enum Proved {
    /// On, as its person.
    SignedIn(SignedIn),
    /// To the page that makes an account.
    AskForAccount,
    /// To the page that asks for another password.
    AskForPassword,
}

/// What one decision is taken with.
struct Presented<'p> {
    request: &'p CodeSubmission,
    recipient: &'p Recipient,
    ways: SignInWays,
    policy: VerificationCodePolicy,
    keys: &'p AttemptKeys,
}

impl App {
    /// Takes a code, and signs its person in, makes the account, or leads to the page that asks for
    /// what is missing.
    ///
    /// # Errors
    /// `verification_code.…`; `session.verification_blocked_too_many_attempts` when there were too
    /// many tries for this address from this network; `user.suspended` and `user.user_not_exist`,
    /// told to who has read the code; `user.terms_not_accepted`, `session.not_found`.
    pub async fn prove_address(&self, request: &CodeSubmission) -> Result<Proved> {
        let visitor = &request.visitor;
        let sign_in = self
            .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
            .await?;
        self.check_address(visitor.address)?;
        let proved = self.take_proof(request).await;
        let user_id = match &proved {
            Ok(Proved::SignedIn(signed_in)) => Some(signed_in.user_id.clone()),
            _ => None,
        };
        self.recorded(&sign_in, request.intent, user_id.as_ref(), proved)
    }

    /// As [`App::prove_address`] in an open sign-in.
    async fn take_proof(&self, request: &CodeSubmission) -> Result<Proved> {
        let visitor = &request.visitor;
        let recipient = parse_typed_address(&request.recipient, request.page_language)?;
        let ways = self.allowed_ways().await?;
        ways.check(request.intent, recipient.channel())?;
        if request.intent == Intent::SignIn {
            let experience = self.sign_in_experience().await?;
            experience.check_sign_in(request.has_agreed)?;
        }
        let keys = attempts::code_keys(&recipient.key(), visitor.address);
        self.reserve_attempt(&keys).await?;
        let presented = Presented {
            request,
            recipient: &recipient,
            ways,
            policy: self.verification_code_policy().await?,
            keys: &keys,
        };
        let decide = || self.settle(async || self.take_proof_code(&presented).await);
        match decide().await {
            // Somebody else has made the account: nothing was committed, and now there is one.
            Err(error) if is_taken(&error) => decide().await,
            proved => proved,
        }
    }

    async fn take_proof_code(&self, presented: &Presented<'_>) -> Result<Outcome<Proved>> {
        let Presented {
            request, recipient, ..
        } = *presented;
        let visitor = &request.visitor;
        let sign_in = self
            .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
            .await?;
        let code = PresentedCode {
            purpose: request.intent.purpose(),
            to: recipient,
            bound_to: sign_in.id.as_str(),
            from: Some(visitor.address),
            code: &request.code,
            policy: presented.policy,
        };
        let taken = self.take_code_in(Batch::new(), code).await?;
        if let Err(error) = taken.answer {
            return Ok(Outcome::commit_and_fail(taken.batch, error));
        }
        let batch = sign_in_attempts::clear(taken.batch, presented.keys);
        let user = users::find(&self.db, &recipient.identifier()).await?;
        let decided = decide_after_proof(request.intent, recipient, user.as_ref(), &presented.ways);
        match decided {
            Ok(AfterProof::SignIn(user)) => {
                self.sign_in_proved(batch, presented, &sign_in, user).await
            }
            Ok(AfterProof::CreateAccount) => self.create_proved(batch, presented, &sign_in).await,
            Ok(AfterProof::AskForAccount) => {
                let batch = self.keep_proof(batch, presented, &sign_in);
                Ok(Outcome::commit(batch, Proved::AskForAccount))
            }
            Ok(AfterProof::AskForPassword) => {
                let batch = self.keep_proof(batch, presented, &sign_in);
                Ok(Outcome::commit(batch, Proved::AskForPassword))
            }
            Err(code) => Ok(Outcome::commit_and_fail(batch, code.into())),
        }
    }

    fn keep_proof(&self, batch: Batch, presented: &Presented<'_>, sign_in: &SignIn) -> Batch {
        let proof = AddressProof {
            intent: presented.request.intent,
            recipient: presented.recipient.clone(),
            proved_at: Some(self.now()),
        };
        sign_ins::set_proof(batch, &sign_in.id, &proof)
    }

    async fn sign_in_proved(
        &self,
        batch: Batch,
        presented: &Presented<'_>,
        sign_in: &SignIn,
        user: &User,
    ) -> Result<Outcome<Proved>> {
        // Also lets passwords be tried again whom too many failures kept out.
        let batch = attempts::release(batch, user);
        let browser = presented.request.visitor.browser();
        let method = presented.recipient.channel().into();
        let (batch, signed_in) = self
            .begin_session(batch, sign_in, user, method, &browser, self.now())
            .await?;
        Ok(Outcome::commit(batch, Proved::SignedIn(signed_in)))
    }

    async fn create_proved(
        &self,
        batch: Batch,
        presented: &Presented<'_>,
        sign_in: &SignIn,
    ) -> Result<Outcome<Proved>> {
        let request = presented.request;
        let new = self.new_account(presented.recipient, None, request.page_language)?;
        let (batch, signed_in) = self
            .insert_account(batch, &new, presented.recipient, sign_in, &request.visitor)
            .await?;
        Ok(Outcome::commit(batch, Proved::SignedIn(signed_in)))
    }
}

/// Was an account with this address made meanwhile?
pub(super) fn is_taken(error: &Error) -> bool {
    matches!(error.code(), ErrorCode::EmailInUse | ErrorCode::PhoneInUse)
}

impl From<Channel> for AuthenticationMethod {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Email => Self::Email,
            Channel::Sms => Self::Sms,
        }
    }
}
