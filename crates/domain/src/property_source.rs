//! Who set a property of a user last, and when.

use serde::{Deserialize, Serialize};

use crate::{storage_webhook::StorageWebhook, time::Timestamp};

/// The last writer of one property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertySource {
    /// Who.
    #[serde(flatten)]
    pub origin: Origin,
    /// When, in epoch milliseconds.
    pub at: Timestamp,
}

/// Where a value came from; on the wire told apart by `kind`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Origin {
    /// The person, on the account pages.
    User,
    /// An administrator or a machine with the right, by the Management API.
    Administrator,
    /// A social provider's profile.
    SocialProvider {
        /// The provider's name.
        provider: String,
    },
    /// A reply of the operator's storage, read by a key map.
    StorageWebhook {
        /// Which call.
        webhook: StorageWebhook,
        /// The record of the call.
        trace_id: String,
        /// The version of the key map that read it.
        map_version: u32,
        /// Where the value stood in the reply: a normalized path (RFC 9535 section 2.7).
        found_at: String,
    },
    /// An import.
    Import,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_wire_form_is_flat_and_comes_back() {
        let source = PropertySource {
            origin: Origin::StorageWebhook {
                webhook: StorageWebhook::UserVerification,
                trace_id: "t1".into(),
                map_version: 3,
                found_at: "$['a']".into(),
            },
            at: Timestamp(5),
        };
        let wire = json!({
            "kind": "storage_webhook", "webhook": "user_verification", "traceId": "t1",
            "mapVersion": 3, "foundAt": "$['a']", "at": 5
        });
        assert_eq!(serde_json::to_value(&source).unwrap(), wire);
        assert_eq!(
            serde_json::from_value::<PropertySource>(wire).unwrap(),
            source
        );
        let user = json!({"kind": "user", "at": 1});
        assert_eq!(
            serde_json::from_value::<PropertySource>(user)
                .unwrap()
                .origin,
            Origin::User
        );
    }
}
