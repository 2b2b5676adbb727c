//! Versions of a key map: a draft is published, a published one is rolled back to by publishing it anew.

use serde::{Deserialize, Serialize};

use super::entry::{EntryText, KeyMap, MapRights};
use crate::{Error, ErrorCode, Result, time::Timestamp};

/// A map that nobody's sign-in reads yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftMap {
    map: KeyMap,
    /// The published version that it was made from.
    based_on: Option<u32>,
}

/// A version that sign-ins read, or did. Its number never changes and is never used again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedMap {
    map: KeyMap,
    number: u32,
    published_at: Timestamp,
    restores: Option<u32>,
}

/// A version as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionRecord {
    /// 1 for a webhook's first map, then one more each time.
    pub number: u32,
    /// The entries as they were written.
    pub entries: Vec<EntryText>,
    /// When it was published.
    pub published_at: Timestamp,
    /// The earlier version whose entries these are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restores: Option<u32>,
}

impl DraftMap {
    /// A draft of `entries`, made from the version `based_on`, none for a webhook's first.
    ///
    /// # Errors
    /// Those of [`KeyMap::check`].
    pub fn new(entries: &[EntryText], rights: MapRights, based_on: Option<u32>) -> Result<Self> {
        let map = KeyMap::check(entries, rights)?;
        Ok(Self { map, based_on })
    }

    /// The map, to preview and replay.
    #[must_use]
    pub const fn map(&self) -> &KeyMap {
        &self.map
    }

    /// The next version, after `current`.
    ///
    /// # Errors
    /// `entity.changed_meanwhile` when another version was published since the draft was made.
    pub fn publish(self, current: Option<&PublishedMap>, now: Timestamp) -> Result<PublishedMap> {
        let current = current.map(|current| current.number);
        if current != self.based_on {
            return Err(Error::new(ErrorCode::ChangedMeanwhile)
                .detail("another version of the key map was published since the draft was made"));
        }
        Ok(PublishedMap {
            map: self.map,
            number: next(current),
            published_at: now,
            restores: None,
        })
    }
}

impl PublishedMap {
    /// The version that this type wrote to the register before.
    ///
    /// # Errors
    /// Those of [`KeyMap::check`]: a right that the map needs was taken away since.
    pub fn from_record(record: &VersionRecord, rights: MapRights) -> Result<Self> {
        Ok(Self {
            map: KeyMap::check(&record.entries, rights)?,
            number: record.number,
            published_at: record.published_at,
            restores: record.restores,
        })
    }

    /// What is kept of it.
    #[must_use]
    pub fn to_record(&self) -> VersionRecord {
        VersionRecord {
            number: self.number,
            entries: self.map.to_text(),
            published_at: self.published_at,
            restores: self.restores,
        }
    }

    /// The map that sign-ins read.
    #[must_use]
    pub const fn map(&self) -> &KeyMap {
        &self.map
    }

    /// The number that traces name.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// A draft of the same entries.
    #[must_use]
    pub fn to_draft(&self) -> DraftMap {
        DraftMap {
            map: self.map.clone(),
            based_on: Some(self.number),
        }
    }

    /// The next version with the entries of `earlier`: history grows, nothing in it changes.
    ///
    /// # Errors
    /// `guard.invalid_input` for the member `version` when `earlier` is not earlier.
    pub fn roll_back(self, earlier: &Self, now: Timestamp) -> Result<Self> {
        if earlier.number >= self.number {
            return Err(Error::invalid(
                "version",
                "not_earlier",
                format!("a version before {}, which is in use", self.number),
            ));
        }
        Ok(Self {
            map: earlier.map.clone(),
            number: next(Some(self.number)),
            published_at: now,
            restores: Some(earlier.number),
        })
    }
}

fn next(current: Option<u32>) -> u32 {
    current.map_or(1, |number| number.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn draft(key: &str, based_on: Option<u32>) -> DraftMap {
        let entries = json!([{"property": "nickname", "key": key}]);
        let entries: Vec<EntryText> = serde_json::from_value(entries).unwrap();
        DraftMap::new(&entries, MapRights::default(), based_on).unwrap()
    }

    #[test]
    fn numbers_grow_and_history_stays() {
        let first = draft("a", None).publish(None, Timestamp(1)).unwrap();
        let second = draft("b", Some(1))
            .publish(Some(&first), Timestamp(2))
            .unwrap();
        let third = second.clone().roll_back(&first, Timestamp(3)).unwrap();
        assert_eq!((first.number(), second.number(), third.number()), (1, 2, 3));
        assert_eq!(third.map(), first.map());
        assert_eq!(third.to_record().restores, Some(1));
        let record = serde_json::to_value(third.to_record()).unwrap();
        let read: VersionRecord = serde_json::from_value(record).unwrap();
        assert_eq!(
            PublishedMap::from_record(&read, MapRights::default()).unwrap(),
            third
        );
        assert!(first.clone().roll_back(&second, Timestamp(4)).is_err());
        assert!(first.clone().roll_back(&first, Timestamp(4)).is_err());
    }

    #[test]
    fn a_draft_of_an_overtaken_version_is_not_published() {
        let first = draft("a", None).publish(None, Timestamp(1)).unwrap();
        for stale in [None, Some(7)] {
            let error = draft("b", stale)
                .publish(Some(&first), Timestamp(2))
                .unwrap_err();
            assert_eq!(error.code(), ErrorCode::ChangedMeanwhile);
        }
        assert!(draft("b", Some(1)).publish(None, Timestamp(2)).is_err());
        assert!(first.to_draft().publish(Some(&first), Timestamp(2)).is_ok());
    }
}
