//! The combined profile: the identity server's model and the app's own.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::business::Business;
use crate::field::Field;
use crate::profile::{Profile, Submission};

/// What both models hold at one time.
pub(crate) struct Known {
    /// Every member of [`Field`].
    pub(crate) profile: Profile,
    pub(crate) business: Business,
}

impl Known {
    /// Combines the identity server's members, from whichever of its sources, with the app's own.
    pub(crate) fn new(identity: Profile, business: Business) -> Self {
        let mut profile = identity;
        business.fill(&mut profile);
        Self { profile, business }
    }

    /// Names this state of both models: the page that shows it carries it, so that a save from an
    /// old page is noticed.
    pub(crate) fn version(&self) -> String {
        format!("{}.{}", self.digest(), self.business.version)
    }

    /// Whether `submission` was made on a page that showed something else, and would undo what is
    /// there now. A form that was saved before and is sent again undoes nothing.
    pub(crate) fn is_undone_by(&self, submission: &Submission, is_business_changed: bool) -> bool {
        let Some(seen) = &submission.version else {
            return false;
        };
        let (digest, version) = seen.rsplit_once('.').unwrap_or_default();
        let is_identity_undone =
            digest != self.digest() && !self.profile.agrees(&submission.profile, Field::identity());
        let is_business_undone =
            version != self.business.version.to_string() && is_business_changed;
        is_identity_undone || is_business_undone
    }

    fn digest(&self) -> String {
        let mut text = String::new();
        for field in Field::identity() {
            let value = self.profile.get(field);
            // The length keeps neighbours apart.
            let _ = write!(text, "{}:{value}", value.len());
        }
        let hash = digest(&SHA256, text.as_bytes());
        let start = hash.as_ref().get(..16).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(start)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn known(name: &str, version: i64) -> Known {
        let mut identity = Profile::default();
        identity.set(Field::Name, name);
        let business = Business {
            version,
            ..Business::default()
        };
        Known::new(identity, business)
    }

    fn from(seen: &Known, name: &str) -> Submission {
        Submission {
            profile: known(name, 0).profile,
            numbers: BTreeMap::new(),
            version: Some(seen.version()),
        }
    }

    #[test]
    fn an_old_page_undoes_what_it_did_not_show() {
        let (old, new) = (known("Sei", 1), known("Nagiko", 1));
        assert!(!old.is_undone_by(&from(&old, "Other"), true));
        assert!(new.is_undone_by(&from(&old, "Other"), false));
        assert!(
            !new.is_undone_by(&from(&old, "Nagiko"), false),
            "sent twice"
        );
        assert!(known("Sei", 2).is_undone_by(&from(&old, "Sei"), true));
        assert!(!known("Sei", 2).is_undone_by(&from(&old, "Sei"), false));
        for forged in ["", ".", "x", "x.1", "x.y.z"] {
            let mut submission = from(&old, "Other");
            submission.version = Some(forged.to_owned());
            assert!(old.is_undone_by(&submission, true), "{forged}");
            submission.version = None;
            assert!(!old.is_undone_by(&submission, true));
        }
    }

    #[test]
    fn neighbours_are_kept_apart() {
        let mut one = known("", 0);
        one.profile.set(Field::Nickname, "1:a");
        let mut two = known("1:a", 0);
        two.profile.set(Field::Nickname, "");
        assert_ne!(one.version(), two.version());
    }
}
