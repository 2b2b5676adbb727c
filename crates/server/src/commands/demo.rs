//! `meibo demo`: a server, an example application and a person to sign in with, all in one process.

mod directory;
mod register;
mod welcome;

use std::net::TcpListener;

use anyhow::{Context as _, Result};
use clap::Args;
use profile_app::ProfileAppConfig;
use tokio::sync::oneshot;

use self::directory::DemoDirectory;
use self::register::Addresses;
use self::welcome::Welcome;
use super::Settings;
use super::serve::Running;
use crate::config::{Config, ListenAddress};
use crate::http::bind;
use crate::runtime;
use crate::signals::Signals;
use crate::telemetry::Logging;
use crate::terminal::print;

/// What `demo` takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where the server listens.
    #[arg(long, value_name = "HOST:PORT", default_value = "localhost:3001", value_parser = address)]
    listen: ListenAddress,
    /// Where the example application listens.
    #[arg(long, value_name = "HOST:PORT", default_value = "localhost:3002", value_parser = address)]
    profile_app_listen: ListenAddress,
    /// Forget what earlier demos have made, and nothing else.
    #[arg(long)]
    fresh: bool,
}

fn address(text: &str) -> Result<ListenAddress, String> {
    // clap has quoted the text already
    ListenAddress::parse(text).map_err(|reason| format!("it {reason}"))
}

pub(crate) fn run(settings: &Settings, arguments: &Arguments) -> Result<()> {
    let config = settings.for_demo(arguments.listen)?;
    let logging = Logging::start(&config.log)?;
    runtime::start(true)?.block_on(demo(config, arguments, &logging))
}

async fn demo(config: Config, arguments: &Arguments, logging: &Logging) -> Result<()> {
    let mut signals = Signals::catch()?;
    // both ports before anything is touched
    let profile_app = bind_one(arguments.profile_app_listen)
        .context("the example application; choose another port with --profile-app-listen")?;
    drop(bind(&config.listen).context("the server; choose another port with --listen")?);
    let directory = DemoDirectory::open(&config.data_dir)?;
    if arguments.fresh {
        directory.empty()?;
    }
    let server = Running::start(config, logging).await?;
    let addresses = Addresses::new(server.app.public_url(), profile_app.local_addr()?.port())?;
    let demo = register::fill(&server.app, &addresses).await?;
    let (stop, stopped) = oneshot::channel::<()>();
    let config = ProfileAppConfig {
        public_url: addresses.profile_app.clone(),
        endpoint: addresses.server.clone(),
        app_id: register::PROFILE_APP.to_owned(),
        app_secret: demo.app_secret.clone(),
        machine_id: register::BACK_END.to_owned(),
        machine_secret: demo.machine_secret.clone(),
        api_resource: addresses.api.clone(),
        management_resource: ProfileAppConfig::MANAGEMENT_RESOURCE.to_owned(),
        database: directory.path().join(directory::PROFILE_APP_DATABASE),
        database_key: None,
    };
    let listener = tokio::net::TcpListener::from_std(profile_app)?;
    let mut profile_app = tokio::spawn(profile_app::serve(config, listener, async {
        // an error says that the sender is gone, which is the end as well
        let _ = stopped.await;
    }));
    let setup_link = server.setup_link().await;
    let welcome = Welcome {
        directory: directory.path(),
        addresses: &addresses,
        demo: &demo,
        setup_link: setup_link.as_deref(),
    };
    print(&welcome.to_string())?;
    let early = tokio::select! {
        _ = signals.next() => None,
        ended = &mut profile_app => Some(ended),
    };
    let result = match early {
        Some(ended) => ended?.context("the example application ended"),
        None => {
            // it cannot be asked to end when it has ended
            let _ = stop.send(());
            Ok(())
        }
    };
    server.stop(&mut signals).await;
    profile_app.abort();
    result
}

/// The example application takes one listener; on `localhost` that is IPv4, which every browser tries.
fn bind_one(address: ListenAddress) -> Result<TcpListener> {
    let mut listeners = bind(&[address])?;
    listeners.truncate(1);
    listeners.pop().context("nothing to listen on")
}
