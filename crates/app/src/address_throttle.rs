//! How often one network address may post to the sign-in pages; counted on this node only.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};
use meibo_domain::{Error, ErrorCode, Result};

use crate::{App, SignInRate};

pub(crate) struct AddressThrottle(DefaultKeyedRateLimiter<IpAddr>);

impl AddressThrottle {
    pub(crate) fn new(rate: SignInRate) -> Self {
        let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(
            Quota::per_second(at_least_one(rate.per_second)).allow_burst(at_least_one(rate.burst)),
        ))
    }

    /// Forgets the addresses that have been quiet.
    pub(crate) fn forget_quiet(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

impl App {
    /// Counts a post from `address`. IPv6 addresses count by /64, for a host owns one.
    ///
    /// # Errors
    /// `request.too_many`, with the seconds to wait.
    pub fn check_address(&self, address: IpAddr) -> Result<()> {
        let key = match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(
                address.to_bits() & !u128::from(u64::MAX),
            )),
            v4 @ IpAddr::V4(_) => v4,
        };
        self.throttle.0.check_key(&key).map_err(|refused| {
            let wait = refused.wait_time_from(governor::clock::DefaultClock::default().now());
            let seconds = u32::try_from(wait.as_secs().saturating_add(1)).unwrap_or(u32::MAX);
            Error::new(ErrorCode::TooManyRequests).retry_after(seconds)
        })
    }
}
