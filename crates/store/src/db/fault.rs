//! A handle by which a test makes the SQLite writer fail. Nothing in the server makes one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// The highest page number SQLite knows: its own default limit.
const NO_LIMIT: i64 = 0xffff_fffe;

/// Faults that are SQLite's own: the writer meets them where a real disk would cause them.
/// Clones steer the same database. Give one to
/// [`DatabaseConfig::with_faults`](super::DatabaseConfig::with_faults).
#[derive(Clone, Debug)]
pub struct FaultInjection(Arc<Faults>);

#[derive(Debug)]
struct Faults {
    max_pages: AtomicI64,
    fails_commits: AtomicBool,
}

impl Default for FaultInjection {
    fn default() -> Self {
        Self(Arc::new(Faults {
            max_pages: AtomicI64::new(NO_LIMIT),
            fails_commits: AtomicBool::new(false),
        }))
    }
}

impl FaultInjection {
    /// Fills the disk: the file may not grow beyond `pages` of 4096 bytes, nor beyond its present
    /// size when that is more. Statements that need a new page answer SQLITE_FULL.
    pub fn limit_pages(&self, pages: u32) {
        self.0
            .max_pages
            .store(i64::from(pages.max(1)), Ordering::SeqCst);
    }

    /// Frees the disk again.
    pub fn unlimit_pages(&self) {
        self.0.max_pages.store(NO_LIMIT, Ordering::SeqCst);
    }

    /// Makes every COMMIT fail, or work again.
    pub fn fail_commits(&self, fail: bool) {
        self.0.fails_commits.store(fail, Ordering::SeqCst);
    }

    pub(super) fn max_pages(&self) -> i64 {
        self.0.max_pages.load(Ordering::SeqCst)
    }

    pub(super) fn fails_commits(&self) -> bool {
        self.0.fails_commits.load(Ordering::SeqCst)
    }
}
