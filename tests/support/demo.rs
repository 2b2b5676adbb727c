//! `meibo demo` as a newcomer meets it: a process, and what it prints.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use super::process;

/// The last words of what the demo prints.
const END: &str = "Ctrl-C ends the demo.";

/// Its data directory, in its folder.
const DATA_DIR: &str = "demo";

/// A running demo, on ports of its own choice and in a folder of its own. Dropping it ends it.
pub(crate) struct Demo {
    pub(crate) printed: Printed,
    process: Child,
    // Held open: the demo would fail to write to a closed pipe.
    _stdout: BufReader<ChildStdout>,
    // Last: the process has ended when its folder is removed.
    folder: TempDir,
}

/// What the demo prints, and nothing that is known otherwise.
#[derive(Debug)]
pub(crate) struct Printed(String);

impl Demo {
    /// Starts it and reads what it prints.
    pub(crate) fn start() -> Self {
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
            .arg(folder.path().join(DATA_DIR))
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
            folder,
        }
    }

    /// Where its files are.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join(DATA_DIR)
    }

    /// Ends it by Ctrl-C, as it says.
    pub(crate) fn interrupt(mut self) {
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
    pub(crate) fn profile_app(&self) -> &str {
        self.word_after("Open ")
    }

    pub(crate) fn username(&self) -> &str {
        self.word_after("username ")
    }

    pub(crate) fn password(&self) -> &str {
        self.word_after("password ")
    }

    /// The reference of the Management API.
    pub(crate) fn api_reference(&self) -> &str {
        self.word_after("described at ")
    }

    /// The server itself: the reference's address without its path.
    pub(crate) fn server(&self) -> &str {
        self.api_reference()
            .strip_suffix("/api")
            .expect("the reference is at /api")
    }

    /// The link that makes the first administrator.
    pub(crate) fn setup_link(&self) -> &str {
        let mut words = self.0.split_whitespace();
        words
            .find(|word| word.contains("/setup/"))
            .expect("a setup link is printed")
    }

    /// Runs the commands as they are printed and gives what they print.
    pub(crate) fn run_commands(&self) -> String {
        self.run_commands_and("")
    }

    /// As [`Printed::run_commands`], and one more line, which may use the token.
    pub(crate) fn run_commands_and(&self, line: &str) -> String {
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

    /// Changes settings of the sign-in experience as an administrator's program does.
    pub(crate) fn change_sign_in_experience(&self, settings: &Value) {
        let server = self.server();
        self.run_commands_and(&format!(
            "curl -fsS -X PATCH -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{settings}' {server}/api/sign-in-exp"
        ));
    }

    /// The code of the `count`th message to somebody, as soon as it is in the inbox.
    pub(crate) async fn code_sent_to(&self, recipient: &str, count: usize) -> String {
        let inbox = format!("{}/demo/inbox", self.server());
        let mut code = None;
        let sent = format!("message {count} to {recipient} has arrived");
        process::until(&sent, async || {
            let page = Command::new("curl").args(["-fsS", &inbox]).output();
            let page = String::from_utf8(page.expect("curl runs").stdout).expect("UTF-8");
            let letters: Vec<&str> = page
                .split("<article")
                .filter(|letter| letter.contains(recipient))
                .collect();
            if letters.len() == count {
                code = letters.first().and_then(|letter| six_digits(letter));
            }
            code.is_some()
        })
        .await;
        code.expect("it was found")
    }

    fn word_after(&self, words: &str) -> &str {
        let after = self
            .0
            .split_once(words)
            .and_then(|(_, after)| after.split_whitespace().next());
        after.unwrap_or_else(|| panic!("{words:?} is not printed:\n{}", self.0))
    }
}

/// The first run of exactly six digits.
fn six_digits(text: &str) -> Option<String> {
    text.split(|character: char| !character.is_ascii_digit())
        .find(|digits| digits.len() == 6)
        .map(str::to_owned)
}
