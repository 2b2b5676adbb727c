//! A bound on calls under way, so that one slow host cannot take all places, and all hosts together
//! cannot take the server down.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Counts the calls under way.
pub(crate) struct Bulkhead {
    max: usize,
    max_per_host: usize,
    under_way: Mutex<UnderWay>,
}

#[derive(Default)]
struct UnderWay {
    total: usize,
    hosts: HashMap<String, usize>,
}

/// A place; given back when it is dropped.
pub(crate) struct Place {
    bulkhead: Arc<Bulkhead>,
    host: String,
}

impl Bulkhead {
    pub(crate) fn new(max: usize, max_per_host: usize) -> Arc<Self> {
        Arc::new(Self {
            max,
            max_per_host,
            under_way: Mutex::default(),
        })
    }

    /// A place for a call to `host`; none when all are taken.
    pub(crate) fn enter(self: &Arc<Self>, host: &str) -> Option<Place> {
        let mut under_way = self.lock();
        let to_host = under_way.hosts.get(host).copied().unwrap_or(0);
        if under_way.total >= self.max || to_host >= self.max_per_host {
            return None;
        }
        under_way.total += 1;
        under_way.hosts.insert(host.to_owned(), to_host + 1);
        Some(Place {
            bulkhead: Arc::clone(self),
            host: host.to_owned(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, UnderWay> {
        // Counting cannot fail half-way.
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut under_way = self.bulkhead.lock();
        under_way.total = under_way.total.saturating_sub(1);
        if let Some(count) = under_way.hosts.get_mut(&self.host) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                under_way.hosts.remove(&self.host);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_given_back() {
        let bulkhead = Bulkhead::new(3, 2);
        let first = bulkhead.enter("a").unwrap();
        let second = bulkhead.enter("a").unwrap();
        assert!(bulkhead.enter("a").is_none(), "two to a host");
        let third = bulkhead.enter("b").unwrap();
        assert!(bulkhead.enter("c").is_none(), "three in all");
        drop(first);
        assert!(bulkhead.enter("a").is_some());
        drop((second, third));
        assert!(
            bulkhead.lock().hosts.is_empty(),
            "quiet hosts are forgotten"
        );
        assert_eq!(bulkhead.lock().total, 0);
    }
}
