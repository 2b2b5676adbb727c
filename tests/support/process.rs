//! The product as it is run: the real binary with real files, sockets and signals.
//!
//! The Makefile names the binary in `MEIBO_BIN`; otherwise it is the one that lies beside this test's own.

mod remote;
mod visitor;

use std::{
    env,
    fs::{self, File},
    hash::{BuildHasher, Hasher, RandomState},
    io::Write,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use super::{
    fixtures::{Client, REDIRECT_URI},
    postgres::{PostgresCluster, TestDatabase},
};

pub(crate) use self::{remote::Remote, visitor::Visitor};

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a condition is looked at that nobody announces.
const PAUSE: Duration = Duration::from_millis(10);

/// The secret key of registers on PostgreSQL, which make none of their own.
pub(crate) const SECRET_KEY: &str = "QSBrZXkgdGhhdCBvbmx5IHRlc3RzIGhhdmUgdXNlZCE=";

/// Waits until a condition holds; panics with `what` when it does not within 30 s.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(PAUSE).await;
        }
    };
    assert!(
        tokio::time::timeout(PATIENCE, waiting).await.is_ok(),
        "waited too long until {what}"
    );
}

/// A port on which nothing listens. Below the range from which the system takes ports of outgoing connections, so
/// that none of those sits on it while a server is down.
pub(crate) fn free_port() -> u16 {
    for _ in 0..100 {
        let random = RandomState::new().build_hasher().finish() % 10_000;
        let port = 10_000 + u16::try_from(random).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port between 10000 and 20000 is free");
}

/// One register and the settings that all its processes share. Clones share everything but settings added later.
#[derive(Clone)]
pub(crate) struct Installation {
    /// Its data directory, not made yet, lies in here beside the output of its processes.
    folder: Arc<TempDir>,
    port: u16,
    flags: Vec<String>,
    variables: Vec<(String, String)>,
    processes: Arc<AtomicUsize>,
    _database: Option<Arc<TestDatabase>>,
}

impl Installation {
    /// A register in a SQLite file of its data directory.
    pub(crate) fn sqlite() -> Self {
        let installation = Self::sqlite_at_default_url();
        let public_url = installation.public_url();
        installation.flag("--public-url", &public_url)
    }

    /// The same without a public URL among its flags.
    pub(crate) fn sqlite_at_default_url() -> Self {
        let folder = Arc::new(tempfile::tempdir_in("/dev/shm").unwrap());
        let installation = Self {
            folder,
            port: free_port(),
            flags: Vec::new(),
            variables: Vec::new(),
            processes: Arc::default(),
            _database: None,
        };
        let data_dir = installation.data_dir();
        installation.flag("--data-dir", data_dir.to_str().unwrap())
    }

    /// A register in an empty PostgreSQL database.
    pub(crate) async fn postgres() -> Self {
        let database = PostgresCluster::shared()
            .fresh_database("empty", async |_| {})
            .await;
        let mut installation = Self::sqlite()
            .variable("MEIBO_DATABASE", database.url())
            .variable("MEIBO_SECRET_KEY", SECRET_KEY);
        installation._database = Some(Arc::new(database));
        installation
    }

    /// The same with one more flag for every command.
    pub(crate) fn flag(mut self, name: &str, value: &str) -> Self {
        self.flags.extend([name.to_owned(), value.to_owned()]);
        self
    }

    /// The same with another environment variable, or another value of it.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(other, _)| other != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Where its files lie.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A path beside the data directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The address that people use: that of the first node.
    pub(crate) fn public_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with_input(arguments, "")
    }

    /// Runs a command that reads `input`.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ran {
            status: output.status,
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// `meibo app create … --json`, with the redirect URI of all tests where the type has one.
    pub(crate) fn create_application(&self, kind: &str, more: &[&str]) -> Client {
        let mut arguments = vec![
            "app",
            "create",
            "--json",
            "--name",
            "Test application",
            "--type",
            kind,
        ];
        if kind != "machine-to-machine" {
            arguments.extend(["--redirect-uri", REDIRECT_URI]);
        }
        arguments.extend(more);
        let made = self.run(&arguments).succeeded().json();
        Client {
            id: made["id"].as_str().unwrap().to_owned(),
            secret: made["secret"].as_str().map(str::to_owned),
        }
    }

    /// `meibo user create` with a username and a password.
    pub(crate) fn create_user(&self, username: &str, password: &str) {
        let arguments = ["user", "create", "--username", username, "--password-stdin"];
        self.run_with_input(&arguments, password).succeeded();
    }

    /// Starts the first node and waits until it serves.
    pub(crate) async fn serve(&self, more: &[&str]) -> Process {
        self.serve_at(self.port, more).await
    }

    /// Starts a node on a port of its own and waits until it serves.
    pub(crate) async fn serve_at(&self, port: u16, more: &[&str]) -> Process {
        let number = self.processes.fetch_add(1, Ordering::SeqCst);
        let (out, log) = (
            self.path(&format!("{number}.out")),
            self.path(&format!("{number}.log")),
        );
        let address = format!("127.0.0.1:{port}");
        let mut arguments = vec!["serve", "--listen", &address];
        arguments.extend(more);
        let child = self
            .command(&arguments)
            .stdin(Stdio::null())
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let url = Url::parse(&format!("http://{address}")).unwrap();
        let public_url = Url::parse(&self.public_url()).unwrap();
        let remote = Remote::new(url, &public_url);
        let mut process = Process {
            child,
            remote,
            out,
            log,
            _installation: self.clone(),
        };
        process.wait_until_ready().await;
        process
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        // The variables of the test run are no settings of the product.
        command.env_clear().envs(self.variables.iter().cloned());
        command
            .args(arguments)
            .args(&self.flags)
            .current_dir(self.folder.path());
        command
    }
}

/// The binary under test.
pub(crate) fn binary() -> PathBuf {
    let named = env::var_os("MEIBO_BIN").map(PathBuf::from);
    let path = named.unwrap_or_else(|| {
        let own = env::current_exe().unwrap();
        own.parent().and_then(Path::parent).unwrap().join("meibo")
    });
    assert!(
        path.is_file(),
        "{} does not exist: build it by `cargo build`, or name another in MEIBO_BIN",
        path.display()
    );
    path
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Panics with everything it said when it failed.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert!(self.status.success(), "{self:?}");
        self
    }

    /// Panics unless it ended with this exit code.
    #[track_caller]
    pub(crate) fn failed(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{self:?}");
        self
    }

    /// What it printed, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

/// A node that serves. Dropping it kills it.
pub(crate) struct Process {
    child: Child,
    /// How to reach it.
    pub(crate) remote: Remote,
    out: PathBuf,
    log: PathBuf,
    /// Its database and its files are there as long as it is.
    _installation: Installation,
}

impl Process {
    async fn wait_until_ready(&mut self) {
        let remote = self.remote.clone();
        let (child, log) = (&mut self.child, &self.log);
        until("the server is ready", async || {
            if let Some(status) = child.try_wait().unwrap() {
                panic!(
                    "the server ended with {status}: {}",
                    fs::read_to_string(log).unwrap()
                );
            }
            remote
                .get("/readyz")
                .await
                .is_ok_and(|answer| answer.status == 200)
        })
        .await;
    }

    /// Ends it at once, as the kernel does: SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end: SIGTERM.
    pub(crate) fn terminate(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let child = &mut self.child;
        until("the server has ended", async || {
            child.try_wait().unwrap().is_some()
        })
        .await;
        self.child.wait().unwrap()
    }

    /// What it printed so far.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.out).unwrap()
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
