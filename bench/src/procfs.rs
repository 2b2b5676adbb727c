//! What the kernel knows of a process: CPU time and resident memory, from `/proc/<pid>` (proc(5)).

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// User and system time of process `pid`, all its threads included, the ended ones too.
///
/// The kernel rounds down to a clock tick, mostly 10 ms: below 0.5 % of a 4 s round that is busy.
///
/// # Errors
/// The process is gone.
pub(crate) fn cpu_time(pid: u32) -> Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let ticks = cpu_ticks(&stat).with_context(|| format!("{path} has no utime and stime"))?;
    Ok(ticks_to_time(
        ticks,
        rustix::param::clock_ticks_per_second(),
    ))
}

/// Time that the calling thread has run, in nanoseconds as the scheduler counts it: at most a tick late.
///
/// # Errors
/// The kernel keeps no such count.
pub(crate) fn own_thread_cpu_time() -> Result<Duration> {
    let path = "/proc/thread-self/schedstat";
    let stat = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    let ran = stat.split_ascii_whitespace().next().map(str::parse);
    let ran = ran.with_context(|| format!("{path} is empty"))??;
    Ok(Duration::from_nanos(ran))
}

/// Resident memory of process `pid` in bytes (`VmRSS`).
///
/// # Errors
/// The process is gone.
pub(crate) fn resident_bytes(pid: u32) -> Result<u64> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    kibibytes(&status, "VmRSS")
        .map(|size| size * 1024)
        .with_context(|| format!("{path} has no VmRSS"))
}

/// utime + stime, fields 14 and 15. Field 2 is the program's name in parentheses, which may itself
/// hold spaces and parentheses: counting starts after the last one.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    user.checked_add(system)
}

fn ticks_to_time(ticks: u64, per_second: u64) -> Duration {
    let per_second = per_second.max(1);
    Duration::from_secs(ticks / per_second)
        + Duration::from_nanos(ticks % per_second * 1_000_000_000 / per_second)
}

/// The number in a line `name:   123 kB`, as `/proc/<pid>/status` and `/proc/meminfo` have them.
pub(crate) fn kibibytes(table: &str, name: &str) -> Option<u64> {
    let line = table
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn cpu_ticks_are_the_fourteenth_and_fifteenth_field() {
        let stat =
            "4711 (meibo) S 1 4711 4711 0 -1 4194560 900 0 0 0 123 45 7 8 20 0 5 0 998 1000 77";
        assert_eq!(cpu_ticks(stat), Some(168));
    }

    #[test]
    fn a_name_with_parentheses_and_spaces_shifts_nothing() {
        let stat = "1 (a) b (1 2 3) S 1 1 1 0 -1 0 0 0 0 0 10 20 0 0 20 0 1 0 1 1 1";
        assert_eq!(cpu_ticks(stat), Some(30));
    }

    #[test]
    fn a_broken_stat_line_gives_nothing() {
        for stat in [
            "",
            "1 (x)",
            "1 (x) S 1 1 1 0 -1 0 0 0 0 0 10",
            "1 (x) S 1 1 1 0 -1 0 0 0 0 0 ten 20",
        ] {
            assert_eq!(cpu_ticks(stat), None, "{stat:?}");
        }
    }

    #[test]
    fn ticks_become_time_at_any_rate() {
        assert_eq!(ticks_to_time(250, 100), Duration::from_millis(2_500));
        assert_eq!(ticks_to_time(1, 250), Duration::from_millis(4));
        assert_eq!(ticks_to_time(5, 0), Duration::from_secs(5));
    }

    #[test]
    fn sizes_are_found_by_whole_names() {
        let table = "VmRSSX:\t 1 kB\nVmHWM:\t 9000 kB\nVmRSS:\t    8123 kB\n";
        assert_eq!(kibibytes(table, "VmRSS"), Some(8_123));
        assert_eq!(kibibytes(table, "VmSwap"), None);
        assert_eq!(kibibytes("VmRSS: many kB", "VmRSS"), None);
    }

    #[test]
    fn this_process_uses_cpu_and_memory() {
        let pid = std::process::id();
        assert!(resident_bytes(pid).unwrap() > 100_000);
        let before = cpu_time(pid).unwrap();
        let limit = clock::now() + Duration::from_secs(30);
        while cpu_time(pid).unwrap() == before {
            assert!(clock::now() < limit, "a busy loop uses CPU time");
        }
    }
}
