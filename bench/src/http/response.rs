//! Reading a response (RFC 9112): pure, over the bytes that have come so far.

use std::io;

/// How the body ends (RFC 9112 section 6.3; "until the connection closes" is not supported).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// That many bytes.
    Known(usize),
    /// By a last chunk.
    Chunked,
}

/// A status line and what the headers say of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) length: Length,
    /// Where the body begins.
    pub(super) end: usize,
}

/// The head of a response, or nothing while it is incomplete.
///
/// # Errors
/// What came is not HTTP/1.x, or does not say how long its body is.
pub(super) fn parse_head(received: &[u8]) -> io::Result<Option<Head>> {
    let Some(end) = received
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|at| at + 4)
    else {
        return Ok(None);
    };
    let head = received.get(..end).unwrap_or_default();
    let status = head
        .strip_prefix(b"HTTP/1.")
        .and_then(|rest| number(rest.get(2..5)?, 10))
        .and_then(|status| u16::try_from(status).ok())
        .ok_or_else(|| malformed("no HTTP/1.x status line"))?;
    let length = if matches!(status, 204 | 304) {
        Length::Known(0)
    } else {
        length(head)?
    };
    Ok(Some(Head {
        status,
        length,
        end,
    }))
}

fn length(head: &[u8]) -> io::Result<Length> {
    let mut known = None;
    for (name, value) in fields(head) {
        if name.eq_ignore_ascii_case(b"content-length") {
            known =
                Some(number(value, 10).ok_or_else(|| malformed("Content-Length is no number"))?);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            return Ok(Length::Chunked);
        }
    }
    known
        .map(Length::Known)
        .ok_or_else(|| malformed("neither Content-Length nor Transfer-Encoding"))
}

/// Names and trimmed values of the header lines, the status line left out.
pub(super) fn fields(head: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    head.split(|byte| *byte == b'\n')
        .skip(1)
        .filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at_checked(colon)?;
            Some((name, value.get(1..)?.trim_ascii()))
        })
}

/// The body that the chunks make (RFC 9112 section 7.1), or nothing while the last one is missing.
/// Trailers are read over.
///
/// # Errors
/// A chunk without its size or its line end.
pub(super) fn join_chunks(mut chunks: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let Some((line, rest)) = split_line(chunks) else {
            return Ok(None);
        };
        let digits = line
            .split(|byte| *byte == b';')
            .next()
            .unwrap_or_default()
            .trim_ascii();
        let size = number(digits, 16).ok_or_else(|| malformed("a chunk without a size"))?;
        if size == 0 {
            let mut trailers = rest;
            while let Some((line, rest)) = split_line(trailers) {
                if line.is_empty() {
                    return Ok(Some(body));
                }
                trailers = rest;
            }
            return Ok(None);
        }
        let Some((data, rest)) = rest.split_at_checked(size) else {
            return Ok(None);
        };
        let Some((end, rest)) = rest.split_at_checked(2) else {
            return Ok(None);
        };
        if end != b"\r\n" {
            return Err(malformed("a chunk longer than its size"));
        }
        body.extend_from_slice(data);
        chunks = rest;
    }
}

fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.windows(2).position(|two| two == b"\r\n")?;
    Some((bytes.get(..at)?, bytes.get(at + 2..)?))
}

fn number(digits: &[u8], radix: u32) -> Option<usize> {
    let digits = str::from_utf8(digits)
        .ok()
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    usize::from_str_radix(digits, radix).ok()
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("not an HTTP/1.1 response: {what}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: a/b\r\nContent-LENGTH:  5 \r\n\r\nhello";

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let end = OK.len() - 5;
        for cut in 0..end {
            assert_eq!(parse_head(&OK[..cut]).unwrap(), None, "after {cut} bytes");
        }
        assert_eq!(
            parse_head(OK).unwrap(),
            Some(Head {
                status: 200,
                length: Length::Known(5),
                end
            })
        );
    }

    #[test]
    fn status_and_headers_decide_the_length() {
        let cases: [(&[u8], u16, Length); 4] = [
            (b"HTTP/1.1 204 No Content\r\n\r\n", 204, Length::Known(0)),
            (
                b"HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n",
                304,
                Length::Known(0),
            ),
            (
                b"HTTP/1.0 404 Not Found\r\ncontent-length: 0\r\n\r\n",
                404,
                Length::Known(0),
            ),
            (
                b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n",
                200,
                Length::Chunked,
            ),
        ];
        for (bytes, status, length) in cases {
            assert_eq!(
                parse_head(bytes).unwrap(),
                Some(Head {
                    status,
                    length,
                    end: bytes.len()
                })
            );
        }
    }

    #[test]
    fn what_is_not_a_response_is_an_error() {
        let cases: [&[u8]; 5] = [
            b"SSH-2.0-thing\r\n\r\n",
            b"HTTP/2 200\r\n\r\n",
            b"HTTP/1.1 2x0 OK\r\ncontent-length: 0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: +5\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ndate: now\r\n\r\n",
        ];
        for bytes in cases {
            assert!(
                parse_head(bytes).is_err(),
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn chunks_are_joined_once_the_last_has_come() {
        let chunks = b"4\r\nWiki\r\nA;x=1\r\npedia in\r\n\r\n0\r\nExpires: never\r\n\r\n";
        for cut in 0..chunks.len() {
            assert_eq!(
                join_chunks(&chunks[..cut]).unwrap(),
                None,
                "after {cut} bytes"
            );
        }
        assert_eq!(join_chunks(chunks).unwrap().unwrap(), b"Wikipedia in\r\n");
    }

    #[test]
    fn broken_chunks_are_an_error() {
        let cases: [&[u8]; 3] = [b"\r\nx\r\n", b"zz\r\n", b"1\r\nab\r\n"];
        for chunks in cases {
            assert!(
                join_chunks(chunks).is_err(),
                "{:?}",
                String::from_utf8_lossy(chunks)
            );
        }
    }
}
