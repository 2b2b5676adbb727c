//! The standard claims that a person's profile holds (OpenID Connect Core 5.1), stored once in
//! OIDC's own values and rendered for each dialect elsewhere.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    text::{check_lines, check_text, check_web_url},
};

/// Standard claims beside identifiers, name and picture. Every member is optional.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// `family_name`, at most 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// `given_name`, at most 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// `middle_name`, at most 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// `nickname`, at most 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// `preferred_username`, at most 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// `profile`: URL of the person's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// `website`: URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// `gender`, at most 64 characters; `female` and `male` are the standard's values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// `birthdate`: `YYYY-MM-DD`, `0000-MM-DD` or `YYYY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// `zoneinfo`, such as `Asia/Tokyo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// `locale`, such as `ja-JP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// `address` (OpenID Connect Core 5.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

/// A postal address. Every member is optional.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// The whole address, lines separated by `\n`, at most 1,024 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Street, house, box; may have lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// State, province, prefecture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl Profile {
    /// Drops empty members and checks the rest; paths are in the Management API's spelling.
    ///
    /// # Errors
    /// `guard.invalid_input` with the path of the first wrong member.
    pub fn checked(mut self) -> Result<Self> {
        for (path, value, max) in [
            ("familyName", &mut self.family_name, 255),
            ("givenName", &mut self.given_name, 255),
            ("middleName", &mut self.middle_name, 255),
            ("nickname", &mut self.nickname, 255),
            ("preferredUsername", &mut self.preferred_username, 255),
            ("gender", &mut self.gender, 64),
            ("zoneinfo", &mut self.zoneinfo, 64),
            ("locale", &mut self.locale, 35),
        ] {
            drop_empty(value);
            value
                .as_deref()
                .map_or(Ok(()), |text| check_text(path, text, max))?;
        }
        for (path, value) in [
            ("profile", &mut self.profile),
            ("website", &mut self.website),
        ] {
            drop_empty(value);
            value
                .as_deref()
                .map_or(Ok(()), |text| check_web_url(path, text))?;
        }
        drop_empty(&mut self.birthdate);
        self.birthdate.as_deref().map_or(Ok(()), check_birthdate)?;
        self.address = self
            .address
            .map(Address::checked)
            .transpose()?
            .filter(|address| *address != Address::default());
        Ok(self)
    }

    /// A shallow merge: members that `other` has replace ours; `address` is replaced as a whole.
    #[must_use]
    pub fn merge(&self, other: Self) -> Self {
        Self {
            family_name: other.family_name.or_else(|| self.family_name.clone()),
            given_name: other.given_name.or_else(|| self.given_name.clone()),
            middle_name: other.middle_name.or_else(|| self.middle_name.clone()),
            nickname: other.nickname.or_else(|| self.nickname.clone()),
            preferred_username: other
                .preferred_username
                .or_else(|| self.preferred_username.clone()),
            profile: other.profile.or_else(|| self.profile.clone()),
            website: other.website.or_else(|| self.website.clone()),
            gender: other.gender.or_else(|| self.gender.clone()),
            birthdate: other.birthdate.or_else(|| self.birthdate.clone()),
            zoneinfo: other.zoneinfo.or_else(|| self.zoneinfo.clone()),
            locale: other.locale.or_else(|| self.locale.clone()),
            address: other.address.or_else(|| self.address.clone()),
        }
    }
}

impl Address {
    fn checked(mut self) -> Result<Self> {
        for (path, value, max) in [
            ("address.formatted", &mut self.formatted, 1024),
            ("address.streetAddress", &mut self.street_address, 512),
            ("address.locality", &mut self.locality, 255),
            ("address.region", &mut self.region, 255),
            ("address.postalCode", &mut self.postal_code, 32),
            ("address.country", &mut self.country, 255),
        ] {
            drop_empty(value);
            value
                .as_deref()
                .map_or(Ok(()), |text| check_lines(path, text, max))?;
        }
        Ok(self)
    }
}

fn drop_empty(value: &mut Option<String>) {
    if value.as_deref() == Some("") {
        *value = None;
    }
}

/// `YYYY-MM-DD`, `0000-MM-DD` (the year withheld) or `YYYY`, a date of the calendar.
fn check_birthdate(text: &str) -> Result<()> {
    let wrong = || {
        Error::invalid(
            "birthdate",
            "date",
            "a date as YYYY-MM-DD, 0000-MM-DD or YYYY",
        )
    };
    let digits = |part: &str, length: usize| -> Result<u32> {
        if part.len() != length || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        part.parse().map_err(|_| wrong())
    };
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year] => digits(year, 4).and_then(|year| if year == 0 { Err(wrong()) } else { Ok(()) }),
        [year, month, day] => {
            let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
            // A withheld year is judged as a leap year: 29 February exists for somebody.
            let year = i32::try_from(if year == 0 { 2000 } else { year }).map_err(|_| wrong())?;
            let month = u8::try_from(month)
                .ok()
                .and_then(|month| time::Month::try_from(month).ok())
                .ok_or_else(wrong)?;
            let day = u8::try_from(day).map_err(|_| wrong())?;
            time::Date::from_calendar_date(year, month, day)
                .map(drop)
                .map_err(|_| wrong())
        }
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdates() {
        for good in ["1990-05-15", "0000-02-29", "2024-02-29", "1990"] {
            assert!(check_birthdate(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "0000",
            "90-05-15",
            "1990-5-15",
            "2023-02-29",
            "1990-13-01",
            "1990/05/15",
            "1990-05",
            "+199-05-15",
            "1990-05-15T00:00:00Z",
        ] {
            assert!(check_birthdate(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn checked_drops_empty_members_and_names_wrong_ones() {
        let profile = Profile {
            nickname: Some(String::new()),
            address: Some(Address {
                formatted: Some(String::new()),
                ..Address::default()
            }),
            ..Profile::default()
        };
        assert_eq!(profile.checked().unwrap(), Profile::default());
        for (profile, path) in [
            (
                Profile {
                    website: Some("javascript:alert(1)".into()),
                    ..Profile::default()
                },
                "website",
            ),
            (
                Profile {
                    nickname: Some("a\r\nb".into()),
                    ..Profile::default()
                },
                "nickname",
            ),
            (
                Profile {
                    family_name: Some("x".repeat(256)),
                    ..Profile::default()
                },
                "familyName",
            ),
            (
                Profile {
                    address: Some(Address {
                        country: Some("\0".into()),
                        ..Address::default()
                    }),
                    ..Profile::default()
                },
                "address.country",
            ),
        ] {
            assert_eq!(profile.checked().unwrap_err().violations()[0].path, path);
        }
    }

    #[test]
    fn merge_replaces_the_address_as_a_whole() {
        let address = |locality: &str| {
            Some(Address {
                locality: Some(locality.into()),
                ..Address::default()
            })
        };
        let profile = Profile {
            nickname: Some("n".into()),
            address: Some(Address {
                country: Some("JP".into()),
                ..Address::default()
            }),
            ..Profile::default()
        };
        let merged = profile.merge(Profile {
            address: address("Tokyo"),
            ..Profile::default()
        });
        assert_eq!(merged.address, address("Tokyo"));
        assert_eq!(merged.nickname.as_deref(), Some("n"));
    }
}
