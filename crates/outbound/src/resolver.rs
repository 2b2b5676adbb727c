//! The resolver of the HTTP client: the addresses it gives are the ones that are connected to, so what
//! is checked here cannot change before the connection is made (DNS rebinding).

use std::{net::SocketAddr, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{Lookup, OutboundAllow, OutboundError};

pub(crate) struct GuardedResolver {
    pub(crate) lookup: Lookup,
    pub(crate) allow: Arc<OutboundAllow>,
}

impl Resolve for GuardedResolver {
    /// One address that may not be called refuses the name: a name that points inside and outside at
    /// once is an attack or a mistake.
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let allow = Arc::clone(&self.allow);
        let looking = (self.lookup)(host.clone());
        Box::pin(async move {
            let unknown = |reason: String| OutboundError::Resolve {
                host: host.clone(),
                reason,
            };
            let found = looking.await.map_err(|error| unknown(error.to_string()))?;
            if found.is_empty() {
                return Err(unknown("it has no address".to_owned()).into());
            }
            for address in &found {
                allow.check(&host, *address)?;
            }
            // Port 0 stands for the URL's.
            let addresses = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}
