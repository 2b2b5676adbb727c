//! An application with its own profile page, as a customer of the identity server would build it.
//!
//! Its front end signs people in and fills a form from the ID token and userinfo; its back end
//! protects its own API with access tokens and saves through the Management API as a machine.
//! Who calls whom:
//!
//! ```text
//! browser ── GET /profile ──▶ profile_page ──▶ ID token, userinfo (as the person)
//!         ── POST /profile ─▶ profile_page ──▶ back_end ──▶ PATCH /api/users/{id} (as a machine)
//! client  ── PUT /api/profile ▶ profile_api ─▶ back_end      (the same door, the same check)
//! ```

mod app;
mod back_end;
mod birthdate;
mod config;
mod headers;
mod home;
mod language;
mod pages;
mod profile;
mod profile_api;
mod profile_page;
mod random;
mod sign_in;
mod visits;
mod words;

use tokio::net::TcpListener;

pub use crate::config::ProfileAppConfig;

/// Why the app did not start, or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// A setting cannot work; the source names it.
    #[error("the profile app's settings: {0}")]
    Settings(#[from] meibo_sdk::Error),
    /// The public URL cannot work.
    #[error("the profile app's `public_url` must be an http or https address without a path")]
    PublicUrl,
    /// The listener failed.
    #[error("the profile app's listener: {0}")]
    Listener(#[from] std::io::Error),
}

/// Serves the app on `listener` until `shutdown` is ready and the requests under way are answered.
/// The identity server need not be up yet.
///
/// # Errors
/// At once for settings that cannot work, later when the listener fails.
pub async fn serve(
    config: ProfileAppConfig,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let app = app::App::new(&config)?;
    axum::serve(listener, app::router(app))
        .with_graceful_shutdown(shutdown)
        .await?;
    Ok(())
}
