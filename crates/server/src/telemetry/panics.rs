//! A panic is a log line like any other.

use std::panic::{self, PanicHookInfo};

/// Logs every panic of this process at level error, with its place.
pub(super) fn log_panics() {
    panic::set_hook(Box::new(|info| {
        let location = info.location().map(ToString::to_string);
        tracing::error!(location, message = message(info), "panic");
    }));
}

fn message<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    info.payload_as_str().unwrap_or("no message")
}
