//! How many messages are sent at all, and to which countries: messages cost their operator, and
//! strangers are paid for the text messages that some numbers get.
//!
//! Beside the places of each recipient ([`crate::message_send`]) messages are counted for the sign-in
//! that asks for them, for the network that it comes from, and for the whole deployment. A machine's
//! back end asks for all of its people from one network, so for it only the last one holds.

use std::{net::IpAddr, time::Duration};

use crate::{
    ErrorCode, Result,
    counter::Bound,
    ids::SignInId,
    network::{neighbourhood, wide_neighbourhood},
    phone::Country,
    recipient::{Channel, Recipient},
    time::minutes,
};

/// The time in which they are counted.
pub const MESSAGE_WINDOW: Duration = minutes(60);

/// Messages that one sign-in can have sent, to whomever.
pub const MAX_FOR_SIGN_IN: i64 = 6;

/// Messages that an IPv4 /24 can have sent.
pub const MAX_FROM_IPV4: i64 = 100;

/// Messages that an IPv6 /64, which is one household or host, can have sent.
pub const MAX_FROM_IPV6: i64 = 30;

/// Messages that an IPv6 /48 can have sent.
pub const MAX_FROM_IPV6_WIDE: i64 = 200;

/// Who has a message sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageOrigin {
    /// A back end or an administrator, by the Management API.
    Machine,
    /// A browser, on a page of a sign-in.
    Page {
        /// The sign-in.
        sign_in_id: SignInId,
        /// The browser's address.
        address: IpAddr,
    },
}

impl MessageOrigin {
    /// The network that takes places of a recipient: an IPv4 /24 or an IPv6 /48; empty for machines.
    #[must_use]
    pub fn network(&self) -> String {
        match self {
            Self::Machine => String::new(),
            Self::Page { address, .. } => wide_neighbourhood(*address),
        }
    }
}

/// What the operator allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageLimits {
    /// The countries whose numbers get text messages; empty for all.
    pub sms_countries: Vec<Country>,
    /// Text messages in an hour in the whole deployment; 0 for any number.
    pub max_sms_per_hour: u32,
    /// Emails in an hour in the whole deployment; 0 for any number.
    pub max_emails_per_hour: u32,
}

impl Default for MessageLimits {
    fn default() -> Self {
        Self {
            sms_countries: Vec::new(),
            max_sms_per_hour: 1_000,
            max_emails_per_hour: 10_000,
        }
    }
}

impl MessageLimits {
    /// Is the recipient in a country that gets messages? A number that belongs to no country is in
    /// none of the list.
    ///
    /// # Errors
    /// `request.recipient_country_not_allowed`.
    pub fn check_country(&self, to: &Recipient) -> Result<()> {
        match to {
            Recipient::Phone(phone) if !self.sms_countries.is_empty() => {
                let country = phone.country();
                let is_listed = country.is_some_and(|it| self.sms_countries.contains(&it));
                is_listed
                    .then_some(())
                    .ok_or_else(|| ErrorCode::RecipientCountryNotAllowed.into())
            }
            Recipient::Phone(_) | Recipient::Email(_) => Ok(()),
        }
    }

    /// What holds for one more message, the narrowest first: the batches of many messages meet in
    /// the last ones only.
    #[must_use]
    pub fn bounds(&self, channel: Channel, origin: &MessageOrigin) -> Vec<Bound> {
        let bound = |key: String, max: i64| Bound {
            key: format!("messages:{key}"),
            max,
            window: MESSAGE_WINDOW,
        };
        let mut bounds = Vec::new();
        if let MessageOrigin::Page {
            sign_in_id,
            address,
        } = origin
        {
            bounds.push(bound(format!("sign-in:{sign_in_id}"), MAX_FOR_SIGN_IN));
            let near = neighbourhood(*address);
            let wide = wide_neighbourhood(*address);
            if near == wide {
                bounds.push(bound(near, MAX_FROM_IPV4));
            } else {
                bounds.push(bound(near, MAX_FROM_IPV6));
                bounds.push(bound(wide, MAX_FROM_IPV6_WIDE));
            }
        }
        let ceiling = match channel {
            Channel::Email => self.max_emails_per_hour,
            Channel::Sms => self.max_sms_per_hour,
        };
        if ceiling > 0 {
            bounds.push(bound(channel.as_str().to_owned(), ceiling.into()));
        }
        bounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(address: &str) -> MessageOrigin {
        MessageOrigin::Page {
            sign_in_id: SignInId::parse("s1").unwrap(),
            address: address.parse().unwrap(),
        }
    }

    #[test]
    fn what_holds_for_whom() {
        let limits = MessageLimits::default();
        let unlimited = MessageLimits {
            max_sms_per_hour: 0,
            ..MessageLimits::default()
        };
        for (limits, channel, origin, expected) in [
            (
                &limits,
                Channel::Email,
                MessageOrigin::Machine,
                vec![("messages:Email", 10_000)],
            ),
            (
                &limits,
                Channel::Sms,
                MessageOrigin::Machine,
                vec![("messages:Sms", 1_000)],
            ),
            (&unlimited, Channel::Sms, MessageOrigin::Machine, vec![]),
            (
                &unlimited,
                Channel::Sms,
                page("::ffff:192.0.2.7"),
                vec![("messages:sign-in:s1", 6), ("messages:192.0.2.0/24", 100)],
            ),
            (
                &limits,
                Channel::Sms,
                page("2001:db8:1:2::9"),
                vec![
                    ("messages:sign-in:s1", 6),
                    ("messages:2001:db8:1:2::/64", 30),
                    ("messages:2001:db8:1::/48", 200),
                    ("messages:Sms", 1_000),
                ],
            ),
        ] {
            let bounds = limits.bounds(channel, &origin);
            let found: Vec<_> = bounds.iter().map(|it| (it.key.as_str(), it.max)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn only_listed_countries_get_text_messages() {
        let limits = MessageLimits {
            sms_countries: ["JP", "US"].map(|it| Country::parse(it).unwrap()).into(),
            ..MessageLimits::default()
        };
        let check = |limits: &MessageLimits, channel, text: &str| {
            let to = Recipient::parse(channel, text).unwrap();
            limits.check_country(&to).map_err(|error| error.code())
        };
        let refused = Err(ErrorCode::RecipientCountryNotAllowed);
        assert_eq!(check(&limits, Channel::Sms, "819012345678"), Ok(()));
        assert_eq!(check(&limits, Channel::Sms, "14155552671"), Ok(()));
        assert_eq!(
            check(&limits, Channel::Sms, "16137827274"),
            refused,
            "Canada shares +1"
        );
        assert_eq!(check(&limits, Channel::Sms, "447400123456"), refused);
        assert_eq!(
            check(&limits, Channel::Sms, "881612345678"),
            refused,
            "no country"
        );
        assert_eq!(check(&limits, Channel::Email, "a@example.co.uk"), Ok(()));
        assert_eq!(
            check(&MessageLimits::default(), Channel::Sms, "447400123456"),
            Ok(())
        );
    }
}
