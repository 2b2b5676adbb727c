//! What the operating system knows about this process, in Prometheus' text format and under its usual names.

use std::fmt::Write as _;
use std::fs;

use meibo_domain::time::Timestamp;

/// In what unit the kernel reports processor time: USER_HZ, 100 a second on every architecture of Rust's first tier.
const TICKS_PER_SECOND: f64 = 100.0;

/// Adds what can be found out to `text`; outside Linux that is the start alone.
pub(super) fn render(text: &mut String, started_at: Timestamp) {
    #[allow(
        clippy::cast_precision_loss,
        reason = "milliseconds of a date are exact in f64"
    )]
    let start = started_at.millis() as f64 / 1000.0;
    metric(
        text,
        "process_start_time_seconds",
        "gauge",
        "Start of the process, seconds since 1970.",
        start,
    );
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(kilobytes) = status_field(&status, "VmRSS:") {
        let about = "Resident memory.";
        metric(
            text,
            "process_resident_memory_bytes",
            "gauge",
            about,
            kilobytes * 1024.0,
        );
    }
    if let Some(threads) = status_field(&status, "Threads:") {
        metric(text, "process_threads", "gauge", "Threads.", threads);
    }
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    if let Some(seconds) = cpu_seconds(&stat) {
        let about = "Processor time of user and system.";
        metric(text, "process_cpu_seconds_total", "counter", about, seconds);
    }
    if let Ok(entries) = fs::read_dir("/proc/self/fd") {
        // one of them is this directory, open for reading
        #[allow(clippy::cast_precision_loss, reason = "descriptors are few")]
        let open = entries.count().saturating_sub(1) as f64;
        metric(
            text,
            "process_open_fds",
            "gauge",
            "Open file descriptors.",
            open,
        );
    }
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    if let Some(max) = open_file_limit(&limits) {
        let about = "File descriptors that may be open.";
        metric(text, "process_max_fds", "gauge", about, max);
    }
}

/// Adds one metric without labels.
pub(super) fn metric(text: &mut String, name: &str, kind: &str, about: &str, value: f64) {
    let _ = write!(
        text,
        "# HELP {name} {about}\n# TYPE {name} {kind}\n{name} {value}\n"
    );
}

fn status_field(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

/// Fields 14 and 15 of `/proc/self/stat`, counted behind the command's name, which may hold spaces and brackets.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some((next()? + next()?) / TICKS_PER_SECOND)
}

fn open_file_limit(limits: &str) -> Option<f64> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_files_are_read() {
        assert_eq!(
            status_field("VmPeak:\t 9 kB\nVmRSS:\t   1234 kB\n", "VmRSS:"),
            Some(1234.0)
        );
        assert_eq!(status_field("", "VmRSS:"), None);
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 150 50 3 4 20 0 5 0 9";
        assert_eq!(cpu_seconds(stat), Some(2.0));
        assert_eq!(cpu_seconds("7 (a"), None);
        let limits = "Max processes 5 6\nMax open files            1024    4096    files\n";
        assert_eq!(open_file_limit(limits), Some(1024.0));
        assert_eq!(
            open_file_limit("Max open files  unlimited  unlimited"),
            None
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_running_process_has_all_of_them() {
        let mut text = String::new();
        render(&mut text, Timestamp(1_700_000_000_500));
        assert!(
            text.contains("\nprocess_start_time_seconds 1700000000.5\n"),
            "{text}"
        );
        for name in [
            "process_resident_memory_bytes",
            "process_threads",
            "process_cpu_seconds_total",
            "process_open_fds",
        ] {
            let value = text
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{name} ")));
            assert!(value.unwrap().parse::<f64>().unwrap() >= 0.0, "{text}");
        }
    }
}
