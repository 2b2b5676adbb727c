//! `meibo serve`: from the settings to the last answered request.

use std::fmt::Write as _;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::{Context as _, Result};
use meibo_app::{App, BackgroundTasks};
use meibo_domain::time::Clock;
use meibo_web::WebConfig;

use super::{Settings, app_config};
use crate::config::{Config, Problem};
use crate::http::{Ended, HttpServer, bind};
use crate::open_files;
use crate::runtime;
use crate::signals::Signals;
use crate::telemetry::{Logging, MetricsSource, serve_metrics};
use crate::terminal::print;

/// Connections of the metrics listener; one scraper needs one.
const METRICS_CONNECTIONS: usize = 16;

pub(crate) fn run(settings: &Settings) -> Result<()> {
    let config = settings.for_server()?;
    let logging = Logging::start(&config.log)?;
    runtime::start(true)?.block_on(serve(config, &logging))
}

async fn serve(config: Config, logging: &Logging) -> Result<()> {
    let mut signals = Signals::catch()?;
    let server = Running::start(config, logging).await?;
    print(&server.describe())?;
    if let Some(link) = server.setup_link().await {
        print(&format!(
            "\nNobody administers this server yet. This link makes the first administrator; it works once, and until \
             the next start:\n  {link}\n"
        ))?;
    }
    let signal = signals.next().await;
    tracing::info!(signal, "stopping");
    server.stop(&mut signals).await;
    Ok(())
}

/// A server that answers requests.
pub(super) struct Running {
    pub(super) app: App,
    background: BackgroundTasks,
    server: HttpServer,
    metrics: Option<HttpServer>,
    shutdown_timeout: Duration,
    /// For [`Running::describe`].
    database: String,
    listening: Vec<SocketAddr>,
    measured_at: Vec<SocketAddr>,
}

impl Running {
    /// Binds first, so that nothing is touched when a port is taken; then opens the application and serves it.
    pub(super) async fn start(config: Config, logging: &Logging) -> Result<Self> {
        let listeners = bind(&config.listen).context("--listen")?;
        let metrics_listeners = bind(&config.metrics_listen).context("--metrics-listen")?;
        let listening = addresses(&listeners)?;
        let measured_at = addresses(&metrics_listeners)?;
        for Problem { name, reason } in &config.warnings {
            tracing::warn!(setting = name, "{reason}");
        }
        // before anything takes hold of a counter: one taken earlier counts into nothing
        let metrics = match metrics_listeners.as_slice() {
            [] => None,
            _ => Some(MetricsSource::install(
                Clock::System.now(),
                logging.dropped_lines(),
            )?),
        };
        config
            .make_data_dir()
            .with_context(|| format!("--data-dir: {}", config.data_dir.display()))?;
        let max_connections = open_files::make_room(config.max_connections);
        if max_connections < config.max_connections {
            let wanted = config.max_connections;
            tracing::warn!(
                wanted,
                max_connections,
                "fewer connections than --max-connections: the limit of open files (ulimit -Hn) is too low"
            );
        }
        let port = listening.first().map_or(0, SocketAddr::port);
        let web = WebConfig {
            trusted_proxies: config.trusted_proxies.clone(),
            public_url: config.public_url(port)?,
        };
        let database = config.database.to_string();
        let shutdown_timeout = config.shutdown_timeout;
        let hash_threads = config.hash_threads;
        let public_url = web.public_url.clone();
        let app = App::open(app_config(config, public_url, hash_threads)).await?;
        let background = app.start_background();
        let server = HttpServer::start(
            listeners,
            &meibo_web::router(app.clone(), web),
            max_connections,
        )?;
        let metrics = metrics
            .map(|source| {
                let router = serve_metrics(source);
                HttpServer::start(metrics_listeners, &router, METRICS_CONNECTIONS)
            })
            .transpose()?;
        Ok(Self {
            app,
            background,
            server,
            metrics,
            shutdown_timeout,
            database,
            listening,
            measured_at,
        })
    }

    /// What runs where, in a few lines.
    fn describe(&self) -> String {
        let mut text = format!("Meibo {}\n", env!("CARGO_PKG_VERSION"));
        let url = self.app.public_url().as_str();
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "  {name:<10} {value}");
        };
        line("open", url.trim_end_matches('/'));
        line("listening", &join(&self.listening));
        line("database", &self.database);
        if !self.measured_at.is_empty() {
            line(
                "metrics",
                &format!("{} at /metrics", join(&self.measured_at)),
            );
        }
        text
    }

    /// A link that makes the first administrator, while there is none. A database that cannot be written now does not
    /// stop the start.
    pub(super) async fn setup_link(&self) -> Option<String> {
        match self.app.issue_setup_link().await {
            Ok(link) => link,
            Err(error) => {
                tracing::warn!(%error, "no link for the first administrator can be made; start again for one");
                None
            }
        }
    }

    /// Lets requests end, writes what is buffered, closes the database. The next signal cuts off requests, the one
    /// after it everything.
    pub(super) async fn stop(self, signals: &mut Signals) {
        let hurry = async {
            let signal = signals.next().await;
            tracing::warn!(signal, "stopping at once");
        };
        match self.server.stop(self.shutdown_timeout, hurry).await {
            Ended::Complete => {}
            ended => tracing::warn!(?ended, "requests were cut off"),
        }
        if let Some(metrics) = self.metrics {
            metrics.stop(Duration::ZERO, std::future::pending()).await;
        }
        drop(self.background);
        tokio::select! {
            () = self.app.close() => tracing::info!("stopped"),
            signal = signals.next() => tracing::warn!(signal, "stopped before everything was written"),
        }
    }
}

fn addresses(listeners: &[TcpListener]) -> io::Result<Vec<SocketAddr>> {
    listeners.iter().map(TcpListener::local_addr).collect()
}

fn join(addresses: &[SocketAddr]) -> String {
    let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    addresses.join(", ")
}
