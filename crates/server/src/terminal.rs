//! Words for the person at the command line.

use std::io::{self, Write as _};

/// Writes `text`, which ends its last line, to the standard output. A reader that has gone away is no error.
///
/// # Errors
/// The standard output cannot be written.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes each line of `text` to the standard error, after the program's name.
pub(crate) fn complain(text: &str) {
    let mut out = io::stderr().lock();
    for line in text.lines() {
        // there is no other place to complain at
        let _ = writeln!(out, "meibo: {line}");
    }
}
