//! The server and its command line: settings, sockets, logs and metrics around the application.
//!
//! Nothing here decides anything about people, applications or tokens: `meibo_app` does, and `meibo_web` shows it.
//! Invariants:
//! - Settings are read in one place ([`settings_table`] documents them), and a wrong one stops the start.
//! - Log lines go to the standard error; what a person asked for goes to the standard output.
//! - A stop loses no acknowledged change: requests end, then what is buffered is written, then the database closes.

mod command_line;
mod commands;
mod config;
mod http;
mod open_files;
mod runtime;
mod signals;
mod telemetry;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

pub use crate::config::settings_table;

use crate::command_line::CommandLine;
use crate::config::BadSettings;

/// Does what the command line of this process says.
///
/// Gives 0 when it was done, 2 when the command line or a setting is wrong, 1 when it failed for another reason.
#[must_use]
pub fn run() -> ExitCode {
    // fails only when a provider was installed before, which is the same one
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let Err(error) = CommandLine::parse().run() else {
        return ExitCode::SUCCESS;
    };
    terminal::complain(&format!("{error:#}"));
    if error.is::<BadSettings>() {
        ExitCode::from(2)
    } else {
        ExitCode::FAILURE
    }
}
