//! A terminal: what one command sets, the next one knows.

use std::{env, process::Command};

/// Stands between the outputs of two commands.
const MARK: &str = "\u{1e}";

/// Runs the commands one after another in one shell and gives what each printed. The first one that fails ends the
/// test with what it said.
pub(super) fn run(commands: &[String]) -> Vec<String> {
    let mut script = String::from("set -euo pipefail\n");
    for command in commands {
        script.push_str(command);
        script.push_str(&format!("printf '{MARK}'\n"));
    }
    let mut shell = Command::new("timeout");
    shell.args(["300", "bash", "-c", &script]);
    // A reader's terminal has no settings of ours.
    for (name, _) in env::vars().filter(|(name, _)| name.starts_with("MEIBO_")) {
        shell.env_remove(name);
    }
    let output = shell.output().expect("bash can be started");
    let printed = String::from_utf8(output.stdout).expect("commands print UTF-8");
    let mut outputs: Vec<String> = printed.split(MARK).map(str::to_owned).collect();
    outputs.pop();
    assert!(
        output.status.success(),
        "{} in\n{}\nwhich said\n{}\nafter\n{printed}",
        output.status,
        commands.get(outputs.len()).map_or("", String::as_str),
        String::from_utf8_lossy(&output.stderr),
    );
    outputs
}

#[test]
fn commands_share_one_shell() {
    let commands = ["A=1\n", "echo \"$A\"\n"].map(str::to_owned);
    assert_eq!(run(&commands), ["", "1\n"]);
}

#[test]
#[should_panic(expected = "false\n")]
fn a_command_that_fails_ends_it() {
    run(&["true\n", "false\n"].map(str::to_owned));
}
