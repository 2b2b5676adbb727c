//! The app's own back end: whose profile, read from both models and saved to both. Both its doors,
//! the page and `/api/profile`, come through here with the person's access token.

use std::collections::HashMap;
use std::time::Instant;

use meibo_sdk::{ApiError, Error, IdTokenClaims, ManagementApi, Provider, User, VerificationFault};

use crate::business_db::{BusinessDb, DatabaseError};
use crate::channel::Channel;
use crate::field::Field;
use crate::known::Known;
use crate::problem::Problem;
use crate::profile::{Profile, Submission};
use crate::send_limit::SendLimit;
use crate::turns::Turns;
use crate::user_patch::user_patch;

pub(crate) struct BackEnd {
    provider: Provider,
    api: ManagementApi,
    /// The audience that access tokens for this back end carry.
    resource: String,
    database: BusinessDb,
    turns: Turns,
    sends: SendLimit,
}

/// A person known by a verified token: only [`BackEnd::authorize`] and a session's own ID token make
/// one, so nothing here can be asked about anyone else.
#[derive(Debug)]
pub(crate) struct Person {
    id: String,
}

impl Person {
    /// The person of a session, whose ID token was verified when it came.
    pub(crate) fn from_id_token(claims: &IdTokenClaims) -> Self {
        Self {
            id: claims.user.sub.clone(),
        }
    }
}

/// Why the back end did not do it.
pub(crate) enum Refusal {
    /// No valid access token of a person for this back end.
    Unauthorized,
    /// Members that cannot be saved; possibly none by name, when the identity server named none.
    Invalid(Vec<(Field, Problem)>),
    /// The profile was changed since the page that was filled in: here is what it is now.
    Changed(Box<Known>),
    /// The person's account is gone.
    Gone,
    /// The identity server is away, or does not take our requests; nothing was changed.
    Unavailable,
    /// The app's own database failed before anything was changed.
    OwnUnavailable,
    /// The identity server did not say whether it saved its part; ours was not saved. To send the
    /// same again is safe.
    Uncertain,
    /// The identity server saved its part; ours was not. To send the same again is safe.
    HalfSaved,
}

/// Why a code was not sent, or not taken.
pub(crate) enum CodeRefusal {
    /// What the person can be told.
    Fault(VerificationFault),
    /// The identity server does not take this for an address.
    NotAddress,
    /// The identity server is away, or does not take our requests.
    Unavailable,
}

/// The addresses that a visit has shown to be the person's.
pub(crate) type Verified = HashMap<Channel, String>;

impl BackEnd {
    pub(crate) fn new(
        provider: Provider,
        api: ManagementApi,
        resource: String,
        database: BusinessDb,
    ) -> Self {
        Self {
            provider,
            api,
            resource,
            database,
            turns: Turns::default(),
            sends: SendLimit::default(),
        }
    }

    /// Verifies an access token; its `sub` decides whose profile every further call is about.
    pub(crate) async fn authorize(&self, token: &str) -> Result<Person, Refusal> {
        match self
            .provider
            .verify_access_token(token, &self.resource, &[])
            .await
        {
            // A machine has no profile.
            Ok(claims) if claims.is_machine() => Err(Refusal::Unauthorized),
            Ok(claims) => Ok(Person { id: claims.sub }),
            Err(Error::Token(fault)) => {
                tracing::debug!(%fault, "access token refused");
                Err(Refusal::Unauthorized)
            }
            Err(error) => Err(unavailable(&error)),
        }
    }

    /// Both models, the identity server's by `GET /api/users/{id}`.
    pub(crate) async fn read(&self, person: &Person) -> Result<Known, Refusal> {
        let user = self.read_user(person).await?;
        self.combine(person, Profile::from(&user)).await
    }

    /// Both models, the identity server's from claims that were read with the person's own tokens.
    pub(crate) async fn combine(
        &self,
        person: &Person,
        identity: Profile,
    ) -> Result<Known, Refusal> {
        let business = self.database.read(&person.id).await.map_err(own_failed)?;
        Ok(Known::new(identity, business))
    }

