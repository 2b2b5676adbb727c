//! Refresh tokens that are used once each: an answer brings the next of its chain.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// The newest token of each chain that is not in use. Empty where nothing is chained.
#[derive(Debug, Default)]
pub(crate) struct Chains(Mutex<VecDeque<String>>);

impl Chains {
    pub(super) fn new(tokens: Vec<String>) -> Self {
        Self(Mutex::new(tokens.into()))
    }

    /// The token that has waited longest.
    pub(super) fn take(&self) -> Option<String> {
        self.lock().pop_front()
    }

    /// Keeps the `refresh_token` of an answer's body; `used` where it has none.
    pub(super) fn put_back(&self, used: String, body: &[u8]) {
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        let next = answer.get("refresh_token").and_then(Value::as_str);
        self.lock().push_back(next.map_or(used, str::to_owned));
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
