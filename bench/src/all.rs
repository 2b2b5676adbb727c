//! Everything in one run, so that baselines and Meibo meet the same machine in the same minutes.

mod key_map;
mod operations;
mod sign_ins;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};

use crate::affinity::Cores;
use crate::clock;
use crate::load::Pressure;
use crate::machine::Machine;
use crate::meibo::{self, Meibo, Seeded};
use crate::process::{self, Server};
use crate::procfs;
use crate::report::{Bound, Report, Settings, Target};
use crate::statistics::Spread;
use crate::tell;

/// After the start, before idle memory is read.
const IDLE_AFTER: Duration = Duration::from_secs(2);

/// What to measure, and how long.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The `meibo` binary; without it only the baselines are measured.
    pub(crate) meibo: Option<PathBuf>,
    /// Where the databases are made: a real disk, or "durable" means little.
    pub(crate) work_dir: PathBuf,
    pub(crate) rounds: usize,
    pub(crate) round: Pressure,
    pub(crate) warm_up: Duration,
    /// Users to be read and changed.
    pub(crate) users: usize,
    /// Users who sign in.
    pub(crate) people: usize,
    pub(crate) storm: Duration,
    /// Starts on an existing database.
    pub(crate) starts: usize,
}

/// Measures everything. What fails becomes a line of the report, and the rest is measured all the same.
///
/// # Errors
/// The machine or this program's own servers do not allow a measurement at all.
pub(crate) fn run(plan: &Plan) -> Result<Report> {
    let cores = Cores::choose()?;
    let directory = tempfile::Builder::new()
        .prefix("meibo-bench-")
        .tempdir_in(&plan.work_dir)
        .with_context(|| format!("cannot make a directory in {}", plan.work_dir.display()))?;
    let directory = directory.path();
    let mut report = Report::new(
        Machine::look(directory, plan.meibo.as_deref()),
        Settings {
            server_core: cores.server,
            tool_core: cores.tool,
            connections: plan.round.connections,
            rounds: plan.rounds,
            round_seconds: plan.round.length.as_secs_f64(),
            users: plan.users,
        },
    );
    if report.machine.is_database_in_memory() {
        let note =
            "the database lay in memory: PATCH was not made durable; choose a disk by --work-dir";
        report.notes.push(note.to_owned());
    }

    let result = key_map::measure(plan, cores, &mut report);
    report.measured("Key map", result);
    let bare = baseline("bare", cores, directory)?;
    let signing = baseline("signing", cores, directory)?;
    let prepared = plan
        .meibo
        .as_deref()
        .map(|binary| prepare(binary, plan, directory));
    let prepared = prepared.and_then(|prepared| report.measured("Meibo", prepared));
    if let Some((meibo, _)) = &prepared {
        measure_start(meibo, plan, &mut report);
    }
    let meibo = prepared.as_ref().map(|(meibo, seeded)| (meibo, seeded));
    operations::measure(&bare, &signing, meibo, plan, cores, &mut report)?;
    // Stopped rather than idle beside the storm, which has all cores to itself.
    drop((bare, signing));
    if let Some((meibo, seeded)) = meibo {
        let result = in_a_storm(meibo, seeded, plan, &mut report);
        report.measured("Whole sign-ins", result);
    }
    Ok(report)
}

/// One of this program's own servers, pinned like the measured one.
fn baseline(name: &'static str, cores: Cores, directory: &Path) -> Result<Server> {
    let address = process::free_address()?;
    let mut command = Command::new(std::env::current_exe().context("cannot find this program")?);
    command.args([name, "--listen", &address.to_string()]);
    Server::start(name, command, Some(cores.server), address, directory)
}

/// A database with applications and users in it, of a server that has ended again.
fn prepare(binary: &Path, plan: &Plan, directory: &Path) -> Result<(Meibo, Seeded)> {
    tell("seeding");
    let meibo = Meibo::new(binary, directory)?;
    let server = meibo.start(None).context("the first start")?;
    let seeded = meibo
        .seed(plan.users, plan.people, plan.round.connections)
        .map_err(|error| anyhow!("seeding: {error:#}; the server: {}", server.last_words()))?;
    server.stop()?;
    Ok((meibo, seeded))
}

fn measure_start(meibo: &Meibo, plan: &Plan, report: &mut Report) {
    tell("starting again and again");
    let starts = report.measured("Start", meibo::measure_starts(meibo, plan.starts));
    let times = starts
        .into_iter()
        .flatten()
        .map(|time| time.as_secs_f64() * 1e3);
    if let Some(times) = Spread::of(times) {
        report.targets.push(Target::new(
            "exec to the first 200",
            "ms",
            times,
            Bound::AtMost,
            150.0,
            0,
        ));
    }
}

fn in_a_storm(meibo: &Meibo, seeded: &Seeded, plan: &Plan, report: &mut Report) -> Result<()> {
    let server = meibo.start(None)?;
    clock::pause(IDLE_AFTER);
    memory("Memory, idle", &server, 30.0, report)?;
    let result = sign_ins::measure(&server, meibo, seeded, plan, report);
    memory("Memory after the sign-ins", &server, 120.0, report)?;
    result.map_err(|error| anyhow!("{error:#}; the server: {}", server.last_words()))?;
    server.stop()
}

/// Resident memory now, as a target in MB (a million bytes).
fn memory(name: &str, server: &Server, limit: f64, report: &mut Report) -> Result<()> {
    let resident = Spread::of([procfs::resident_bytes(server.pid())? as f64 / 1e6]);
    report
        .targets
        .extend(resident.map(|size| Target::new(name, "MB", size, Bound::AtMost, limit, 0)));
    Ok(())
}
