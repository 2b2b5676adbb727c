//! The login API's user details: one person as `GET /login/api/users/me` shows them.

use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{coerce::Gender, property::Property, value::PropertyValues};
use crate::time::Timestamp;

/// A device that a person signs in with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// Its number, when the answer shows it.
    pub id: Option<i64>,
    /// What it calls itself.
    pub device: Option<String>,
    /// `android`, `ios`, …
    pub device_type: Option<String>,
    /// Its last sign-in.
    pub last_used_at: Option<Timestamp>,
}

/// A group that a person is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Its number.
    pub id: i64,
    /// Do new people come into it by themselves?
    pub is_default: bool,
    /// Its name.
    pub name: String,
    /// Can an administrator delete it? None leaves the member out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_deletable: Option<bool>,
}

/// A ban.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    /// Since when.
    pub from: Timestamp,
    /// Until when; none for good.
    pub to: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
}

/// What the register knows of a person beside the properties that maps write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisterData {
    /// `sub` of the login dialect.
    pub id: Option<Uuid>,
    /// The username.
    pub username: Option<String>,
    /// The email address.
    pub email: Option<String>,
    /// The phone number of the second factor.
    pub phone: Option<String>,
    /// The phone number to sign in with.
    pub phone_auth: Option<String>,
    /// The id that was linked by the server, which a mapped `server_custom_id` never fills.
    pub external_id: Option<String>,
    /// The short number beside the nickname.
    pub tag: Option<String>,
    /// Groups, in their order.
    pub groups: Vec<Group>,
    /// Devices, in their order.
    pub devices: Vec<Device>,
    /// When the account was made.
    pub registered_at: Option<Timestamp>,
    /// The last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
    /// Has the person no way to sign in but a device or the operator's id?
    pub is_anonymous: bool,
}

/// Members beyond those of the short form; clients on phones ask for them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MoreDetails {
    /// The present ban.
    pub ban: Option<Ban>,
    /// May the person sign in?
    pub is_user_active: bool,
    /// Is the present email address verified?
    pub is_last_email_confirmed: bool,
}

/// The document, its members in alphabetical order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserDetails {
    #[serde(skip_serializing_if = "Option::is_none")]
    ban: Option<Option<BanView>>,
    birthday: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection_information: Option<Option<String>>,
    country: Option<String>,
    devices: Vec<DeviceView>,
    email: Option<String>,
    external_id: Option<String>,
    first_name: Option<String>,
    gender: Option<&'static str>,
    groups: Vec<Group>,
    id: Option<Uuid>,
    is_anonymous: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_last_email_confirmed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_user_active: Option<bool>,
    last_login: Option<String>,
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Option<String>>,
    nickname: Option<String>,
    phone: Option<String>,
    phone_auth: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<Option<String>>,
    registered: Option<String>,
    tag: Option<String>,
    username: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct DeviceView {
    device: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    last_used_at: Option<String>,
    #[serde(rename = "type")]
    device_type: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct BanView {
    date_from: String,
    date_to: Option<String>,
    reason: Option<String>,
}

impl UserDetails {
    /// The short form, or with `more` the long one. What a person does not have is null.
    #[must_use]
    pub fn new(
        register: &RegisterData,
        values: &PropertyValues,
        more: Option<&MoreDetails>,
    ) -> Self {
        let text = |property: Property| {
            let value = values.get(&property)?;
            value.as_text().map(str::to_owned)
        };
        Self {
            ban: more.map(|more| more.ban.as_ref().map(BanView::new)),
            birthday: text(Property::Birthday),
            connection_information: more.map(|_| None),
            country: text(Property::AddressCountry),
            devices: register.devices.iter().map(DeviceView::new).collect(),
            email: register.email.clone(),
            external_id: register.external_id.clone(),
            first_name: text(Property::FirstName),
            gender: text(Property::Gender).map(|gender| login_gender(&gender)),
            groups: register.groups.clone(),
            id: register.id,
            is_anonymous: register.is_anonymous,
            is_last_email_confirmed: more.map(|more| more.is_last_email_confirmed),
            is_user_active: more.map(|more| more.is_user_active),
            last_login: register.last_sign_in_at.map(login_time),
            last_name: text(Property::LastName),
            name: more.map(|_| text(Property::Name)),
            nickname: text(Property::Nickname),
            phone: register.phone.clone(),
            phone_auth: register.phone_auth.clone(),
            picture: more.map(|_| text(Property::Picture)),
            registered: register.registered_at.map(login_time),
            tag: register.tag.clone(),
            username: register.username.clone(),
        }
    }
}

impl DeviceView {
    fn new(device: &Device) -> Self {
        Self {
            device: device.device.clone(),
            id: device.id,
            last_used_at: device.last_used_at.map(login_time),
            device_type: device.device_type.clone(),
        }
    }
}

impl BanView {
    fn new(ban: &Ban) -> Self {
        Self {
            date_from: login_time(ban.from),
            date_to: ban.to.map(login_time),
            reason: ban.reason.clone(),
        }
    }
}

/// A stored gender as the login API writes it; a word that it does not know is `other`.
#[must_use]
pub fn login_gender(stored: &str) -> &'static str {
    match Gender::of_stored(stored) {
        Some(Gender::Female) => "f",
        Some(Gender::Male) => "m",
        Some(Gender::Undisclosed) => "prefer not to answer",
        Some(Gender::Other) | None => "other",
    }
}

