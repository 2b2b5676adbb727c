//! `Retry-After`: how long a provider asks to wait (RFC 9110 section 10.2.3).

use std::time::Duration;

use meibo_domain::time::Timestamp;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::SendError;
use crate::OutboundReply;

/// The failure, with the wait that the reply asks for if it is one that passes.
pub(super) fn asked(error: SendError, reply: &OutboundReply, now: Timestamp) -> SendError {
    let wait = reply
        .header("retry-after")
        .and_then(|value| parse(value, now));
    match (error, wait) {
        (SendError::Later(reason), Some(wait)) => SendError::LaterThan(reason, wait),
        (error, _) => error,
    }
}

/// Seconds, or a date in the form that senders must use (RFC 9110 section 5.6.7), which may have
/// passed.
fn parse(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.parse().ok().map(Duration::from_secs);
    }
    let at = OffsetDateTime::parse(value, &Rfc2822).ok()?;
    Some(Timestamp::from_seconds(at.unix_timestamp()) - now)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-02T03:04:05Z
    const NOW: Timestamp = Timestamp(1_767_323_045_000);

    #[test]
    fn seconds_or_a_date() {
        for (value, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Fri, 02 Jan 2026 03:06:05 GMT", Some(120)),
            ("Fri, 02 Jan 2026 03:04:05 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("+5", None),
            ("1.5", None),
            ("soon", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(
                parse(value, NOW),
                expected.map(Duration::from_secs),
                "{value:?}"
            );
        }
    }
}
