//! What can go wrong, in words that are the same for both engines.

use thiserror::Error;

/// Why a statement or batch was not carried out.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DbError {
    /// The database cannot be reached, cannot write, or took too long. It recovers by itself.
    #[error("the database is not available: {reason}")]
    Unavailable {
        /// What happened, without parameters.
        reason: String,
        /// Whether it is certain that nothing was committed, so that running it again is safe.
        /// False after a connection was lost while a commit was under way: it may have happened.
        retryable: bool,
    },
    /// A queue in front of the database is full. Nothing was done.
    #[error("the database has more work waiting than it takes: try again shortly")]
    Overloaded,
    /// A row with these unique columns exists already. Nothing was done.
    #[error("the value of {columns} is taken")]
    UniqueViolation {
        /// `<table>.<column>[,<column>]`, the same on both engines, e.g. `users.username_key` or
        /// `identities.kind,identifier_key`.
        ///
        /// SQLite names the columns itself. PostgreSQL names the index and tells the columns in
        /// its detail; where it withholds the detail, they are read out of the index's name. So
        /// migrations name every unique index `<table>_<column>[_<column>]_key`.
        ///
        /// A row that is taken in two ways is named by one of them; which one differs by engine.
        columns: String,
    },
    /// A row that this one refers to does not exist, or is still referred to. Nothing was done.
    #[error("a row is missing that this one refers to, or it is still referred to: {reason}")]
    ForeignKeyViolation {
        /// Which constraint, where the engine tells.
        reason: String,
    },
    /// The database holds something that cannot be there.
    #[error("the database holds what it should not: {reason}")]
    Corrupt {
        /// Where (column and statement) and what.
        reason: String,
    },
    /// The statement, a parameter, the migrations or the configuration is wrong: running it again
    /// cannot help.
    #[error("{reason}")]
    Invalid {
        /// What is wrong, where, and what to do.
        reason: String,
    },
}

impl DbError {
    /// An [`DbError::Unavailable`] of which it is certain that nothing was committed.
    pub(super) fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable {
            reason: reason.into(),
            retryable: true,
        }
    }

    /// An [`DbError::Unavailable`] that may have been committed.
    pub(super) fn unknown_outcome(reason: impl Into<String>) -> Self {
        Self::Unavailable {
            reason: reason.into(),
            retryable: false,
        }
    }

    /// The answer of a database that was closed.
    pub(super) fn closed() -> Self {
        Self::unavailable("it was closed")
    }
}

/// Why a batch was not committed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CommitError {
    /// A guard did not hold, or PostgreSQL chose this batch to end a deadlock (40P01) or a
    /// serialization failure (40001). Nothing was committed: read again and decide again.
    #[error("statement {guard} of the batch found another state than was read")]
    Conflict {
        /// Which statement, counted from 0 in the order they were added to the batch.
        guard: usize,
        /// What the batch called it, see [`Batch::conflict`](super::Batch::conflict).
        label: Option<&'static str>,
    },
    /// The database's error; see each for whether anything was committed.
    #[error(transparent)]
    Db(#[from] DbError),
}
