//! A minimal HTTP/1.1 client over one keep-alive connection: light enough not to be what is measured.

pub(crate) mod request;
mod response;

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use response::Length;

/// A keep-alive connection that carries one exchange at a time.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// One response, in the connection's buffer until the next exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    head: &'a [u8],
    pub(crate) body: &'a [u8],
}

impl Connection {
    /// Connects to `address`, without Nagle's delay.
    ///
    /// # Errors
    /// Nobody listens there.
    #[allow(
        clippy::disallowed_methods,
        reason = "a load generator connects to the server it measures"
    )]
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            received: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends one whole request (head and body as they go over the wire) and reads the whole response.
    ///
    /// # Errors
    /// The connection is lost, or what came is not HTTP/1.1. The connection is of no use afterwards.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.received.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            if let Some(head) = response::parse_head(&self.received)? {
                break head;
            }
            self.fill().await?;
        };
        match head.length {
            Length::Known(length) => {
                while self.received.len() < head.end.saturating_add(length) {
                    self.fill().await?;
                }
            }
            Length::Chunked => {
                let body = loop {
                    let chunks = self.received.get(head.end..).unwrap_or_default();
                    if let Some(body) = response::join_chunks(chunks)? {
                        break body;
                    }
                    self.fill().await?;
                };
                self.received.truncate(head.end);
                self.received.extend_from_slice(&body);
            }
        }
        let (head_bytes, body) = self.received.split_at_checked(head.end).unwrap_or_default();
        Ok(Answer {
            status: head.status,
            head: head_bytes,
            body,
        })
    }

    async fn fill(&mut self) -> io::Result<()> {
        self.received.reserve(4 * 1024);
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the server closed the connection",
            )),
            _ => Ok(()),
        }
    }
}

impl<'a> Answer<'a> {
    /// The values of all headers called `name` (any case), in the order they came.
    pub(crate) fn headers(&self, name: &'a str) -> impl Iterator<Item = &'a str> {
        response::fields(self.head)
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name.as_bytes()))
            .filter_map(|(_, value)| str::from_utf8(value).ok())
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Status and the beginning of the body on one line, for a message that says what went wrong.
    pub(crate) fn describe(&self) -> String {
        let body = String::from_utf8_lossy(
            self.body
                .get(..self.body.len().min(2_000))
                .unwrap_or_default(),
        );
        let words: Vec<&str> = body.split_whitespace().collect();
        let line: String = words.join(" ").chars().take(400).collect();
        format!(
            "status {}, body: {}",
            self.status,
            if line.is_empty() { "(empty)" } else { &line }
        )
    }
}
