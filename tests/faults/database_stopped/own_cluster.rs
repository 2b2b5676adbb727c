//! A PostgreSQL cluster that a test may stop: its own, for the run's is shared.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio_postgres::NoTls;

use crate::support::process::{free_port, until};

/// A cluster with one superuser, `postgres`, who needs no password. Dropping it ends it.
pub(super) struct OwnCluster {
    /// Of its database `postgres`.
    pub(super) url: String,
    port: u16,
    bin: PathBuf,
    server: Option<Child>,
    folder: TempDir,
}

impl OwnCluster {
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").unwrap();
        if is_root() {
            run(Command::new("chown")
                .arg("postgres:postgres")
                .arg(folder.path()));
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres-bin");
        let bin = Command::new(script).output().unwrap();
        assert!(
            bin.status.success(),
            "{}",
            String::from_utf8_lossy(&bin.stderr)
        );
        let port = free_port();
        let mut cluster = Self {
            url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            bin: PathBuf::from(String::from_utf8(bin.stdout).unwrap().trim()),
            server: None,
            port,
            folder,
        };
        let initdb = [
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ];
        run(cluster
            .command("initdb")
            .arg("--pgdata")
            .arg(cluster.data())
            .args(initdb));
        cluster.start_again().await;
        cluster
    }

    /// Starts the server and waits until it takes connections.
    pub(super) async fn start_again(&mut self) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .unwrap();
        let mut command = self.command("postgres");
        command
            .arg("-D")
            .arg(self.data())
            .args(["-p", &self.port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
        ] {
            command.args(["-c", setting]);
        }
        let child = command
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = self.server.insert(child);
        let (url, log) = (&self.url, self.folder.path().join("server.log"));
        until("PostgreSQL takes connections", async || {
            if let Some(status) = server.try_wait().unwrap() {
                panic!(
                    "PostgreSQL ended with {status}: {}",
                    fs::read_to_string(&log).unwrap()
                );
            }
            tokio_postgres::connect(url, NoTls).await.is_ok()
        })
        .await;
    }

    /// Ends the server and all connections at once, and waits for its end.
    pub(super) fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            // A fast shutdown.
            kill_process(Pid::from_child(&server), Signal::INT).unwrap();
            server.wait().unwrap();
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    /// PostgreSQL refuses to run as root; it ends when this test does, however that ends.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        }
        command
            .args(["--pdeathsig=INT", "--"])
            .arg(self.bin.join(program))
            .current_dir(self.folder.path());
        command
    }
}

impl Drop for OwnCluster {
    fn drop(&mut self) {
        self.stop();
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
