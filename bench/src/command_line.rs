//! The command line: what can be run, alone or all together.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use url::{Position, Url};

use crate::all::{self, Plan};
use crate::baseline::{self, bare, signing};
use crate::hashing;
use crate::http::request::{ADDRESS, Request};
use crate::load::{self, Pressure};
use crate::operation::Operation;
use crate::process;

/// What `--strict` ends with when a target was missed.
const MISSED: u8 = 3;

/// Measures a Meibo server on this machine beside bare baselines.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Serve 1 kB of JSON on GET /bare, and the body that was sent on PATCH /bare.
    Bare(Listen),
    /// Serve POST /token: parse the form, sign a token with ES256.
    Signing(Listen),
    /// Print how many Argon2id hashes (19 MiB, t=2, p=1) one and two threads make in a second.
    Argon2 {
        /// Seconds for each figure.
        #[arg(long, default_value_t = 3.0, value_parser = seconds)]
        seconds: f64,
    },
    /// Press one request on a server and print what it reached.
    Load(Load),
    /// Measure everything in one run and print a report; ends with 1 when something could not be measured.
    All(All),
}

#[derive(Debug, Args)]
struct Listen {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

#[derive(Debug, Args)]
struct Load {
    /// An http URL. In headers and body, `<serial>` becomes eight digits that never repeat.
    url: Url,
    #[arg(short = 'X', long, default_value = "GET")]
    method: String,
    /// A header as `name: value`; may be repeated.
    #[arg(short = 'H', long, value_parser = header)]
    header: Vec<(String, String)>,
    #[arg(long)]
    body: Option<String>,
    #[arg(long, default_value = "application/json")]
    content_type: String,
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
    #[arg(long, default_value_t = 4.0, value_parser = seconds)]
    seconds: f64,
    /// The server's process, to charge its CPU time.
    #[arg(long)]
    pid: Option<u32>,
}

#[derive(Debug, Args)]
struct All {
    /// The `meibo` binary; without it only the baselines are measured.
    #[arg(long)]
    meibo: Option<PathBuf>,
    /// Where the databases are made: a real disk. [default: the system's directory for temporary files]
    #[arg(long)]
    work_dir: Option<PathBuf>,
    /// Write the figures to this file as JSON.
    #[arg(long)]
    out: Option<PathBuf>,
    /// End with 3 when a target was missed.
    #[arg(long)]
    strict: bool,
    /// Keep-alive connections of the load.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
    /// Rounds of each operation.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// Seconds of a round.
    #[arg(long, default_value_t = 4.0, value_parser = seconds)]
    seconds: f64,
    /// Seconds of load on each operation before the first round.
    #[arg(long, default_value_t = 2.0, value_parser = seconds)]
    warm_up: f64,
    /// Seconds of each storm of sign-ins, after 2 s of warming up.
    #[arg(long, default_value_t = 8.0, value_parser = seconds)]
    storm: f64,
    /// Users to be read and changed.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=99_999))]
    users: u32,
    /// Users who sign in.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=99_999))]
    people: u32,
    /// Starts on an existing database.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    starts: u16,
}

impl CommandLine {
    /// Does what was asked.
    ///
    /// # Errors
    /// It could not be measured, and why.
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self.action {
            Action::Bare(Listen { listen }) => baseline::serve(listen, bare::router())?,
            Action::Signing(Listen { listen }) => baseline::serve(listen, signing::router()?)?,
            Action::Argon2 { seconds } => {
                for threads in [1, 2] {
                    let rate =
                        hashing::hashes_per_second(threads, Duration::from_secs_f64(seconds))?;
                    print(&format!(
                        "Argon2id, {threads} thread(s): {rate:.1} hashes/s"
                    ))?;
                }
            }
            Action::Load(load) => print(&load.run()?)?,
            Action::All(all) => return all.run(),
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Load {
    fn run(self) -> Result<String> {
        let addresses = self
            .url
            .socket_addrs(|| None)
            .with_context(|| format!("cannot resolve {}", self.url))?;
        let address = *addresses
            .first()
            .with_context(|| format!("{} has no address", self.url))?;
        let path = &self.url[Position::BeforePath..Position::AfterQuery];
        let request = Request::new(&self.method, address, path, ADDRESS);
        let request = self.header.iter().fold(request, |request, (name, value)| {
            request.header(name, value)
        });
        let request = match self.body {
            Some(body) => request.body(&self.content_type, body),
            None => request,
        };
        let operation = Arc::new(Operation::new("load", address, [request], ""));
        let pressure = Pressure {
            connections: self.connections.into(),
            length: Duration::from_secs_f64(self.seconds),
        };
        let round = process::runtime()?.block_on(load::run(&operation, pressure, self.pid))?;
        let mut text = format!("{:.0}/s, {} failures", round.per_second(), round.failures);
        if round.successes() > 0 {
            let [p50, p99] = [0.5, 0.99].map(|share| round.latencies.percentile_ms(share));
            text.push_str(&format!(", p50 {p50:.3} ms, p99 {p99:.3} ms"));
        }
        if let Some(cpu) = round.cpu_us() {
            text.push_str(&format!(", {cpu:.1} µs of server CPU each"));
        }
        if let Some(failure) = round.first_failure {
            text.push_str(&format!("\nfirst failure: {failure}"));
        }
        Ok(text)
    }
}

impl All {
    fn run(self) -> Result<ExitCode> {
        let plan = Plan {
            meibo: self.meibo,
            work_dir: self.work_dir.unwrap_or_else(std::env::temp_dir),
            rounds: self.rounds.into(),
            round: Pressure {
                connections: self.connections.into(),
                length: Duration::from_secs_f64(self.seconds),
            },
            warm_up: Duration::from_secs_f64(self.warm_up),
            users: self.users as usize,
            people: self.people as usize,
            storm: Duration::from_secs_f64(self.storm),
            starts: self.starts.into(),
        };
        let report = all::run(&plan)?;
        print(&report.to_string())?;
        if let Some(out) = &self.out {
            let json = serde_json::to_vec_pretty(&report)?;
            fs::write(out, json).with_context(|| format!("cannot write {}", out.display()))?;
        }
        Ok(if !report.not_measured.is_empty() {
            ExitCode::FAILURE
        } else if self.strict && !report.is_every_target_met() {
            ExitCode::from(MISSED)
        } else {
            ExitCode::SUCCESS
        })
    }
}

fn print(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").context("cannot print")
}

/// A positive number of seconds, at most an hour.
fn seconds(text: &str) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    if number > 0.0 && number <= 3_600.0 {
        Ok(number)
    } else {
        Err("not between 0 and 3600 seconds".to_owned())
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(':')
        .ok_or("a header is written `name: value`")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn wrong_numbers_are_refused() {
        for arguments in [
            ["meibo-bench", "all", "--seconds", "0"],
            ["meibo-bench", "all", "--seconds", "NaN"],
            ["meibo-bench", "all", "--rounds", "0"],
            ["meibo-bench", "all", "--people", "100000"],
            ["meibo-bench", "load", "--header", "no-colon"],
        ] {
            assert!(
                CommandLine::try_parse_from(arguments).is_err(),
                "{arguments:?}"
            );
        }
    }
}
