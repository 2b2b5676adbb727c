//! Applications as OAuth clients: with their secrets and the scopes that their roles hold, cached.

use std::sync::Arc;

use meibo_crypto::jwt::ForeignKeys;
use meibo_domain::{
    Result,
    application::{Application, ApplicationSecret},
    ids::ApplicationId,
};
use meibo_oauth::client_auth::assertion;
use meibo_store::{
    applications,
    roles::{self, HeldScopes},
};

use crate::{App, cache::Cache};

/// An application and what the token endpoint needs of it.
pub(crate) struct Client {
    pub(crate) application: Application,
    pub(crate) secrets: Vec<ApplicationSecret>,
    pub(crate) held_scopes: HeldScopes,
    /// The public keys that are registered for it; those of a `jwksUri` are kept elsewhere.
    pub(crate) keys: Option<ForeignKeys>,
}

pub(crate) type ClientCache = Cache<ApplicationId, Client>;

impl App {
    /// The client of an id, at most as old as the cache allows.
    pub(crate) async fn client(&self, id: &ApplicationId) -> Result<Option<Arc<Client>>> {
        let load = async {
            let (application, secrets, held_scopes) = futures_util::try_join!(
                applications::get(&self.db, id),
                applications::secrets(&self.db, id),
                roles::scopes_of_application(&self.db, id)
            )?;
            Ok(application.map(|application| Client {
                // They were checked when they were registered.
                keys: assertion::registered_keys(&application).ok().flatten(),
                application,
                secrets,
                held_scopes,
            }))
        };
        self.clients.get(id, self.now(), load).await
    }

    /// The client that a request names by text; ids that cannot exist are nobody's.
    pub(crate) async fn client_by_text(&self, client_id: &str) -> Result<Option<Arc<Client>>> {
        match ApplicationId::parse(client_id) {
            Ok(id) => self.client(&id).await,
            Err(_) => Ok(None),
        }
    }
}
