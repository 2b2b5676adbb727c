//! What an applied map means for the user and for the record of sources.

use super::{
    apply::{Applied, Change},
    property::Property,
    value::{PropertyValue, PropertyValues, slot},
};
use crate::{
    Result,
    patch::Patch,
    property_source::{Origin, PropertySource},
    server_custom_id::ServerCustomId,
    storage_webhook::StorageWebhook,
    time::Timestamp,
    user::{User, UserPatch},
};

/// Changes in the parts by which they are saved.
#[derive(Debug, Clone, Default)]
pub struct UserChanges {
    /// Profile, name, picture and custom data; none when none of them changes.
    pub patch: Option<UserPatch>,
    /// The new id on the operator's server, for the linking rules to decide on.
    pub server_custom_id: Option<ServerCustomId>,
    /// Is the user's primary email address verified by this?
    pub verifies_email: bool,
}

/// The call that values came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageCall {
    /// Which webhook.
    pub webhook: StorageWebhook,
    /// The record of the call.
    pub trace_id: String,
    /// The version of the map that read the reply.
    pub map_version: u32,
    /// When.
    pub at: Timestamp,
}

impl Applied {
    /// The changes to `user`, as far as the user itself holds them.
    ///
    /// # Errors
    /// `guard.invalid_input` when the custom data would be out of bounds, which [`apply`](super::apply::apply)
    /// has ruled out for the values that it was given.
    pub fn for_user(&self, user: &User) -> Result<UserChanges> {
        let mut changes = UserChanges::default();
        let mut patch = UserPatch::default();
        let mut profile = user.profile.clone();
        let mut members = serde_json::Map::new();
        for Change {
            property, value, ..
        } in &self.changes
        {
            match (property, value) {
                (Property::ServerCustomId, PropertyValue::Text(id)) => {
                    changes.server_custom_id = Some(ServerCustomId::parse(id.as_str())?);
                    continue;
                }
                (Property::EmailVerified, _) => {
                    changes.verifies_email = *value == PropertyValue::Flag(true);
                    continue;
                }
                (Property::CustomData(name), value) => {
                    members.insert(name.as_str().to_owned(), value.to_value());
                }
                (Property::Name, PropertyValue::Text(name)) => {
                    patch.name = Patch::Set(name.clone());
                }
                (Property::Picture, PropertyValue::Text(url)) => {
                    patch.avatar = Patch::Set(url.clone());
                }
                (property, PropertyValue::Text(text)) => {
                    if let Some(slot) = slot(&mut profile, property) {
                        *slot = Some(text.clone());
                    }
                }
                _ => continue,
            }
            changes.patch = Some(UserPatch::default());
        }
        if changes.patch.is_some() {
            patch.profile = (profile != user.profile).then_some(profile);
            if !members.is_empty() {
                patch.custom_data = Some(user.custom_data.merge(members)?);
            }
            changes.patch = Some(patch);
        }
        Ok(changes)
    }

    /// The values after the changes.
    #[must_use]
    pub fn after(&self, present: &PropertyValues) -> PropertyValues {
        let mut values = present.clone();
        for change in &self.changes {
            values.set(change.property.clone(), change.value.clone());
        }
        values
    }

    /// The new source of every property that changes; what is unchanged keeps the source it has.
    pub fn sources(&self, call: &StorageCall) -> impl Iterator<Item = (&Property, PropertySource)> {
        self.changes.iter().map(move |change| {
            let origin = Origin::StorageWebhook {
                webhook: call.webhook,
                trace_id: call.trace_id.clone(),
                map_version: call.map_version,
                found_at: change.found_at.clone(),
            };
            (
                &change.property,
                PropertySource {
                    origin,
                    at: call.at,
                },
            )
        })
    }
}
