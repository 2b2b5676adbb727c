//! Many callers, one call: whoever asks while a call is under way gets its outcome.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::{Error, Result};

type Outcome<T> = watch::Receiver<Option<Result<T>>>;

/// Calls under way by key.
pub(crate) struct Flights<K, T> {
    running: Mutex<HashMap<K, Outcome<T>>>,
}

impl<K: Eq + Hash, T: Clone + Send + Sync + 'static> Flights<K, T> {
    pub(crate) fn new() -> Self {
        Self {
            running: Mutex::new(HashMap::new()),
        }
    }

    /// Waits for the running call of `key`, or starts `call`. A started call runs to its end even
    /// when every caller has gone away: a rotated refresh token must not be lost with a request.
    pub(crate) async fn join<F>(&self, key: K, call: F) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let mut outcome = self.board(key, call);
        match outcome.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Err(Error::Abandoned)),
            Err(_) => Err(Error::Abandoned),
        }
    }

    fn board<F>(&self, key: K, call: F) -> Outcome<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let mut running = lock(&self.running);
        running.retain(|_, outcome| outcome.has_changed().is_ok());
        if let Some(outcome) = running.get(&key) {
            return outcome.clone();
        }
        let (sender, outcome) = watch::channel(None);
        tokio::spawn(async move {
            sender.send_replace(Some(call.await));
        });
        running.insert(key, outcome.clone());
        outcome
    }
}

/// Locks; a panic elsewhere does not make our plain data unusable.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn shares_success_and_failure() {
        for fails in [false, true] {
            let flights = Arc::new(Flights::new());
            let calls = Arc::new(AtomicUsize::new(0));
            let gate = Arc::new(Notify::new());
            let callers: Vec<_> = (0..50)
                .map(|_| {
                    let (flights, calls, gate) =
                        (Arc::clone(&flights), Arc::clone(&calls), Arc::clone(&gate));
                    async move {
                        flights
                            .join("key", async move {
                                let number = calls.fetch_add(1, Ordering::SeqCst);
                                gate.notified().await;
                                if fails {
                                    Err(Error::SignedOut)
                                } else {
                                    Ok(number)
                                }
                            })
                            .await
                    }
                })
                .map(|caller| tokio::spawn(caller))
                .collect();
            while Arc::strong_count(&gate) > 2 || calls.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
            gate.notify_one();
            for caller in callers {
                let outcome = caller.await.unwrap();
                assert_eq!(outcome.is_err(), fails);
            }
            assert_eq!(calls.load(Ordering::SeqCst), 1);
            let again = flights.join("key", async { Ok(7) }).await;
            assert_eq!(again.unwrap(), 7, "a finished call is not replayed");
        }
    }

    #[tokio::test]
    async fn survives_its_caller() {
        let flights = Arc::new(Flights::new());
        let done = Arc::new(Notify::new());
        let gate = Arc::new(Notify::new());
        let call = {
            let (done, gate) = (Arc::clone(&done), Arc::clone(&gate));
            async move {
                gate.notified().await;
                done.notify_one();
                Ok(())
            }
        };
        let caller = {
            let flights = Arc::clone(&flights);
            tokio::spawn(async move { flights.join((), call).await })
        };
        while lock(&flights.running).is_empty() {
            tokio::task::yield_now().await;
        }
        caller.abort();
        gate.notify_one();
        done.notified().await;
    }
}
