//! API resources with their scopes, cached: what resource indicators are checked against.

use std::sync::Arc;

use meibo_domain::{Result, scope::ScopeSet};
use meibo_oauth::resource::KnownResource;
use meibo_store::api_resources;

use crate::{App, cache::Cache};

pub(crate) type KnownResourceCache = Cache<(), Vec<KnownResource>>;

impl App {
    /// Every API resource, at most as old as the cache allows.
    pub(crate) async fn known_resources(&self) -> Result<Arc<Vec<KnownResource>>> {
        let load = async {
            let (resources, scopes) = futures_util::try_join!(
                api_resources::list(&self.db),
                api_resources::all_scopes(&self.db)
            )?;
            let scopes_of = |resource: &meibo_domain::resource::ApiResource| -> ScopeSet {
                scopes
                    .iter()
                    .filter(|scope| scope.resource_id == resource.id)
                    .map(|scope| scope.name.clone())
                    .collect()
            };
            let known = resources.into_iter().map(|resource| KnownResource {
                scopes: scopes_of(&resource),
                resource,
            });
            Ok(Some(known.collect()))
        };
        Ok(self
            .known_resources
            .get(&(), self.now(), load)
            .await?
            .unwrap_or_default())
    }
}
