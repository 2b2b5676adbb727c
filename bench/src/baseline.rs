//! The servers that Meibo is compared with: axum, and nothing that could be left out.

pub(crate) mod bare;
pub(crate) mod signing;

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

/// Serves `router`, and `GET /healthz` beside it, on `address` until the process ends: a worker for each core that it may use.
///
/// # Errors
/// The address is taken.
pub(crate) fn serve(address: SocketAddr, router: Router) -> Result<()> {
    let router = router.route("/healthz", get(async || ()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}"))?;
        let listener = listener.tap_io(|stream| {
            // A connection that is gone already ends by itself.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router)
            .await
            .context("the server ended")
    })
}
