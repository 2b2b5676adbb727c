//! Connectors: how messages leave. A factory says what can be set, a connector is one set up.

mod config;
mod factory;

use serde_json::{Map, Value};

pub use self::{
    config::{ConnectorConfig, MASK, check_config, mask, unmask},
    factory::{ConfigField, ConnectorFactory, FACTORIES, FieldKind, find_factory},
};
use crate::{recipient::Channel, time::Timestamp};

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