/// `2018-05-17T11:22:52+0000`: the only form that the login API's clients read.
#[must_use]
pub fn login_time(at: Timestamp) -> String {
    let at =
        OffsetDateTime::from_unix_timestamp(at.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+0000",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::value::PropertyValue;
    use super::*;

    #[test]
    fn the_login_dialect_has_its_own_genders_and_times() {
        for (stored, shown) in [
            ("female", "f"),
            ("male", "m"),
            ("other", "other"),
            ("prefer not to answer", "prefer not to answer"),
            ("nonbinary", "other"),
        ] {
            assert_eq!(login_gender(stored), shown);
        }
        assert_eq!(
            login_time(Timestamp(1_526_556_172_999)),
            "2018-05-17T11:22:52+0000"
        );
    }

    #[test]
    fn the_long_form_has_what_phones_ask_for() {
        let mut values = PropertyValues::default();
        values.set(Property::Gender, PropertyValue::Text("female".into()));
        values.set(Property::Name, PropertyValue::Text("Alice".into()));
        let register = RegisterData {
            devices: vec![Device {
                id: Some(3),
                device: Some("Pixel".into()),
                ..Device::default()
            }],
            groups: vec![Group {
                id: 1,
                is_default: true,
                name: "user".into(),
                is_deletable: Some(false),
            }],
            ..RegisterData::default()
        };
        let more = MoreDetails {
            ban: Some(Ban {
                from: Timestamp(0),
                to: None,
                reason: None,
            }),
            ..MoreDetails::default()
        };
        let shown =
            serde_json::to_value(UserDetails::new(&register, &values, Some(&more))).unwrap();
        assert_eq!(shown["gender"], "f");
        assert_eq!(shown["name"], "Alice");
        assert_eq!(shown["picture"], json!(null));
        assert_eq!(shown["is_user_active"], false);
        assert_eq!(
            shown["ban"],
            json!({"date_from": "1970-01-01T00:00:00+0000", "date_to": null, "reason": null})
        );
        assert_eq!(
            shown["devices"][0],
            json!({"device": "Pixel", "id": 3, "last_used_at": null, "type": null})
        );
        assert_eq!(shown["groups"][0]["is_deletable"], false);
        let short = serde_json::to_value(UserDetails::new(&register, &values, None)).unwrap();
        for member in [
            "ban",
            "name",
            "picture",
            "is_user_active",
            "connection_information",
        ] {
            assert_eq!(short.get(member), None, "{member}");
        }
    }
}
