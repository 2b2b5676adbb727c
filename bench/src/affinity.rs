//! Which core runs what. Threads and children inherit the cores of the thread that starts them.

use std::panic;
use std::thread;

use anyhow::{Context as _, Result, ensure};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The core of the measured server and the core of the tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cores {
    pub(crate) server: usize,
    pub(crate) tool: usize,
}

impl Cores {
    /// The last two cores that this process may use: the first one tends to serve interrupts.
    ///
    /// # Errors
    /// Fewer than two cores are offered.
    pub(crate) fn choose() -> Result<Self> {
        let offered = sched_getaffinity(None).context("cannot read the cores of this process")?;
        let mut offered = (0..CpuSet::MAX_CPU)
            .rev()
            .filter(|core| offered.is_set(*core));
        let (server, tool) = (offered.next(), offered.next());
        ensure!(
            server.is_some() && tool.is_some(),
            "the measured server and the load generator need a core each, and this process is offered one"
        );
        Ok(Self {
            server: server.unwrap_or_default(),
            tool: tool.unwrap_or_default(),
        })
    }
}

/// Runs `work` on a thread that may use only `core`, and waits for it.
///
/// # Errors
/// The kernel refuses the core.
pub(crate) fn on_core<T: Send>(core: usize, work: impl FnOnce() -> T + Send) -> Result<T> {
    let pinned = move || -> Result<T> {
        let mut only = CpuSet::new();
        only.set(core);
        sched_setaffinity(None, &only).with_context(|| format!("cannot pin to core {core}"))?;
        Ok(work())
    };
    thread::scope(|scope| scope.spawn(pinned).join())
        .unwrap_or_else(|payload| panic::resume_unwind(payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pinned_thread_and_its_children_see_one_core() {
        let core = (0..CpuSet::MAX_CPU)
            .find(|core| sched_getaffinity(None).unwrap().is_set(*core))
            .unwrap();
        let before = sched_getaffinity(None).unwrap().count();
        let inside = on_core(core, || {
            thread::scope(|scope| {
                scope
                    .spawn(|| sched_getaffinity(None).unwrap())
                    .join()
                    .unwrap()
            })
        })
        .unwrap();
        assert_eq!(inside.count(), 1);
        assert!(inside.is_set(core));
        assert_eq!(
            sched_getaffinity(None).unwrap().count(),
            before,
            "the caller keeps its cores"
        );
    }

    #[test]
    fn an_absent_core_is_an_error() {
        assert!(on_core(CpuSet::MAX_CPU - 1, || ()).is_err());
    }
}
