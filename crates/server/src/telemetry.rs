//! What the server tells about itself: log lines on the standard error, metrics for Prometheus.

mod exposition;
mod log_buffer;
mod logging;
mod panics;
mod process;

pub(crate) use self::exposition::{MetricsSource, serve_metrics};
pub(crate) use self::logging::{LogConfig, LogFormat, Logging};
