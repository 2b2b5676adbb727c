//! Load, decide, commit, answer; and again when somebody else was faster.

use meibo_domain::{Error, ErrorCode, Result};
use meibo_store::db::{Batch, CommitError, Table};

use crate::App;

/// What a decision leads to: a batch to commit, and the answer that goes out after it. The answer
/// may be an error whose batch must be committed all the same (counted attempts, revoked grants).
pub(crate) struct Outcome<T, E = Error> {
    /// What to commit first; may be empty.
    pub(crate) batch: Batch,
    /// What to answer then.
    pub(crate) answer: Result<T, E>,
}

impl<T, E> Outcome<T, E> {
    /// Commit, then answer.
    pub(crate) fn commit(batch: Batch, answer: T) -> Self {
        Self {
            batch,
            answer: Ok(answer),
        }
    }

    /// Answer with nothing to commit.
    pub(crate) fn answer(answer: Result<T, E>) -> Self {
        Self {
            batch: Batch::new(),
            answer,
        }
    }

    /// Commit, then fail.
    pub(crate) fn commit_and_fail(batch: Batch, error: E) -> Self {
        Self {
            batch,
            answer: Err(error),
        }
    }
}

/// How often a decision is taken again before the caller is told that others were faster.
const MAX_TRIES: usize = 16;

impl App {
    /// Runs `attempt` (load and decide), commits its batch and gives its answer. When a guard of
    /// the batch does not hold, the state changed meanwhile: it is loaded and decided again.
    ///
    /// # Errors
    /// The answer's own; the database's; `entity.changed_meanwhile` after 16 tries.
    pub(crate) async fn settle<T, E, F>(&self, mut attempt: impl FnMut() -> F) -> Result<T, E>
    where
        E: From<Error>,
        F: Future<Output = Result<Outcome<T, E>, E>>,
    {
        for _ in 0..MAX_TRIES {
            let Outcome { batch, answer } = attempt().await?;
            let has_jobs = batch.is_for(Table::Jobs);
            match self.db.commit(batch).await {
                Ok(_) => {
                    if has_jobs {
                        self.jobs.wake();
                    }
                    return answer;
                }
                Err(CommitError::Conflict { guard, label }) => {
                    tracing::debug!(
                        guard,
                        label,
                        "a decision met another state and is taken again"
                    );
                }
                Err(CommitError::Db(error)) => return Err(Error::from(error).into()),
            }
        }
        Err(Error::new(ErrorCode::ChangedMeanwhile)
            .retry_after(1)
            .into())
    }
}
