//! Another password for a person who has proved a verified address.

use meibo_domain::{
    Error, ErrorCode, Result,
    ids::UserId,
    password::PasswordAlgorithm,
    sign_in::{AddressProof, Intent, SignIn},
    user::User,
};
use meibo_store::{db::Batch, sign_ins, users};
use serde_json::json;

use super::{Visitor, attempts};
use crate::{App, audit::Audited, outcome::Outcome};

/// What was posted.
pub struct PasswordReset {
    /// Who posted it.
    pub visitor: Visitor,
    /// The password that the person chose; the policy is applied.
    pub password: String,
}

impl App {
    /// Sets another password for the person whose address was proved in this sign-in. Sessions and
    /// grants end, for whoever knew the old one may have them; failed sign-ins are forgotten. Nobody
    /// is signed in by it.
    ///
    /// # Errors
    /// `verification_code.expired` and `.not_found` when there is no such proof (any longer);
    /// `password.rejected`; `user.user_not_exist`, `user.suspended`,
    /// `user.sign_in_method_not_enabled`, `session.not_found`, `request.too_many`.
    pub async fn reset_password(&self, request: &PasswordReset) -> Result<()> {
        let visitor = &request.visitor;
        let sign_in = self
            .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
            .await?;
        self.check_address(visitor.address)?;
        let mut user_id = None;
        let done = self.replace_password(request, &sign_in, &mut user_id).await;
        self.recorded(&sign_in, Intent::ForgotPassword, user_id.as_ref(), done)
    }

    /// As [`App::reset_password`] in an open sign-in. `user_id` becomes whose address it is, for the
    /// record.
    async fn replace_password(
        &self,
        request: &PasswordReset,
        sign_in: &SignIn,
        user_id: &mut Option<UserId>,
    ) -> Result<()> {
        let visitor = &request.visitor;
        let (proof, user) = self.person_of_proof(sign_in).await?;
        *user_id = Some(user.id.clone());
        self.allowed_ways()
            .await?
            .check(Intent::ForgotPassword, proof.recipient.channel())?;
        self.password_policy()
            .await?
            .require(&request.password, &user.personal_words())?;
        let digest = self.hash_password(&request.password).await?;
        self.settle(async || {
            let sign_in = self
                .open_sign_in(&visitor.sign_in_id, &visitor.cookies)
                .await?;
            let (proof, user) = self.person_of_proof(&sign_in).await?;
            let now = self.now();
            let user = user.with_password(digest.clone(), PasswordAlgorithm::Argon2id, now);
            let batch = users::update(Batch::new(), &user);
            let batch = sign_ins::take_proof(batch, &sign_in.id, &proof);
            let batch = self.end_everything_in(batch, &user.id).await?;
            let batch = attempts::release(batch, &user);
            let audited = Audited {
                action: "User.PasswordSet",
                target_type: "user",
                target_id: user.id.as_str(),
                detail: json!({
                    "by": "forgotten password",
                    "verified": proof.recipient.channel().as_str(),
                }),
            };
            let batch = self.audit(batch, &visitor.acting_as(&user.id), now, audited);
            Ok(Outcome::commit(batch, ()))
        })
        .await
    }

    /// The proved address of a sign-in, and the person whom it names now.
    async fn person_of_proof(&self, sign_in: &SignIn) -> Result<(AddressProof, User)> {
        let proof = self.proof_of(sign_in, &[Intent::ForgotPassword])?;
        let user = users::find(&self.db, &proof.recipient.identifier())
            .await?
            .ok_or(ErrorCode::UserNotExist)?;
        if user.is_suspended {
            return Err(Error::new(ErrorCode::UserSuspended));
        }
        Ok((proof, user))
    }
}
