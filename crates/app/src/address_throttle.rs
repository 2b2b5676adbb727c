//! How often one network address may begin sign-ins and post to their pages; counted on this node
//! only.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};
use meibo_domain::{Error, ErrorCode, Result};

use crate::{App, SignInRate};

/// Sign-ins that an address may begin for each post that it may make: pages are opened more often
/// than they are sent, and each costs a row.
const BEGUN_FOR_EACH_POST: u32 = 5;

pub(crate) struct AddressThrottle {
    posts: DefaultKeyedRateLimiter<IpAddr>,
    begun: DefaultKeyedRateLimiter<IpAddr>,
}

impl AddressThrottle {
    pub(crate) fn new(rate: SignInRate) -> Self {
        let limiter = |factor: u32| {
            let times = |number: u32| {
                NonZeroU32::new(number.saturating_mul(factor)).unwrap_or(NonZeroU32::MIN)
            };
            RateLimiter::keyed(
                Quota::per_second(times(rate.per_second)).allow_burst(times(rate.burst)),
            )
        };
        Self {
            posts: limiter(1),
            begun: limiter(BEGUN_FOR_EACH_POST),
        }
    }

    /// Forgets the addresses that have been quiet.
    pub(crate) fn forget_quiet(&self) {
        for limiter in [&self.posts, &self.begun] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

impl App {
    /// Counts a post from `address`. IPv6 addresses count by /64, for a host owns one.
    ///
    /// # Errors
    /// `request.too_many`, with the seconds to wait.
    pub fn check_address(&self, address: IpAddr) -> Result<()> {
        check(&self.throttle.posts, address)
    }

    /// Counts a sign-in that `address` begins.
    ///
    /// # Errors
    /// `request.too_many`, with the seconds to wait.
    pub(crate) fn check_beginning(&self, address: IpAddr) -> Result<()> {
        check(&self.throttle.begun, address)
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<IpAddr>, address: IpAddr) -> Result<()> {
    let key = match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(
            address.to_bits() & !u128::from(u64::MAX),
        )),
        v4 @ IpAddr::V4(_) => v4,
    };
    limiter.check_key(&key).map_err(|refused| {
        let wait = refused.wait_time_from(governor::clock::DefaultClock::default().now());
        let seconds = u32::try_from(wait.as_secs().saturating_add(1)).unwrap_or(u32::MAX);
        Error::new(ErrorCode::TooManyRequests).retry_after(seconds)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_is_stopped_and_its_neighbours_are_not() {
        let throttle = AddressThrottle::new(SignInRate {
            per_second: 1,
            burst: 2,
        });
        let ask = |limiter: &DefaultKeyedRateLimiter<IpAddr>, address: &str| {
            check(limiter, address.parse().unwrap()).map_err(|error| error.code())
        };
        for address in ["192.0.2.1", "2001:db8::1"] {
            assert_eq!(
                [ask(&throttle.posts, address), ask(&throttle.posts, address)],
                [Ok(()), Ok(())]
            );
        }
        let stopped = Err(ErrorCode::TooManyRequests);
        assert_eq!(ask(&throttle.posts, "::ffff:192.0.2.1"), stopped);
        assert_eq!(
            ask(&throttle.posts, "2001:db8::ffff"),
            stopped,
            "the same /64"
        );
        assert_eq!(ask(&throttle.posts, "192.0.2.2"), Ok(()));
        assert_eq!(
            ask(&throttle.begun, "192.0.2.1"),
            Ok(()),
            "beginning is counted apart"
        );
    }
}
