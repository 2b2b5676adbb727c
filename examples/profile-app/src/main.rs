//! The profile app by itself: settings from `PROFILE_APP_*`, until Ctrl-C or SIGTERM.

use std::error::Error;

use profile_app::ProfileAppConfig;
use tokio::net::TcpListener;
use tokio::signal::ctrl_c;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    let config = ProfileAppConfig {
        public_url: setting("PUBLIC_URL", Some("http://localhost:4000"))?,
        endpoint: setting("ENDPOINT", Some("http://localhost:3001"))?,
        app_id: setting("APP_ID", None)?,
        app_secret: setting("APP_SECRET", None)?,
        machine_id: setting("MACHINE_ID", None)?,
        machine_secret: setting("MACHINE_SECRET", None)?,
        api_resource: setting("API_RESOURCE", None)?,
        management_resource: setting(
            "MANAGEMENT_RESOURCE",
            Some(ProfileAppConfig::MANAGEMENT_RESOURCE),
        )?,
        database: setting("DATABASE", Some("profile-app.sqlite"))?.into(),
        database_key: Some(setting("DATABASE_KEY", Some(""))?).filter(|key| !key.is_empty()),
    };
    let listener = TcpListener::bind(setting("LISTEN", Some("127.0.0.1:4000"))?).await?;
    tracing::info!(open = config.public_url, "ready");
    let mut terminated = signal(SignalKind::terminate())?;
    profile_app::serve(config, listener, async move {
        tokio::select! {
            _ = ctrl_c() => {}
            _ = terminated.recv() => {}
        }
    })
    .await?;
    Ok(())
}

/// The value of `PROFILE_APP_<name>`, or the default.
#[allow(
    clippy::disallowed_methods,
    reason = "the example's one place that reads the environment"
)]
fn setting(name: &str, default: Option<&str>) -> Result<String, String> {
    let name = format!("PROFILE_APP_{name}");
    match (std::env::var(&name), default) {
        (Ok(value), _) => Ok(value),
        (Err(std::env::VarError::NotPresent), Some(default)) => Ok(default.to_owned()),
        (Err(error), _) => Err(format!("{name}: {error}; see the README of the example")),
    }
}
