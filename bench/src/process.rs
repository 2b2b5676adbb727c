//! A server as a child process: started on its core, awaited, stopped, and never left behind.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::runtime::Runtime;

use crate::affinity;
use crate::clock;
use crate::http::Connection;
use crate::http::request::Request;

/// How long a server may take to answer its first request.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a server may take to end after SIGTERM.
const STOP_LIMIT: Duration = Duration::from_secs(15);
/// How often is asked whether a server is there, or gone.
const POLL: Duration = Duration::from_millis(1);

/// A running server; killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    name: &'static str,
    child: Child,
    log: PathBuf,
    pub(crate) address: SocketAddr,
    /// From just before exec to the first 200.
    pub(crate) started_in: Duration,
}

impl Server {
    /// Starts `command`, which is to listen on `address`, and waits until `/healthz` answers 200. `core`
    /// is the one core it may use; nothing means all. Its output goes to a file in `directory`.
    ///
    /// # Errors
    /// It cannot be started, ends, or does not answer in time: with the end of its output.
    pub(crate) fn start(
        name: &'static str,
        mut command: Command,
        core: Option<usize>,
        address: SocketAddr,
        directory: &Path,
    ) -> Result<Self> {
        let log = directory.join(format!("{name}.log"));
        let output =
            File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        let start = clock::now();
        let child = match core {
            Some(core) => affinity::on_core(core, || command.spawn())?,
            None => command.spawn(),
        };
        let child = child.with_context(|| {
            format!(
                "cannot start {name}: {}",
                command.get_program().to_string_lossy()
            )
        })?;
        let mut server = Self {
            name,
            child,
            log,
            address,
            started_in: Duration::ZERO,
        };
        let runtime = runtime()?;
        let request = Request::new("GET", address, "/healthz", "127.0.0.1").encode();
        loop {
            let attempt = runtime.block_on(async {
                let mut connection = Connection::open(address).await.ok()?;
                connection
                    .exchange(&request)
                    .await
                    .ok()
                    .map(|answer| (answer.status, answer.describe()))
            });
            match attempt {
                Some((200, _)) => {
                    server.started_in = start.elapsed();
                    return Ok(server);
                }
                _ if server.child.try_wait()?.is_some() => {
                    bail!("{name} ended at once: {}", server.last_words())
                }
                _ if start.elapsed() < START_LIMIT => clock::pause(POLL),
                last => {
                    let last =
                        last.map_or_else(|| "no connection".to_owned(), |(_, answer)| answer);
                    bail!(
                        "{name}: GET /healthz gave no 200 within {} s ({last}): {}",
                        START_LIMIT.as_secs(),
                        server.last_words()
                    )
                }
            }
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks the server to end (SIGTERM) and waits until it has.
    ///
    /// # Errors
    /// It does not end in time; it is killed then.
    pub(crate) fn stop(mut self) -> Result<()> {
        if let Some(pid) = i32::try_from(self.pid()).ok().and_then(Pid::from_raw) {
            kill_process(pid, Signal::TERM)
                .with_context(|| format!("cannot stop {}", self.name))?;
        }
        let start = clock::now();
        while self.child.try_wait()?.is_none() {
            if start.elapsed() > STOP_LIMIT {
                bail!(
                    "{} runs on {} s after SIGTERM: {}",
                    self.name,
                    STOP_LIMIT.as_secs(),
                    self.last_words()
                );
            }
            clock::pause(POLL);
        }
        Ok(())
    }

    /// The end of what the server has written.
    pub(crate) fn last_words(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(
            log.get(log.len().saturating_sub(2_000)..)
                .unwrap_or_default(),
        )
        .into_owned();
        if text.trim().is_empty() {
            "it wrote nothing".to_owned()
        } else {
            format!("it wrote:\n{}", text.trim_end())
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when the child is gone, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A loopback address that was free a moment ago.
///
/// # Errors
/// No port is free.
pub(crate) fn free_address() -> Result<SocketAddr> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?)
}

/// A runtime on the calling thread alone, so that it keeps to that thread's cores.
///
/// # Errors
/// The kernel refuses.
pub(crate) fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start a runtime")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_server_that_ends_is_reported_with_its_words() {
        let directory = tempfile::tempdir().unwrap();
        let command = shell("echo unknown setting: --colour >&2; exit 3");
        let address = free_address().unwrap();
        let error = Server::start("odd", command, None, address, directory.path()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "odd ended at once: it wrote:\nunknown setting: --colour"
        );
    }

    #[test]
    fn a_program_that_is_missing_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let command = Command::new("/nowhere/meibo");
        let address = free_address().unwrap();
        let error = Server::start("gone", command, None, address, directory.path()).unwrap_err();
        assert!(
            format!("{error:#}").starts_with("cannot start gone: /nowhere/meibo"),
            "{error:#}"
        );
    }
}
