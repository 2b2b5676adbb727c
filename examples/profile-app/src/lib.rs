//! An application with its own profile page, as a customer of the identity server would build it.
//!
//! Its front end signs people in and fills a form from the identity server and from its own database;
//! its back end protects its own API with access tokens, verifies new addresses, and saves to both:
//! to the identity server through the Management API as a machine, to its own SQLite file by itself.
//! Who calls whom:
//!
//! ```text
//! browser ── GET /profile ─────────────▶ profile_page ──▶ ID token, userinfo or GET /api/users/{id}
//!         ── POST /profile/email/code ─▶ code_page ─▶ back_end ──▶ POST /api/verification-codes
//!         ── POST /profile/email/verify▶ code_page ─▶ back_end ──▶ POST /api/verification-codes/verify
//!         ── POST /profile ────────────▶ profile_page ▶ back_end ▶ PATCH /api/users/{id}, then business_db
//! client  ── PUT /api/profile ─────────▶ profile_api ─▶ back_end   (the same door, the same check)
//! ```

mod app;
mod back_end;
mod birthdate;
mod business;
mod business_db;
mod channel;
mod code_page;
mod code_problem;
mod config;
mod field;
mod headers;
mod home;
mod inputs;
mod known;
mod language;
mod number;
mod pages;
mod phone;
mod problem;
mod profile;
mod profile_api;
mod profile_form;
mod profile_page;
mod profile_post;
mod profile_view;
mod proofs;
mod random;
mod seal;
mod send_limit;
mod sign_in;
mod source;
mod turns;
mod user_patch;
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
    /// The app's own database cannot be opened.
    #[error("the profile app's `database`: {0}")]
    Database(rusqlite::Error),
    /// The file with the key of the database cannot be used. Without the key that a database was
    /// made with, the numbers in it cannot be read.
    #[error("the key file beside the profile app's `database`: {0}")]
    KeyFile(std::io::Error),
    /// The key of the database is none.
    #[error("the profile app's `database_key` must be 32 bytes in base64url")]
    DatabaseKey,
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
