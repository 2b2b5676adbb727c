//! Numbers that cost whoever writes to them: premium services, satellites, personal redirections.
//!
//! Whoever can have messages sent to a number of their own choice, and earns from each, will
//! ("SMS pumping"). No person reads codes on such a number.

use phonenumber::{Type, metadata::DATABASE};

use super::PhoneNumber;

/// The longest number that is an emergency or service number, country code included. No
/// subscriber's international number is as short.
const MAX_SHORT: usize = 6;

/// Digits after `+` with which services begin that charge the caller.
const COSTLY: &[&str] = &[
    // of no country: shared cost, satellites, universal personal and networks, premium rate
    "808", "870", "878", "881", "882", "883", "888", "979",
    // premium, shared-cost and personal ranges, by country
    "1900", // North America
    "2790", "2786", // South Africa
    "31900", "31906", "31909", // Netherlands
    "3289", "3290", // Belgium: 090x
    "3381", "3382", "3389", // France
    "34803", "34806", "34807", "34905", "34907", // Spain
    "3989",  // Italy
    "41900", "41901", "41906", // Switzerland
    "43900", "43901", "43930", "43931", // Austria
    "4470", "4484", "4487", "449", // United Kingdom
    "46900", "46939", "46944", // Sweden
    "4870",  // Poland
    "49137", "49180", "49190", "49900", // Germany
    "52900", // Mexico
    "55300", "55900", // Brazil
    "6113", "6119",  // Australia
    "64900", // New Zealand
    "7803", "7809", // Russia
    "81180", "81570", "81990", // Japan
    "8260",  // Korea
    "90888", "90900", // Turkey
];

/// Is it an emergency or another short number (110, 911, 116117), with or without country code?
pub(crate) fn is_short(digits: &str) -> bool {
    digits.len() <= MAX_SHORT
}

impl PhoneNumber {
    /// Does a message to it cost more than one to a person's telephone, or reach a service? By a
    /// list of our own and by the numbering plans.
    #[must_use]
    pub fn is_costly(&self) -> bool {
        let digits = self.digits();
        is_short(digits)
            || COSTLY.iter().any(|start| digits.starts_with(start))
            || phonenumber::parse(None, self.as_str())
                .is_ok_and(|number| is_service(number.number_type(&DATABASE)))
    }
}

const fn is_service(kind: Type) -> bool {
    matches!(
        kind,
        Type::PremiumRate
            | Type::SharedCost
            | Type::PersonalNumber
            | Type::Pager
            | Type::Uan
            | Type::Emergency
            | Type::Voicemail
            | Type::ShortCode
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_told_from_telephones() {
        for (number, is_costly) in [
            ("+819012345678", false),
            ("+815012345678", false),
            ("+81312345678", false),
            ("+14155552671", false),
            ("+447400123456", false),
            ("+4915123456789", false),
            ("+33612345678", false),
            ("+393123456789", false),
            ("+61412345678", false),
            ("+821023456789", false),
            ("+8613800138000", false),
            ("+919876543210", false),
            ("+5511961234567", false),
            ("+27711234567", false),
            ("+905012345678", false),
            ("+79123456789", false),
            ("+979123456789", true),
            ("+870773111632", true),
            ("+881612345678", true),
            ("+88213123456", true),
            ("+883510012345", true),
            ("+19002345678", true),
            ("+81990504512", true),
            ("+81570012345", true),
            ("+449012345678", true),
            ("+447012345678", true),
            ("+498001234567", false),
            ("+499001234567", true),
            ("+33891123456", true),
            ("+611900123456", true),
            ("+82602345678", true),
            ("+81110", true),
            ("+1911", true),
        ] {
            let number = PhoneNumber::from_stored(number.to_owned());
            assert_eq!(number.is_costly(), is_costly, "{number}");
        }
    }
}
