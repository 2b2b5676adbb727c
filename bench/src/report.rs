//! What was measured, as data (JSON) and for reading (Markdown).

mod markdown;

use serde::Serialize;

use crate::load::Round;
use crate::machine::Machine;
use crate::statistics::Spread;

/// Everything that one run found out.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) settings: Settings,
    pub(crate) operations: Vec<OperationRow>,
    pub(crate) sign_ins: Option<SignInRow>,
    pub(crate) targets: Vec<Target>,
    /// What to know when reading the figures.
    pub(crate) notes: Vec<String>,
    /// What could not be measured, and why.
    pub(crate) not_measured: Vec<String>,
}

/// How it was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Settings {
    pub(crate) server_core: usize,
    pub(crate) tool_core: usize,
    pub(crate) connections: usize,
    pub(crate) rounds: usize,
    pub(crate) round_seconds: f64,
    pub(crate) users: usize,
}

/// One operation over all rounds.
#[derive(Debug, Serialize)]
pub(crate) struct OperationRow {
    pub(crate) name: &'static str,
    /// Server CPU, user and system, for each operation.
    pub(crate) cpu_us: Spread,
    pub(crate) per_second: Spread,
    pub(crate) p50_ms: Spread,
    pub(crate) p99_ms: Spread,
    /// Of all rounds together.
    pub(crate) failures: u64,
    pub(crate) first_failure: Option<String>,
}

/// Whole sign-ins beside Argon2id alone.
#[derive(Debug, Serialize)]
pub(crate) struct SignInRow {
    /// Hashes a second of one thread that does nothing else, and of two.
    pub(crate) hashes_one_thread: Spread,
    pub(crate) hashes_two_threads: Spread,
    pub(crate) per_second: Spread,
    pub(crate) p50_ms: Spread,
    pub(crate) p99_ms: Spread,
    /// Milliseconds of server CPU for each sign-in, its hash included.
    pub(crate) cpu_ms: Spread,
    pub(crate) failures: u64,
    pub(crate) first_failure: Option<String>,
    /// Discovery at 50 a second meanwhile.
    pub(crate) discovery_p50_ms: Spread,
    pub(crate) discovery_p99_ms: Spread,
    pub(crate) discovery_failures: u64,
}

/// Which side of the limit is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtMost,
    AtLeast,
}

/// A figure that was promised, and the one that was reached.
#[derive(Debug, Serialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) measured: Spread,
    pub(crate) bound: Bound,
    pub(crate) limit: f64,
    pub(crate) is_met: bool,
}

impl Report {
    pub(crate) fn new(machine: Machine, settings: Settings) -> Self {
        Self {
            machine,
            settings,
            operations: Vec::new(),
            sign_ins: None,
            targets: Vec::new(),
            notes: Vec::new(),
            not_measured: Vec::new(),
        }
    }

    /// Whether every target that was measured was met.
    pub(crate) fn is_every_target_met(&self) -> bool {
        self.targets.iter().all(|target| target.is_met)
    }

    /// Keeps what could be measured; an error becomes a line of the report.
    pub(crate) fn measured<T>(&mut self, what: &str, result: anyhow::Result<T>) -> Option<T> {
        result
            .map_err(|error| self.not_measured.push(format!("{what}: {error:#}")))
            .ok()
    }
}

impl OperationRow {
    /// Nothing when there is no round, or none with a success and the server's CPU time.
    pub(crate) fn of(name: &'static str, rounds: &[Round]) -> Option<Self> {
        let spread = |figure: &dyn Fn(&Round) -> f64| Spread::of(rounds.iter().map(figure));
        Some(Self {
            name,
            cpu_us: spread(&|round| round.cpu_us().unwrap_or(f64::NAN))?,
            per_second: spread(&Round::per_second)?,
            p50_ms: spread(&|round| round.latencies.percentile_ms(0.5))?,
            p99_ms: spread(&|round| round.latencies.percentile_ms(0.99))?,
            failures: rounds.iter().map(|round| round.failures).sum(),
            first_failure: rounds.iter().find_map(|round| round.first_failure.clone()),
        })
    }
}

impl Target {
    /// The median decides; a figure that came about with failures meets nothing.
    pub(crate) fn new(
        name: impl Into<String>,
        unit: &'static str,
        measured: Spread,
        bound: Bound,
        limit: f64,
        failures: u64,
    ) -> Self {
        let is_within = match bound {
            Bound::AtMost => measured.median <= limit,
            Bound::AtLeast => measured.median >= limit,
        };
        Self {
            name: name.into(),
            unit,
            measured,
            bound,
            limit,
            is_met: is_within && failures == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::statistics::Latencies;

    fn spread(median: f64) -> Spread {
        Spread {
            median,
            min: 0.0,
            max: 100.0,
        }
    }

    #[test]
    fn the_median_decides_on_the_right_side_and_failures_spoil_it() {
        for (bound, measured, failures, is_met) in [
            (Bound::AtMost, 1.5, 0, true),
            (Bound::AtMost, 1.51, 0, false),
            (Bound::AtLeast, 1.5, 0, true),
            (Bound::AtLeast, 1.49, 0, false),
            (Bound::AtMost, 1.0, 1, false),
        ] {
            let target = Target::new("x", "x", spread(measured), bound, 1.5, failures);
            assert_eq!(target.is_met, is_met, "{target:?}");
        }
    }

    #[test]
    fn rounds_become_a_row() {
        let round = |successes: u32, cpu_ms| Round {
            failures: 1,
            first_failure: Some(format!("after {successes}")),
            elapsed: Duration::from_secs(2),
            latencies: Latencies::new(vec![3_000_000; successes as usize]),
            server_cpu: Some(Duration::from_millis(cpu_ms)),
        };
        let row = OperationRow::of("x", &[round(9, 1), round(19, 1), round(39, 1)]).unwrap();
        assert_eq!(
            row.cpu_us,
            Spread {
                median: 50.0,
                min: 25.0,
                max: 100.0
            }
        );
        assert_eq!(
            row.per_second,
            Spread {
                median: 9.5,
                min: 4.5,
                max: 19.5
            }
        );
        assert_eq!((row.p50_ms.median, row.failures), (3.0, 3));
        assert_eq!(row.first_failure.as_deref(), Some("after 9"));
        assert!(OperationRow::of("x", &[]).is_none());
    }
}
