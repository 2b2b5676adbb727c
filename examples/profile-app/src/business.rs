//! The app's own model of a person: what is no claim of anybody's.

use std::collections::BTreeMap;

use meibo_sdk::Change;

use crate::field::Field;
use crate::number::{Number, last_four};
use crate::profile::{Profile, Submission};
use crate::seal::Seal;

/// A person's row, or that there is none yet.
#[derive(Clone, Default)]
pub(crate) struct Business {
    /// Counts the changes; 0: no row.
    pub(crate) version: i64,
    /// Empty when unset, as is the next.
    pub(crate) age: String,
    pub(crate) shipping_address: String,
    pub(crate) numbers: BTreeMap<Number, SealedNumber>,
}

/// A number as it is kept.
#[derive(Clone)]
pub(crate) struct SealedNumber {
    pub(crate) sealed: String,
    pub(crate) last_four: String,
}

impl Business {
    /// The members that a page shows whole, put into `profile`.
    pub(crate) fn fill(&self, profile: &mut Profile) {
        profile.set(Field::Age, &*self.age);
        profile.set(Field::ShippingAddress, &*self.shipping_address);
    }

    /// The end of a number, when there is one.
    pub(crate) fn last_four(&self, number: Number) -> Option<&str> {
        self.numbers.get(&number).map(|kept| &*kept.last_four)
    }

    /// The row that `submission` asks for; `None` when it is this one. Numbers are opened to be
    /// compared, so that a form that is sent twice changes nothing the second time. `Err`: a number
    /// cannot be sealed.
    pub(crate) fn changed_by(
        &self,
        user_id: &str,
        submission: &Submission,
        seal: &Seal,
    ) -> Result<Option<Self>, aws_lc_rs::error::Unspecified> {
        let wanted = &submission.profile;
        let mut next = Self {
            version: self.version + 1,
            age: wanted.get(Field::Age).to_owned(),
            shipping_address: wanted.get(Field::ShippingAddress).to_owned(),
            numbers: self.numbers.clone(),
        };
        let mut is_changed = next.age != self.age || next.shipping_address != self.shipping_address;
        for number in Number::ALL {
            match submission.number(number) {
                Change::Keep => {}
                Change::Clear => is_changed |= next.numbers.remove(&number).is_some(),
                Change::Set(text) => {
                    let kept = self.numbers.get(&number);
                    let opened = kept.and_then(|kept| seal.open(user_id, number, &kept.sealed));
                    if opened.as_ref() != Some(text) {
                        let kept = SealedNumber {
                            sealed: seal.seal(user_id, number, text)?,
                            last_four: last_four(text),
                        };
                        next.numbers.insert(number, kept);
                        is_changed = true;
                    }
                }
            }
        }
        Ok(is_changed.then_some(next))
    }
}
