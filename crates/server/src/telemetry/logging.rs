//! Log lines on the standard error: for people on a terminal, as JSON elsewhere.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use super::log_buffer::{LogBuffer, LogThread};
use super::panics;

/// Bytes of log lines that may wait to be written.
const LIMIT: usize = 4 * 1024 * 1024;

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    /// What holds unless told: text for the person at a terminal, JSON for whoever collects the lines.
    pub(crate) fn of_stderr() -> Self {
        if io::stderr().is_terminal() {
            Self::Text
        } else {
            Self::Json
        }
    }
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub(crate) struct LogConfig {
    pub(crate) format: LogFormat,
    pub(crate) filter: Targets,
}

/// Logging under way; when it is dropped, every line has been written.
pub(crate) struct Logging {
    buffer: LogBuffer,
    _thread: LogThread,
}

/// Why nothing can be logged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoggingError {
    /// The thread that writes cannot be started.
    #[error("the log's thread cannot be started: {0}")]
    Thread(#[from] io::Error),
    /// Something in this process logs already.
    #[error("{0}")]
    Taken(#[from] TryInitError),
}

impl Logging {
    /// Starts logging for the whole process.
    ///
    /// # Errors
    /// See [`LoggingError`].
    pub(crate) fn start(config: &LogConfig) -> Result<Self, LoggingError> {
        let (buffer, thread) = LogBuffer::start(io::stderr(), LIMIT)?;
        let registry = tracing_subscriber::registry().with(config.filter.clone());
        let layer = fmt::layer().with_writer(buffer.clone());
        match config.format {
            LogFormat::Text => registry
                .with(layer.with_ansi(io::stderr().is_terminal()))
                .try_init()?,
            LogFormat::Json => registry
                .with(layer.json().flatten_event(true).with_span_list(false))
                .try_init()?,
        }
        panics::log_panics();
        Ok(Self {
            buffer,
            _thread: thread,
        })
    }

    /// Tells, at any later time, how many lines were dropped.
    pub(crate) fn dropped_lines(&self) -> impl Fn() -> u64 + Send + Sync + 'static {
        let buffer = self.buffer.clone();
        move || buffer.dropped()
    }
}
