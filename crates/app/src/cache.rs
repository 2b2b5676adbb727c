//! A cache of versioned configuration. It never holds a miss; entries live at most `age`; a change
//! on this node is seen at once.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use meibo_domain::{Result, time::Timestamp};

/// Entries kept at most; a full cache starts anew, which costs some reads and no correctness.
const CAPACITY: usize = 10_000;

pub(crate) struct Cache<K, V> {
    entries: RwLock<HashMap<K, (Timestamp, Arc<V>)>>,
    /// Grows with every change, so that a read that began before a change is not kept after it.
    generation: AtomicU64,
    age: Duration,
}

impl<K: Hash + Eq + Clone, V> Cache<K, V> {
    pub(crate) fn new(age: Duration) -> Self {
        Self {
            entries: RwLock::default(),
            generation: AtomicU64::new(0),
            age,
        }
    }

    /// The entry of `key`, read by `load` when there is none or it is too old.
    pub(crate) async fn get(
        &self,
        key: &K,
        now: Timestamp,
        load: impl Future<Output = Result<Option<V>>>,
    ) -> Result<Option<Arc<V>>> {
        if let Some(fresh) = self.fresh(key, now) {
            return Ok(Some(fresh));
        }
        let generation = self.generation.load(Ordering::SeqCst);
        let Some(value) = load.await?.map(Arc::new) else {
            return Ok(None);
        };
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if self.generation.load(Ordering::SeqCst) == generation {
            if entries.len() >= CAPACITY {
                entries.clear();
            }
            entries.insert(key.clone(), (now, Arc::clone(&value)));
        }
        Ok(Some(value))
    }

    /// The entry of `key`, however old: what is shown while the database does not answer.
    pub(crate) fn last(&self, key: &K) -> Option<Arc<V>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(key).map(|(_, value)| Arc::clone(value))
    }

    /// Forgets everything, for something has changed. Changes are rare and reading again is cheap.
    pub(crate) fn clear(&self) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::SeqCst);
        entries.clear();
    }

    fn fresh(&self, key: &K, now: Timestamp) -> Option<Arc<V>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = entries.get(key)?;
        (*read_at <= now && now - *read_at < self.age).then(|| Arc::clone(value))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn read(cache: &Cache<u8, u8>, now: i64, stored: Option<u8>) -> Option<u8> {
        cache
            .get(&1, Timestamp(now), async { Ok(stored) })
            .await
            .unwrap()
            .map(|value| *value)
    }

    #[tokio::test]
    async fn entries_age_and_misses_are_not_kept() {
        let cache = Cache::new(Duration::from_secs(2));
        assert_eq!(read(&cache, 0, None).await, None);
        assert_eq!(read(&cache, 0, Some(1)).await, Some(1));
        assert_eq!(read(&cache, 1_999, Some(2)).await, Some(1));
        assert_eq!(cache.last(&1).as_deref(), Some(&1));
        assert_eq!(read(&cache, 2_000, Some(2)).await, Some(2));
        cache.clear();
        assert_eq!(cache.last(&1), None);
        assert_eq!(read(&cache, 2_001, Some(3)).await, Some(3));
    }

    #[tokio::test]
    async fn a_read_that_began_before_a_change_is_not_kept() {
        let cache = Cache::new(Duration::from_secs(2));
        let stale = cache.get(&1, Timestamp(0), async {
            cache.clear();
            Ok(Some(1))
        });
        assert_eq!(stale.await.unwrap().map(|value| *value), Some(1));
        assert_eq!(read(&cache, 1, Some(2)).await, Some(2));
    }
}
