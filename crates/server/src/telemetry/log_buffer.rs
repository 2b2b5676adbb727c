//! Log lines are written by a thread of their own, many at a time, so that a slow reader of the log slows no request.

use std::io::{self, Write};
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// How long lines are gathered before they are written together.
const GATHER: Duration = Duration::from_millis(20);

/// Bytes that are written without gathering longer.
const ENOUGH: usize = 64 * 1024;

/// Where log lines go. At most `limit` bytes wait; lines beyond them are counted and dropped.
#[derive(Clone)]
pub(super) struct LogBuffer(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    /// Told when the first line waits, when there are enough, and when writing ends.
    changed: Condvar,
    limit: usize,
    dropped: AtomicU64,
}

#[derive(Default)]
struct Waiting {
    text: Vec<u8>,
    is_ending: bool,
}

/// Ends the thread when dropped, after it has written every line.
pub(super) struct LogThread {
    buffer: LogBuffer,
    thread: Option<JoinHandle<()>>,
}

impl LogBuffer {
    /// Starts the thread that writes to `sink`.
    ///
    /// # Errors
    /// The system cannot start a thread.
    pub(super) fn start<W>(sink: W, limit: usize) -> io::Result<(Self, LogThread)>
    where
        W: Write + Send + 'static,
    {
        let buffer = Self(Arc::new(Shared {
            waiting: Mutex::default(),
            changed: Condvar::new(),
            limit,
            dropped: AtomicU64::new(0),
        }));
        let shared = Arc::clone(&buffer.0);
        let thread = Builder::new()
            .name("log".to_owned())
            .spawn(move || shared.write_all_to(sink))?;
        let thread = LogThread {
            buffer: buffer.clone(),
            thread: Some(thread),
        };
        Ok((buffer, thread))
    }

    /// Lines that found no room since the start.
    pub(super) fn dropped(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }
}

impl Shared {
    /// A thread that panicked while it held the lock left whole lines behind: the buffer is good.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, line: &[u8]) {
        let mut waiting = self.lock();
        let before = waiting.text.len();
        if before + line.len() > self.limit {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        waiting.text.extend_from_slice(line);
        let after = waiting.text.len();
        drop(waiting);
        if before == 0 || (before < ENOUGH && after >= ENOUGH) {
            self.changed.notify_one();
        }
    }

    fn write_all_to(&self, mut sink: impl Write) {
        let mut text = Vec::new();
        loop {
            let waiting = self
                .changed
                .wait_while(self.lock(), |waiting| {
                    waiting.text.is_empty() && !waiting.is_ending
                })
                .unwrap_or_else(PoisonError::into_inner);
            let (mut waiting, _) = self
                .changed
                .wait_timeout_while(waiting, GATHER, |waiting| {
                    waiting.text.len() < ENOUGH && !waiting.is_ending
                })
                .unwrap_or_else(PoisonError::into_inner);
            mem::swap(&mut waiting.text, &mut text);
            let is_ending = waiting.is_ending;
            drop(waiting);
            // nobody is left to be told that the log cannot be written
            let _ = sink.write_all(&text).and_then(|()| sink.flush());
            text.clear();
            if is_ending {
                return;
            }
            // what a burst has needed is given back
            text.shrink_to(ENOUGH);
        }
    }
}

/// One line, as the formatter hands it over.
pub(super) struct Line<'a>(&'a Shared);

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogBuffer {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(&self.0)
    }
}

impl Drop for LogThread {
    fn drop(&mut self) {
        self.buffer.0.lock().is_ending = true;
        self.buffer.0.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // it cannot be told to anybody that the thread has panicked
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Passes on what is written, each time only after it was told to go on.
    struct Slow {
        go_on: mpsc::Receiver<()>,
        written: mpsc::Sender<Vec<u8>>,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.written.send(bytes.to_vec());
            let _ = self.go_on.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log(buffer: &LogBuffer, line: &str) {
        buffer.make_writer().write_all(line.as_bytes()).unwrap();
    }

    #[test]
    fn every_line_is_written_in_order_before_the_end() {
        let (sink, lines) = mpsc::channel();
        let (go_on, told) = mpsc::channel();
        let slow = Slow {
            go_on: told,
            written: sink,
        };
        drop(go_on);
        let (buffer, thread) = LogBuffer::start(slow, 1 << 20).unwrap();
        let expected: String = (0..1000).map(|n| format!("line {n}\n")).collect();
        expected
            .split_inclusive('\n')
            .for_each(|line| log(&buffer, line));
        drop(thread);
        let written: Vec<u8> = lines.try_iter().flatten().collect();
        assert_eq!(String::from_utf8(written).unwrap(), expected);
        assert_eq!(buffer.dropped(), 0);
    }

    #[test]
    fn a_stuck_sink_costs_lines_and_never_a_caller() {
        let (sink, lines) = mpsc::channel();
        let (go_on, told) = mpsc::channel();
        let slow = Slow {
            go_on: told,
            written: sink,
        };
        let (buffer, thread) = LogBuffer::start(slow, 10).unwrap();
        log(&buffer, "first\n");
        assert_eq!(lines.recv().unwrap(), b"first\n");
        log(&buffer, "123456\n");
        log(&buffer, "too long now\n");
        log(&buffer, "8\n");
        log(&buffer, "9\n");
        assert_eq!(buffer.dropped(), 2);
        drop(go_on);
        drop(thread);
        assert_eq!(lines.recv().unwrap(), b"123456\n8\n");
    }
}
