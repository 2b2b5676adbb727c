//! The origins from which browsers may call the token, userinfo and revocation endpoints.

use std::collections::HashSet;

use meibo_domain::Result;
use meibo_store::applications;

use crate::{App, cache::Cache};

pub(crate) type OriginCache = Cache<(), HashSet<String>>;

impl App {
    /// Is `origin` (as the header of this name has it) one of an application's? At most as old as
    /// the cache allows. A preflight names no application, so all of them count.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_registered_origin(&self, origin: &str) -> Result<bool> {
        let load = async {
            let all = applications::list(&self.db, None).await?.items;
            Ok(Some(
                all.iter()
                    .flat_map(|application| application.origins())
                    .collect(),
            ))
        };
        let origins = self.origins.get(&(), self.now(), load).await?;
        Ok(origins.is_some_and(|origins| origins.contains(origin)))
    }

    /// Forgets what is cached of applications, for one has changed.
    pub(crate) fn forget_applications(&self) {
        self.clients.clear();
        self.origins.clear();
    }
}
