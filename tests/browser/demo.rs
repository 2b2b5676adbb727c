//! `meibo demo` as a newcomer meets it: a process, and what it prints.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use tempfile::TempDir;

use crate::support::process;

/// The last words of what the demo prints.
const END: &str = "Ctrl-C ends the demo.";

/// A running demo, on ports of its own choice and in a folder of its own. Dropping it ends it.
pub(super) struct Demo {
    pub(super) printed: Printed,
    process: Child,
    // Held open: the demo would fail to write to a closed pipe.
    _stdout: BufReader<ChildStdout>,
    // Last: the process has ended when its folder is removed.
    _folder: TempDir,
}

/// What the demo prints, and nothing that is known otherwise.
#[derive(Debug)]
pub(super) struct Printed(String);

impl Demo {
    /// Starts it and reads what it prints.
    pub(super) fn start() -> Self {
        let folder = TempDir::new().expect("a folder for the demo can be made");
        let mut process = Command::new(process::binary())
            .args([
                "demo",
                "--listen",
                "localhost:0",
                "--profile-app-listen",
                "localhost:0",
            ])
            .arg("--data-dir")
            .arg(folder.path().join("demo"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the demo can be started");
        let mut stdout = BufReader::new(process.stdout.take().expect("standard output is piped"));
        let mut printed = String::new();
        while !printed.contains(END) {
            let read = stdout
                .read_line(&mut printed)
                .expect("the demo prints UTF-8");
            assert!(read > 0, "the demo ended at its start:\n{printed}");
        }
        Self {
            printed: Printed(printed),
            process,
            _stdout: stdout,
            _folder: folder,
        }
    }

    /// Ends it by Ctrl-C, as it says.
    pub(super) fn interrupt(mut self) {
        let status = Command::new("kill")
            .args(["-INT", &self.process.id().to_string()])
            .status()
            .expect("a signal can be sent");
        assert!(status.success());
        let status = self.process.wait().expect("the demo can be waited for");
        assert!(status.success(), "the demo ended with {status}");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Printed {
    /// The example application.
    pub(super) fn profile_app(&self) -> &str {
        self.word_after("Open ")
    }

    pub(super) fn username(&self) -> &str {
        self.word_after("username ")
    }

    pub(super) fn password(&self) -> &str {
        self.word_after("password ")
    }

    /// The reference of the Management API.
    pub(super) fn api_reference(&self) -> &str {
        self.word_after("described at ")
    }

    /// The server itself: the reference's address without its path.
    pub(super) fn server(&self) -> &str {
        self.api_reference()
            .strip_suffix("/api")
            .expect("the reference is at /api")
    }

    /// The link that makes the first administrator.
    pub(super) fn setup_link(&self) -> &str {
        let mut words = self.0.split_whitespace();
        words
            .find(|word| word.contains("/setup/"))
            .expect("a setup link is printed")
    }

    /// Runs the commands as they are printed and gives what they print.
    pub(super) fn run_commands(&self) -> String {
        self.run_commands_and("")
    }

    /// As [`Printed::run_commands`], and one more line, which may use the token.
    pub(super) fn run_commands_and(&self, line: &str) -> String {
        let lines = self
            .0
            .lines()
            .skip_while(|line| !line.trim_start().starts_with("TOKEN="));
        let script: String = lines
            .take_while(|line| !line.is_empty())
            .map(|line| format!("{line}\n"))
            .chain([line.to_owned()])
            .collect();
        let output = Command::new("sh")
            .args(["-e", "-c", &script])
            .output()
            .expect("sh can be started");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{}: {said}\n{script}",
            output.status
        );
        String::from_utf8(output.stdout).expect("the answer is UTF-8")
    }

    fn word_after(&self, words: &str) -> &str {
        let after = self
            .0
            .split_once(words)
            .and_then(|(_, after)| after.split_whitespace().next());
        after.unwrap_or_else(|| panic!("{words:?} is not printed:\n{}", self.0))
    }
}
