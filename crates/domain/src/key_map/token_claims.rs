//! The claims of the login API's user token: what the map decides, and what the protocol does.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    entry::KeyMap,
    property::Property,
    user_details::{Group, login_gender},
    value::{PropertyValue, PropertyValues},
};
use crate::time::Timestamp;

/// The most characters of compact JSON that `partner_data` has in a token; more stays out of it.
pub const MAX_PARTNER_DATA: usize = 1_000;

/// `partner_data` was too large for the token; the trace says so. Userinfo and user details have it whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerDataLeftOut {
    /// Its characters as compact JSON.
    pub characters: usize,
}

/// The claims that key maps decide.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MappedClaims {
    /// Claims by their names.
    pub members: Map<String, Value>,
    /// Was `partner_data` left out?
    pub left_out: Option<PartnerDataLeftOut>,
}

/// How a person signed in, as the claim `type` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginType {
    /// A password that this server keeps.
    Password,
    /// The operator's own storage.
    Proxy,
    /// A social provider.
    Social,
    /// The operator's server named the person.
    ServerCustomId,
    /// A code to an email address.
    Email,
    /// A code to a phone number.
    Phone,
    /// A device.
    Device,
}

impl LoginType {
    /// The wire form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "xsolla_login",
            Self::Proxy => "proxy",
            Self::Social => "social",
            Self::ServerCustomId => "server_custom_id",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Device => "device",
        }
    }
}

/// What the protocol says in a user token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginToken {
    /// The person's id in the login dialect.
    pub sub: Uuid,
    /// The issuer.
    pub issuer: String,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Its own id.
    pub jti: String,
    /// The project.
    pub project_id: Uuid,
    /// How the person signed in.
    pub login_type: LoginType,
    /// The social provider, or the storage's name.
    pub provider: Option<String>,
    /// The person's groups.
    pub groups: Vec<Group>,
}

impl LoginToken {
    /// All claims. Those of the protocol win over mapped ones of the same name.
    #[must_use]
    pub fn claims(&self, mapped: &MappedClaims) -> Map<String, Value> {
        let mut claims = mapped.members.clone();
        let own = [
            ("sub", json!(self.sub)),
            ("iss", json!(self.issuer)),
            ("iat", json!(self.issued_at.seconds())),
            ("exp", json!(self.expires_at.seconds())),
            ("jti", json!(self.jti)),
            ("groups", json!(self.groups)),
            ("xsolla_login_project_id", json!(self.project_id)),
            ("type", json!(self.login_type.as_str())),
        ];
        claims.extend(own.map(|(name, value)| (name.to_owned(), value)));
        match &self.provider {
            Some(provider) => claims.insert("provider".to_owned(), json!(provider)),
            None => claims.remove("provider"),
        };
        claims
    }
}

/// The claims of every property that one of `maps` writes and that has a value, and `partner_data`.
#[must_use]
pub fn mapped_claims(
    maps: &[&KeyMap],
    values: &PropertyValues,
    partner_data: Option<&Map<String, Value>>,
) -> MappedClaims {
    let mut claims = MappedClaims::default();
    for (property, value) in values.iter() {
        if maps.iter().any(|map| map.entry_of(property).is_some()) {
            insert(&mut claims.members, property, value);
        }
    }
    match partner_data.map(bounded) {
        Some(Ok(data)) => {
            claims.members.insert("partner_data".to_owned(), data);
        }
        Some(Err(left_out)) => claims.left_out = Some(left_out),
        None => {}
    }
    claims
}

/// `partner_data` for a token, if it is small enough.
pub(super) fn bounded(data: &Map<String, Value>) -> Result<Value, PartnerDataLeftOut> {
    let data = Value::Object(data.clone());
    let characters = data.to_string().chars().count();
    if characters > MAX_PARTNER_DATA {
        return Err(PartnerDataLeftOut { characters });
    }
    Ok(data)
}

fn insert(claims: &mut Map<String, Value>, property: &Property, value: &PropertyValue) {
    let name = property.to_string();
    match property {
        Property::CustomData(custom) => {
            claims.insert(custom.as_str().to_owned(), value.to_value());
        }
        Property::Gender => {
            let gender = value.as_text().map(login_gender);
            claims.insert(name, json!(gender));
        }
        _ => match name.split_once('.') {
            Some((object, member)) => {
                let address = claims.entry(object).or_insert_with(|| json!({}));
                if let Some(address) = address.as_object_mut() {
                    address.insert(member.to_owned(), value.to_value());
                }
            }
            None => {
                claims.insert(name, value.to_value());
            }
        },
    }
}
