//! A socket that counts what passes, for the watchdog.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::watchdog::Counts;

/// What passes on one connection. The counters are read together, but need not agree to the last byte.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    received: AtomicU64,
    sent: AtomicU64,
    asked: AtomicU64,
    answered: AtomicU64,
    received_when_answered: AtomicU64,
    is_http2: AtomicBool,
}

/// A request under way; answered or given up when dropped.
#[derive(Debug)]
pub(super) struct Request(Arc<Traffic>);

impl Traffic {
    /// The head of a request has arrived.
    pub(super) fn ask(self: &Arc<Self>, is_http2: bool) -> Request {
        self.asked.fetch_add(1, Relaxed);
        if is_http2 {
            self.is_http2.store(true, Relaxed);
        }
        Request(Arc::clone(self))
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            received: self.received.load(Relaxed),
            sent: self.sent.load(Relaxed),
            asked: self.asked.load(Relaxed),
            answered: self.answered.load(Relaxed),
            received_when_answered: self.received_when_answered.load(Relaxed),
            is_http2: self.is_http2.load(Relaxed),
        }
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        let received = self.0.received.load(Relaxed);
        self.0.received_when_answered.store(received, Relaxed);
        self.0.answered.fetch_add(1, Relaxed);
    }
}

/// The socket.
pub(super) struct Watched<T> {
    socket: T,
    traffic: Arc<Traffic>,
}

impl<T> Watched<T> {
    pub(super) fn new(socket: T, traffic: Arc<Traffic>) -> Self {
        Self { socket, traffic }
    }

    fn count_sent(&self, sent: io::Result<usize>) -> io::Result<usize> {
        if let Ok(count) = sent {
            self.traffic.sent.fetch_add(count as u64, Relaxed);
        }
        sent
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(cx, buffer))?;
        let received = buffer.filled().len() - before;
        self.traffic.received.fetch_add(received as u64, Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = ready!(Pin::new(&mut self.socket).poll_write(cx, bytes));
        Poll::Ready(self.count_sent(sent))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = ready!(Pin::new(&mut self.socket).poll_write_vectored(cx, slices));
        Poll::Ready(self.count_sent(sent))
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
