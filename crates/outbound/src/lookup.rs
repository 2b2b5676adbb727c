//! Looking names up.

use std::{
    io,
    net::{IpAddr, ToSocketAddrs as _},
    sync::Arc,
};

use futures_util::future::{BoxFuture, FutureExt as _};
use tokio::sync::Semaphore;

/// Gives the addresses of a host name.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// Look-ups under way at once. A name server that does not answer holds a thread for longer than its
/// call lasts, so calls alone do not bound them.
const MAX_LOOKUPS: usize = 32;

/// The operating system's look-up, hosts file included.
#[must_use]
pub fn system_lookup() -> Lookup {
    let places = Arc::new(Semaphore::new(MAX_LOOKUPS));
    Arc::new(move |host| {
        let places = Arc::clone(&places);
        async move {
            let place = places
                .try_acquire_owned()
                .map_err(|_| io::Error::other("too many look-ups are under way"))?;
            let found = tokio::task::spawn_blocking(move || {
                let found = addresses(&host);
                drop(place);
                found
            });
            found.await.map_err(io::Error::other)?
        }
        .boxed()
    })
}

#[allow(
    clippy::disallowed_methods,
    reason = "this is the guarded client: names are looked up here"
)]
fn addresses(host: &str) -> io::Result<Vec<IpAddr>> {
    let found = (host, 0).to_socket_addrs()?;
    Ok(found.map(|address| address.ip()).collect())
}
