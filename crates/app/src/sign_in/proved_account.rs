//! Making an account with a proved address.

use meibo_domain::{
    Error, ErrorCode, Result,
    ids::UserId,
    password::PasswordAlgorithm,
    profile::Profile,
    recipient::Recipient,
    sign_in::{AddressProof, Intent, SignIn},
    user::{NewUser, User},
};
use meibo_store::{db::Batch, sign_ins, users};
use serde_json::json;

use super::{SignedIn, Visitor, attempts, prove_address::is_taken};
use crate::{App, audit::Audited, outcome::Outcome};

/// What was posted.
pub struct ProvedRegistration {
    /// Who posted it.
    pub visitor: Visitor,
    /// The password that the person chose; looked at when accounts have one. The policy is applied.
    pub password: String,
    /// Did the person say that they agree to the terms?
    pub has_agreed: bool,
    /// The page's language (BCP 47), which the account keeps.
    pub page_language: &'static str,
}

impl App {
    /// Makes an account with the address that was proved in this sign-in, and signs its person in.
    ///
    /// # Errors
    /// `verification_code.expired` and `.not_found` when there is no such proof (any longer);
    /// `password.rejected`; `user.terms_not_accepted`, `user.sign_in_method_not_enabled`, `user.suspended`,
    /// `session.not_found`, `request.too_many`.
    pub async fn register_proved(&self, request: &ProvedRegistration) -> Result<SignedIn> {
        let visitor = &request.visitor;
        let sign_in = self
            .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
            .await?;
        self.check_address(visitor.address)?;
        let made = self.make_proved_account(request, &sign_in).await;
        let user_id = made.as_ref().ok().map(|made| made.user_id.clone());
        self.recorded(&sign_in, Intent::Register, user_id.as_ref(), made)
    }

    /// As [`App::register_proved`] in an open sign-in.
    async fn make_proved_account(
        &self,
        request: &ProvedRegistration,
        sign_in: &SignIn,
    ) -> Result<SignedIn> {
        let visitor = &request.visitor;
        let proof = self.proof_for_account(sign_in)?;
        let ways = self.allowed_ways().await?;
        ways.check(Intent::Register, proof.recipient.channel())?;
        if ways.register_agreement && !request.has_agreed {
            return Err(ErrorCode::TermsNotAccepted.into());
        }
        let digest = if ways.register_password {
            let words = personal_word(&proof.recipient);
            self.password_policy()
                .await?
                .require(&request.password, &[&words])?;
            Some(self.hash_password(&request.password).await?)
        } else {
            None
        };
        let user = self.new_account(&proof.recipient, digest, request.page_language)?;
        let decide = || {
            self.settle(async || {
                let sign_in = self
                    .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
                    .await?;
                let proof = self.proof_for_account(&sign_in)?;
                let batch = sign_ins::take_proof(Batch::new(), &sign_in.id, &proof);
                let identifier = proof.recipient.identifier();
                let (batch, signed_in) = match users::find(&self.db, &identifier).await? {
                    Some(known) if known.is_suspended => {
                        return Err(Error::new(ErrorCode::UserSuspended));
                    }
                    // It was made meanwhile; the proof is good for that one too.
                    Some(known) => {
                        let channel = proof.recipient.channel();
                        self.allowed_ways().await?.check(Intent::SignIn, channel)?;
                        let batch = attempts::release(batch, &known);
                        let method = proof.recipient.channel().into();
                        let browser = visitor.browser();
                        self.begin_session(batch, &sign_in, &known, method, &browser, self.now())
                            .await?
                    }
                    None => {
                        self.insert_account(batch, &user, &proof.recipient, &sign_in, visitor)
                            .await?
                    }
                };
                Ok(Outcome::commit(batch, signed_in))
            })
        };
        match decide().await {
            Err(error) if is_taken(&error) => decide().await,
            made => made,
        }
    }

    /// The proved address of a sign-in, if it may make an account.
    fn proof_for_account(&self, sign_in: &SignIn) -> Result<AddressProof> {
        self.proof_of(sign_in, &[Intent::SignIn, Intent::Register])
    }

    /// The address that was proved in a sign-in for one of `intents`.
    ///
    /// # Errors
    /// `verification_code.not_found`; `verification_code.expired` when it was too long ago.
    pub(super) fn proof_of(&self, sign_in: &SignIn, intents: &[Intent]) -> Result<AddressProof> {
        let proof = sign_in
            .proof
            .as_ref()
            .filter(|proof| intents.contains(&proof.intent) && proof.proved_at.is_some())
            .ok_or(ErrorCode::VerificationCodeNotFound)?;
        if !proof.is_proved(self.now()) {
            return Err(ErrorCode::VerificationCodeExpired.into());
        }
        Ok(proof.clone())
    }

    /// An account with a proved address.
    pub(super) fn new_account(
        &self,
        recipient: &Recipient,
        password_digest: Option<String>,
        language: &str,
    ) -> Result<User> {
        let (primary_email, primary_phone) = match recipient.clone() {
            Recipient::Email(email) => (Some(email), None),
            Recipient::Phone(phone) => (None, Some(phone)),
        };
        let new = NewUser {
            primary_email,
            primary_phone,
            profile: Profile {
                locale: Some(language.to_owned()),
                ..Profile::default()
            },
            ..NewUser::default()
        };
        let now = self.now();
        let login_id = uuid::Builder::from_random_bytes(self.entropy.uuid_v4()).into_uuid();
        let user = new.create(UserId::parse(self.new_user_id())?, login_id, now)?;
        Ok(match password_digest {
            Some(digest) => user.with_password(digest, PasswordAlgorithm::Argon2id, now),
            None => user,
        })
    }

    /// The account and its first session.
    pub(super) async fn insert_account(
        &self,
        batch: Batch,
        user: &User,
        recipient: &Recipient,
        sign_in: &SignIn,
        visitor: &Visitor,
    ) -> Result<(Batch, SignedIn)> {
        let now = self.now();
        let channel = recipient.channel();
        let batch = users::insert(batch, user);
        let audited = Audited {
            action: "User.Created",
            target_type: "user",
            target_id: user.id.as_str(),
            detail: json!({"by": "registration", "verified": channel.as_str()}),
        };
        let batch = self.audit(batch, &visitor.acting_as(&user.id), now, audited);
        let browser = visitor.browser();
        self.begin_session(batch, sign_in, user, channel.into(), &browser, now)
            .await
    }
}

/// What a password must not be made of.
pub(super) fn personal_word(recipient: &Recipient) -> String {
    match recipient {
        Recipient::Email(email) => email.as_str().to_owned(),
        Recipient::Phone(phone) => phone.digits().to_owned(),
    }
}
