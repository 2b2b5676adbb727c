//! `meibo-bench` measures a Meibo server on this machine beside bare baselines in the same run.
//!
//! The primary figure is server CPU per operation as a multiple of a baseline's: it hardly depends on
//! how fast the machine is, or on what the load generator can keep up with.

mod affinity;
mod all;
mod baseline;
mod clock;
mod command_line;
mod hashing;
mod http;
mod load;
mod machine;
mod meibo;
mod operation;
mod process;
mod procfs;
mod report;
mod sign_in;
mod statistics;
mod storm;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use command_line::CommandLine;

/// The allocator that the `meibo` binary uses, so that a multiple compares code and not allocators.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match CommandLine::parse().run() {
        Ok(code) => code,
        Err(error) => {
            tell(&format!("meibo-bench: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Writes a line of progress to the standard error; a closed stream is no reason to stop measuring.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
