//! The rounds: each operation in turn, again and again, so that a drift of the machine hits all.

use std::sync::Arc;

use anyhow::Result;

use super::{Plan, memory};
use crate::affinity::{self, Cores};
use crate::load::{self, Pressure, Round};
use crate::meibo::{Meibo, Seeded};
use crate::operation::{self, COMPARISONS, Operation};
use crate::process::{self, Server};
use crate::report::{Bound, OperationRow, Report, Target};
use crate::statistics::Spread;
use crate::tell;

/// A baseline whose greatest CPU figure is that many times its least was measured beside something else.
const UNSTEADY: f64 = 1.25;

/// An operation, the process that it costs, and its rounds so far.
struct Measured {
    operation: Arc<Operation>,
    server: u32,
    rounds: Vec<Round>,
}

/// Measures the baselines, and Meibo on the same core when there is one.
///
/// # Errors
/// The tool's own means fail; an operation that fails is a line of the report.
pub(super) fn measure(
    bare: &Server,
    signing: &Server,
    meibo: Option<(&Meibo, &Seeded)>,
    plan: &Plan,
    cores: Cores,
    report: &mut Report,
) -> Result<()> {
    let of = |server: &Server| {
        let server = server.pid();
        move |operation| Measured {
            operation: Arc::new(operation),
            server,
            rounds: Vec::new(),
        }
    };
    let mut all: Vec<Measured> = operation::of_bare(bare.address)
        .into_iter()
        .map(of(bare))
        .collect();
    all.push(of(signing)(operation::of_signing(signing.address)));
    let server = meibo.and_then(|(meibo, seeded)| {
        let server = report.measured("Meibo on one core", meibo.start(Some(cores.server)))?;
        all.extend(meibo.operations(seeded).into_iter().map(of(&server)));
        Some(server)
    });

    let all = affinity::on_core(cores.tool, || -> Result<_> {
        process::runtime()?.block_on(async { Ok(rounds(all, plan, report).await) })
    })??;

    report.operations = all
        .iter()
        .filter_map(|one| OperationRow::of(one.operation.name, &one.rounds))
        .collect();
    compare(&all, report);
    let unsteady = report
        .operations
        .iter()
        .filter(|row| {
            COMPARISONS
                .iter()
                .any(|comparison| comparison.baseline == row.name)
        })
        .find(|row| row.cpu_us.max > UNSTEADY * row.cpu_us.min);
    if let Some(row) = unsteady {
        let note = format!(
            "{} was unsteady: something else ran on this machine; repeat when it is quiet",
            row.name
        );
        report.notes.push(note);
    }
    if let Some(server) = server {
        let size = memory("Memory after the operations", &server, 120.0, report);
        report.measured("Memory after the operations", size);
        let stopped = server.stop();
        report.measured("A graceful stop", stopped);
    }
    Ok(())
}

/// Tries each operation once, warms it up, and measures it in each round; one that fails is left out.
async fn rounds(all: Vec<Measured>, plan: &Plan, report: &mut Report) -> Vec<Measured> {
    let warm_up = Pressure {
        length: plan.warm_up,
        ..plan.round
    };
    let mut ready = Vec::with_capacity(all.len());
    for one in all {
        tell(&format!("warming up: {}", one.operation.name));
        let result = async {
            one.operation.try_once().await?;
            load::run(&one.operation, warm_up, None).await
        };
        if report.measured("Warming up", result.await).is_some() {
            ready.push(one);
        }
    }
    for round in 1..=plan.rounds {
        let mut next = Vec::with_capacity(ready.len());
        for mut one in ready {
            let name = one.operation.name;
            let result = load::run(&one.operation, plan.round, Some(one.server)).await;
            if let Some(measured) = report.measured("A round", result) {
                let (rate, cpu) = (measured.per_second(), measured.cpu_us().unwrap_or(f64::NAN));
                tell(&format!(
                    "round {round} of {}: {name}: {rate:.0}/s, {cpu:.1} µs",
                    plan.rounds
                ));
                one.rounds.push(measured);
                next.push(one);
            }
        }
        ready = next;
    }
    ready
}

/// The multiples: in each round the operation's CPU over the baseline's of that round.
fn compare(all: &[Measured], report: &mut Report) {
    for comparison in COMPARISONS {
        let find = |name| all.iter().find(|one| one.operation.name == name);
        let (Some(ours), Some(baseline)) = (find(comparison.operation), find(comparison.baseline))
        else {
            continue;
        };
        let ratios = ours
            .rounds
            .iter()
            .zip(&baseline.rounds)
            .filter_map(|(ours, baseline)| Some(ours.cpu_us()? / baseline.cpu_us()?));
        let failures = ours
            .rounds
            .iter()
            .chain(&baseline.rounds)
            .map(|round| round.failures)
            .sum();
        if let Some(ratio) = Spread::of(ratios) {
            let name = format!("{} / {}", comparison.operation, comparison.baseline);
            report.targets.push(Target::new(
                name,
                "times",
                ratio,
                Bound::AtMost,
                comparison.limit,
                failures,
            ));
        }
    }
}
