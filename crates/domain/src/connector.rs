//! Connectors: how messages leave. A factory says what can be set, a connector is one set up.

mod config;
mod example;
mod factory;
mod mailbox;

use serde_json::{Map, Value};

pub use self::{
    config::{ConnectorConfig, MASK, changed_fields, check_config, mask, unmask},
    example::{example_config, example_templates, example_value},
    factory::{ConfigField, ConnectorFactory, FACTORIES, FieldKind, find_factory},
    mailbox::Mailbox,
};
use crate::{Error, Result, recipient::Channel, time::Timestamp};

/// Characters of a generated id (a-z0-9).
pub const CONNECTOR_ID_LENGTH: usize = 12;

/// The largest `metadata`, in bytes of JSON.
const MAX_METADATA: usize = 16 * 1024;

/// A connector that was set up. There is one for email and one for text messages.
#[derive(Debug, Clone)]
pub struct Connector {
    /// Id, 12 characters.
    pub id: String,
    /// Counts changes.
    pub version: i64,
    /// Which factory.
    pub factory: &'static ConnectorFactory,
    /// The configuration as JSON, sealed whole.
    pub config_sealed: String,
    /// Free members of the contract (`metadata`).
    pub metadata: Map<String, Value>,
    /// When it was set up.
    pub created_at: Timestamp,
}

impl Connector {
    /// What it sends.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.factory.channel
    }
}

/// Takes an id that an administrator chose: 1 to 128 letters, digits, `-` and `_`.
///
/// # Errors
/// `guard.invalid_input`.
pub fn check_connector_id(id: &str) -> Result<()> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if (1..=128).contains(&id.len()) && id.bytes().all(is_plain) {
        return Ok(());
    }
    Err(Error::invalid(
        "id",
        "id",
        "1 to 128 letters, digits, hyphens and underscores",
    ))
}

/// Takes the free members of the contract, up to 16 KiB of JSON.
///
/// # Errors
/// `guard.invalid_input`.
pub fn check_metadata(metadata: &Map<String, Value>) -> Result<()> {
    let length = serde_json::to_vec(metadata).map_or(usize::MAX, |text| text.len());
    if length <= MAX_METADATA {
        return Ok(());
    }
    Err(Error::invalid(
        "metadata",
        "too_long",
        format!("at most {MAX_METADATA} bytes of JSON"),
    ))
}
