//! The app's own back end: whose profile, read and saved as a machine. Both its doors, the page and
//! `/api/profile`, come through here with the person's access token.

use meibo_sdk::{ApiError, Error, ManagementApi, Provider, User};

use crate::profile::{Field, Problem, Profile};

pub(crate) struct BackEnd {
    provider: Provider,
    api: ManagementApi,
    /// The audience that access tokens for this back end carry.
    resource: String,
}

/// A person whose access token was verified. Only [`BackEnd::authorize`] makes one, so nothing here
/// can be asked about anyone else.
#[derive(Debug)]
pub(crate) struct Person {
    id: String,
}

/// Why the back end did not do it.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// No valid access token of a person for this back end.
    Unauthorized,
    /// Members that cannot be saved; possibly none by name, when the identity server named none.
    Invalid(Vec<(Field, Problem)>),
    /// The person's account is gone.
    Gone,
    /// The identity server is away, or does not take our requests.
    Unavailable,
}

impl BackEnd {
    pub(crate) fn new(provider: Provider, api: ManagementApi, resource: String) -> Self {
        Self {
            provider,
            api,
            resource,
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

    pub(crate) async fn read_profile(&self, person: &Person) -> Result<Profile, Refusal> {
        Ok(self.read_user(person).await?.into())
    }

    pub(crate) async fn save_profile(
        &self,
        person: &Person,
        profile: &Profile,
    ) -> Result<(), Refusal> {
        let problems = profile.problems();
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        let user = self.read_user(person).await?;
        match self.api.patch_user(&person.id, &profile.patch(user)).await {
            Ok(_) => Ok(()),
            Err(Error::Api(error)) if error.status == 404 => Err(Refusal::Gone),
            Err(Error::Api(error)) if matches!(error.status, 400 | 413 | 422) => {
                Err(refused(&error))
            }
            Err(error) => Err(unavailable(&error)),
        }
    }

    async fn read_user(&self, person: &Person) -> Result<User, Refusal> {
        match self.api.get_user(&person.id).await {
            Ok(user) => Ok(user),
            Err(Error::Api(error)) if error.status == 404 => Err(Refusal::Gone),
            Err(error) => Err(unavailable(&error)),
        }
    }
}

fn refused(error: &ApiError) -> Refusal {
    tracing::info!(code = error.code, "profile refused by the identity server");
    let fields = error.key_paths().filter_map(Field::from_key_path);
    Refusal::Invalid(fields.map(|field| (field, Problem::Refused)).collect())
}

fn unavailable(error: &Error) -> Refusal {
    tracing::warn!(error = error as &dyn std::error::Error, "identity server");
    Refusal::Unavailable
}