    /// Saves what differs: first at the identity server, which may refuse, then in the app's own
    /// database. A changed email or phone must be among `verified`.
    pub(crate) async fn save(
        &self,
        person: &Person,
        submission: &Submission,
        verified: &Verified,
    ) -> Result<(), Refusal> {
        let problems = submission.profile.problems();
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        let _turn = self.turns.take(&person.id).await;
        let user = self.read_user(person).await?;
        let known = self.combine(person, Profile::from(&user)).await?;
        let business = self
            .database
            .changed(&person.id, &known.business, submission)
            .map_err(own_failed)?;
        if known.is_undone_by(submission, business.is_some()) {
            return Err(Refusal::Changed(Box::new(known)));
        }
        let wanted = &submission.profile;
        let unverified = Channel::ALL.into_iter().filter(|channel| {
            let address = wanted.get(channel.field());
            !address.is_empty()
                && address != known.profile.get(channel.field())
                && verified.get(channel).map(String::as_str) != Some(address)
        });
        let unverified: Vec<_> = unverified
            .map(|channel| (channel.field(), Problem::NotVerified))
            .collect();
        if !unverified.is_empty() {
            return Err(Refusal::Invalid(unverified));
        }
        let patch = user_patch(&user, wanted);
        if let Some(patch) = &patch {
            let answer = self.api.patch_user(&person.id, patch).await;
            answer.map_err(|error| not_patched(&error))?;
        }
        if let Some(business) = business {
            let saved = self.database.save(&person.id, business).await;
            saved.map_err(|error| match (own_failed(error), &patch) {
                (_, Some(_)) => Refusal::HalfSaved,
                (refusal, None) => refusal,
            })?;
        }
        Ok(())
    }

    /// Sends a code to an address that the person says is theirs.
    pub(crate) async fn send_code(
        &self,
        person: &Person,
        channel: Channel,
        address: &str,
        now: Instant,
    ) -> Result<(), CodeRefusal> {
        if !self.sends.allows(&person.id, now) {
            return Err(CodeRefusal::Fault(VerificationFault::TooManyMessages));
        }
        let codes = self.api.verification_codes();
        codes
            .send(&channel.recipient(address))
            .await
            .map_err(|error| code_refused(&error))
    }

    /// Compares what was typed with the code that was sent.
    pub(crate) async fn check_code(
        &self,
        channel: Channel,
        address: &str,
        code: &str,
    ) -> Result<(), CodeRefusal> {
        let codes = self.api.verification_codes();
        codes
            .verify(&channel.recipient(address), code)
            .await
            .map_err(|error| code_refused(&error))
    }

    async fn read_user(&self, person: &Person) -> Result<User, Refusal> {
        match self.api.get_user(&person.id).await {
            Ok(user) => Ok(user),
            Err(Error::Api(error)) if error.status == 404 => Err(Refusal::Gone),
            Err(error) => Err(unavailable(&error)),
        }
    }
}

/// What a failed PATCH means for the person.
fn not_patched(error: &Error) -> Refusal {
    match error {
        Error::Api(error) if error.status == 404 => Refusal::Gone,
        Error::Api(error) if matches!(error.status, 400 | 413 | 422) => refused(error),
        // Said before anything was done.
        Error::Api(error) if error.status < 500 || error.status == 503 => {
            tracing::warn!(code = error.code, "identity server");
            Refusal::Unavailable
        }
        Error::Unreachable { source, .. } if source.is_connect() => unavailable(error),
        error => {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "identity server, while it saved"
            );
            Refusal::Uncertain
        }
    }
}

fn refused(error: &ApiError) -> Refusal {
    tracing::info!(code = error.code, "profile refused by the identity server");
    Refusal::Invalid(match error.code.as_str() {
        "user.email_already_in_use" => vec![(Field::Email, Problem::Taken)],
        "user.phone_already_in_use" => vec![(Field::Phone, Problem::Taken)],
        "user.invalid_email" => vec![(Field::Email, Problem::NotEmail)],
        "user.invalid_phone" => vec![(Field::Phone, Problem::NotPhone)],
        _ => error
            .key_paths()
            .filter_map(Field::from_key_path)
            .map(|field| (field, Problem::Refused))
            .collect(),
    })
}

fn unavailable(error: &Error) -> Refusal {
    tracing::warn!(error = error as &dyn std::error::Error, "identity server");
    Refusal::Unavailable
}

#[allow(clippy::needless_pass_by_value, reason = "it stands behind `map_err`")]
fn own_failed(error: DatabaseError) -> Refusal {
    tracing::error!(
        error = &error as &dyn std::error::Error,
        "the app's own database"
    );
    Refusal::OwnUnavailable
}

fn code_refused(error: &Error) -> CodeRefusal {
    tracing::info!(error = error as &dyn std::error::Error, "verification code");
    match (error.verification_fault(), error) {
        (Some(fault), _) => CodeRefusal::Fault(fault),
        (None, Error::Api(error)) if matches!(error.status, 400 | 422) => CodeRefusal::NotAddress,
        _ => CodeRefusal::Unavailable,
    }
}
