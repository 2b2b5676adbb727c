//! What came back.

use bytes::{Bytes, BytesMut};
use reqwest::{
    Response,
    header::{CONTENT_ENCODING, HeaderMap},
};

use crate::{Limits, OutboundError, fault};

/// The longest head of a reply that is read, in bytes of names and values.
const MAX_HEAD: usize = 16 * 1024;

/// A whole reply, whatever its status.
#[derive(Debug, Clone)]
pub struct OutboundReply {
    /// 200 to 599; a redirect is a reply like any other.
    pub status: u16,
    /// As it was sent, at most [`Limits::max_body`] bytes.
    pub body: Bytes,
    headers: HeaderMap,
}

impl OutboundReply {
    /// The first header of a name, if it is visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Is the status 200 to 299?
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) async fn read(
        mut response: Response,
        limits: Limits,
    ) -> Result<Self, OutboundError> {
        let headers = std::mem::take(response.headers_mut());
        let head: usize = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        if head > MAX_HEAD {
            return Err(OutboundError::TooLarge {
                part: "head",
                limit: MAX_HEAD,
            });
        }
        // Only `identity` was offered; nothing is unpacked here, so nothing can unpack without bound.
        if headers
            .get(CONTENT_ENCODING)
            .is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
        {
            return Err(OutboundError::Protocol(
                "it is compressed, which was not offered".to_owned(),
            ));
        }
        let limit = limits.max_body;
        let too_large = OutboundError::TooLarge {
            part: "body",
            limit,
        };
        let announced = response.content_length().unwrap_or(0);
        if usize::try_from(announced).map_or(true, |announced| announced > limit) {
            return Err(too_large);
        }
        let status = response.status().as_u16();
        let mut body = BytesMut::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| fault::read(&error))?
        {
            if body.len().saturating_add(chunk.len()) > limit {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self {
            status,
            body: body.freeze(),
            headers,
        })
    }
}
