//! One change of a person's profile after another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

type Turn = tokio::sync::Mutex<()>;

/// Turns by person, within this process: two tabs that save in the same instant are put in order,
/// so that the second one sees what the first one did.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Weak<Turn>>>);

impl Turns {
    /// Waits until nobody else changes the profile of `user_id`; the turn ends with the guard.
    pub(crate) async fn take(&self, user_id: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            turns.retain(|_, turn| turn.strong_count() > 0);
            let known = turns.get(user_id).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let turn = Arc::new(Turn::default());
                turns.insert(user_id.to_owned(), Arc::downgrade(&turn));
                turn
            })
        };
        turn.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn one_at_a_time_for_each_person() {
        let turns = Turns::default();
        let first = turns.take("sei").await;
        assert!(turns.take("sei").now_or_never().is_none());
        assert!(turns.take("murasaki").now_or_never().is_some());
        drop(first);
        assert!(turns.take("sei").now_or_never().is_some());
    }
}
