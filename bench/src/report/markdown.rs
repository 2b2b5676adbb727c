//! The report for reading.

use std::fmt::{self, Display, Formatter};

use super::{Bound, OperationRow, Report, SignInRow, Target};
use crate::statistics::Spread;

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (machine, settings) = (&self.machine, &self.settings);
        writeln!(f, "# Benchmark\n")?;
        writeln!(f, "- Date: {}", machine.date)?;
        writeln!(
            f,
            "- Machine: {}, {} cores, {} MiB",
            machine.cpu, machine.cores, machine.memory_mib
        )?;
        writeln!(
            f,
            "- Kernel: {}; database on {}",
            machine.kernel, machine.filesystem
        )?;
        writeln!(
            f,
            "- Load average before the start: {}",
            machine.load_average
        )?;
        let meibo = machine.meibo.as_deref().unwrap_or("no Meibo");
        writeln!(
            f,
            "- Versions: {meibo}, meibo-bench {}, {}",
            machine.bench, machine.rustc
        )?;
        writeln!(
            f,
            "- Method: {} keep-alive connections, {} interleaved rounds of {} s; server on core {}, tool on core {}; \
             median (least to greatest)",
            settings.connections,
            settings.rounds,
            settings.round_seconds,
            settings.server_core,
            settings.tool_core
        )?;
        operations(f, &self.operations)?;
        if let Some(row) = &self.sign_ins {
            sign_ins(f, row)?;
        }
        targets(f, &self.targets)?;
        list(f, "Notes", &self.notes)?;
        list(f, "Not measured", &self.not_measured)
    }
}

fn operations(f: &mut Formatter<'_>, rows: &[OperationRow]) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n## Operations\n")?;
    writeln!(
        f,
        "| Operation | Server CPU, µs | per second | p50, ms | p99, ms | failures |"
    )?;
    writeln!(f, "| --- | ---: | ---: | ---: | ---: | ---: |")?;
    for row in rows {
        let OperationRow {
            name,
            cpu_us,
            per_second,
            p50_ms,
            p99_ms,
            failures,
            ..
        } = row;
        writeln!(
            f,
            "| {name} | {cpu_us} | {per_second} | {p50_ms} | {p99_ms} | {failures} |"
        )?;
    }
    let failed = rows
        .iter()
        .filter_map(|row| Some((row.name, row.first_failure.as_ref()?)));
    failed
        .into_iter()
        .try_for_each(|(name, failure)| writeln!(f, "\nFirst failure of {name}: {failure}"))
}

fn sign_ins(f: &mut Formatter<'_>, row: &SignInRow) -> fmt::Result {
    writeln!(f, "\n## Whole sign-ins\n\n| | |\n| --- | ---: |")?;
    for (name, figure) in [
        (
            "Argon2id alone, 1 thread, per second",
            row.hashes_one_thread,
        ),
        (
            "Argon2id alone, 2 threads, per second",
            row.hashes_two_threads,
        ),
        ("Sign-ins per second", row.per_second),
        ("Sign-in p50, ms", row.p50_ms),
        ("Sign-in p99, ms", row.p99_ms),
        ("Server CPU for each sign-in, ms", row.cpu_ms),
        ("Discovery meanwhile, p50, ms", row.discovery_p50_ms),
        ("Discovery meanwhile, p99, ms", row.discovery_p99_ms),
    ] {
        writeln!(f, "| {name} | {figure} |")?;
    }
    writeln!(f, "| Failed sign-ins | {} |", row.failures)?;
    writeln!(
        f,
        "| Failed discovery requests | {} |",
        row.discovery_failures
    )?;
    row.first_failure
        .iter()
        .try_for_each(|failure| writeln!(f, "\nFirst failure: {failure}"))
}

fn targets(f: &mut Formatter<'_>, targets: &[Target]) -> fmt::Result {
    if targets.is_empty() {
        return Ok(());
    }
    writeln!(
        f,
        "\n## Targets\n\n| Target | limit | measured | |\n| --- | ---: | ---: | --- |"
    )?;
    for Target {
        name,
        unit,
        measured,
        bound,
        limit,
        is_met,
    } in targets
    {
        let side = match bound {
            Bound::AtMost => "at most",
            Bound::AtLeast => "at least",
        };
        let verdict = if *is_met { "met" } else { "**missed**" };
        writeln!(
            f,
            "| {name} | {side} {limit} {unit} | {measured} | {verdict} |"
        )?;
    }
    Ok(())
}

fn list(f: &mut Formatter<'_>, title: &str, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n## {title}\n")?;
    lines.iter().try_for_each(|line| writeln!(f, "- {line}"))
}

impl Display for Spread {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // About three digits that mean something.
        let digits = match self.median.abs() {
            size if size < 10.0 => 2,
            size if size < 100.0 => 1,
            _ => 0,
        };
        let Self { median, min, max } = self;
        write!(f, "{median:.digits$} ({min:.digits$} to {max:.digits$})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_shows_about_three_digits() {
        for (median, expected) in [
            (1.234, "1.23 (0.60 to 40.00)"),
            (12.34, "12.3 (0.6 to 40.0)"),
            (1234.5, "1234 (1 to 40)"),
        ] {
            assert_eq!(
                Spread {
                    median,
                    min: 0.6,
                    max: 40.0
                }
                .to_string(),
                expected
            );
        }
    }
}
