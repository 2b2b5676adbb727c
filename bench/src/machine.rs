//! The facts without which a figure means nothing: machine, kernel, date, versions.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::clock;
use crate::procfs;

/// Where and when a report was made. What cannot be found out is "unknown".
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    /// UTC, RFC 3339.
    pub(crate) date: String,
    pub(crate) cpu: String,
    /// Cores that this process may use.
    pub(crate) cores: usize,
    pub(crate) memory_mib: u64,
    pub(crate) kernel: String,
    /// Of the last minute, before anything was started: what else was running.
    pub(crate) load_average: String,
    /// Under the databases that were measured.
    pub(crate) filesystem: String,
    /// What `meibo --version` prints.
    pub(crate) meibo: Option<String>,
    pub(crate) bench: &'static str,
    /// What `rustc --version` prints here, where there is one.
    pub(crate) rustc: String,
}

impl Machine {
    /// Looks around; `directory` is where the databases lie, `meibo` the binary to be measured.
    pub(crate) fn look(directory: &Path, meibo: Option<&Path>) -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let now = OffsetDateTime::from(clock::wall())
            .replace_nanosecond(0)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Self {
            date: or_unknown(now.format(&Rfc3339).ok()),
            cpu: or_unknown(cpu_model(&read("/proc/cpuinfo"))),
            cores: thread::available_parallelism().map_or(1, usize::from),
            memory_mib: procfs::kibibytes(&read("/proc/meminfo"), "MemTotal").unwrap_or_default()
                / 1024,
            kernel: or_unknown(Some(read("/proc/sys/kernel/osrelease"))),
            load_average: or_unknown(
                read("/proc/loadavg")
                    .split_ascii_whitespace()
                    .next()
                    .map(str::to_owned),
            ),
            filesystem: or_unknown(filesystem(&read("/proc/self/mounts"), directory)),
            meibo: meibo.map(|binary| or_unknown(version(binary))),
            bench: env!("CARGO_PKG_VERSION"),
            rustc: or_unknown(version(Path::new("rustc"))),
        }
    }

    /// Whether the databases lie in memory, where "durable" costs nothing.
    pub(crate) fn is_database_in_memory(&self) -> bool {
        matches!(self.filesystem.as_str(), "tmpfs" | "ramfs")
    }
}

fn or_unknown(value: Option<String>) -> String {
    value
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}

fn cpu_model(cpuinfo: &str) -> Option<String> {
    cpuinfo.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == "model name").then(|| value.trim().to_owned())
    })
}

/// The type of the file system that holds `path`: that of the longest mount point above it.
fn filesystem(mounts: &str, path: &Path) -> Option<String> {
    let mounted = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        let (point, kind) = (fields.next()?, fields.next()?);
        path.starts_with(point).then_some((point.len(), kind))
    });
    // The later of two mounts on one point hides the earlier: max_by_key takes the last.
    mounted
        .max_by_key(|(length, _)| *length)
        .map(|(_, kind)| kind.to_owned())
}

fn version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .next()
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_is_named_by_its_model() {
        let cpuinfo =
            "processor\t: 0\nmodel\t\t: 17\nmodel name\t: Some CPU: 3 GHz\n\nmodel name\t: Other\n";
        assert_eq!(cpu_model(cpuinfo).as_deref(), Some("Some CPU: 3 GHz"));
        assert_eq!(or_unknown(cpu_model("")), "unknown");
    }

    #[test]
    fn the_nearest_mount_decides_the_file_system() {
        let mounts = "/dev/a / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n/dev/b /tmp/data xfs rw 0 0\n";
        for (path, kind) in [
            ("/home/x", "ext4"),
            ("/tmp/x", "tmpfs"),
            ("/tmp/data/x", "xfs"),
            ("/tmp/database", "tmpfs"),
        ] {
            assert_eq!(
                filesystem(mounts, Path::new(path)).as_deref(),
                Some(kind),
                "{path}"
            );
        }
        assert_eq!(filesystem("", Path::new("/")), None);
    }

    #[test]
    fn of_two_mounts_on_one_point_the_later_counts() {
        let mounts = "rootfs / rootfs rw 0 0\n/dev/a / ext4 rw 0 0\n";
        assert_eq!(filesystem(mounts, Path::new("/x")).as_deref(), Some("ext4"));
    }
}
