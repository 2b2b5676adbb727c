//! Connectors: what an administrator sets up so that messages leave, and trying it out.

use meibo_domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    connector::{
        CONNECTOR_ID_LENGTH, Connector, ConnectorConfig, ConnectorFactory, FACTORIES,
        changed_fields, check_config, check_connector_id, check_metadata, find_factory, mask,
        unmask,
    },
    message::{Payload, UsageType},
    message_limits::MessageOrigin,
    recipient::Recipient,
};
use meibo_outbound::{Message, OutboundError, SendError};
use meibo_store::{connectors, db::Batch, resealing::connector_context};
use serde_json::{Map, Value, json};

use crate::{App, access::require_management, audit::Audited, outcome::Outcome};

/// The code in a test message.
const TEST_CODE: &str = "000000";

/// A connector as administrators see it: its secrets are masked.
#[derive(Debug, Clone)]
pub struct ShownConnector {
    /// The connector.
    pub connector: Connector,
    /// Its configuration, every secret replaced by the mask.
    pub config: Map<String, Value>,
}

/// A connector to be set up.
#[derive(Debug, Clone)]
pub struct NewConnector {
    /// Which factory.
    pub factory_id: String,
    /// Its id; a new one unless given.
    pub id: Option<String>,
    /// The configuration. A mask keeps the secret of the connector that is replaced, if it is of
    /// the same factory.
    pub config: Map<String, Value>,
    /// Free members of the contract.
    pub metadata: Map<String, Value>,
}

/// What changes of a connector. What is left out stays.
#[derive(Debug, Clone, Default)]
pub struct ConnectorPatch {
    /// Replaces the configuration; a mask keeps the stored secret.
    pub config: Option<Map<String, Value>>,
    /// Replaces the free members.
    pub metadata: Option<Map<String, Value>>,
}

/// A message to try a configuration with.
#[derive(Debug, Clone)]
pub struct ConnectorTest {
    /// Who gets it.
    pub to: Recipient,
    /// The configuration. A mask keeps the secret of the present connector, if it is of the same
    /// factory.
    pub config: Map<String, Value>,
    /// The language of the template (BCP 47).
    pub language_tag: String,
}

impl App {
    /// Every kind of connector that this server offers.
    ///
    /// # Errors
    /// `auth.forbidden`.
    pub fn list_connector_factories(
        &self,
        actor: &Actor,
    ) -> Result<impl Iterator<Item = &'static ConnectorFactory>> {
        require_management(actor)?;
        Ok(FACTORIES.iter().filter(|factory| self.offers(factory)))
    }

    /// The kind of connector of an id.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub fn get_connector_factory(
        &self,
        actor: &Actor,
        id: &str,
    ) -> Result<&'static ConnectorFactory> {
        require_management(actor)?;
        self.factory(id).ok_or_else(|| Error::not_found(id))
    }

    /// The connectors: the one for email, the one for text messages.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_connectors(&self, actor: &Actor) -> Result<Vec<ShownConnector>> {
        require_management(actor)?;
        let mut shown = Vec::new();
        for connector in connectors::list(&self.db).await? {
            if self.offers(connector.factory) {
                shown.push(self.show(connector).await?);
            }
        }
        Ok(shown)
    }

    /// The connector of an id.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn get_connector(&self, actor: &Actor, id: &str) -> Result<ShownConnector> {
        require_management(actor)?;
        let connector = self.load_connector(id).await?;
        self.show(connector).await
    }

    /// Sets up a connector in place of the one that serves the same channel.
    ///
    /// # Errors
    /// `connector.not_found_with_connector_id`, `connector.invalid_config`, `guard.invalid_input`,
    /// `entity.unique_integrity_violation` when the id is taken.
    pub async fn create_connector(
        &self,
        actor: &Actor,
        new: NewConnector,
    ) -> Result<ShownConnector> {
        require_management(actor)?;
        let factory = self
            .factory(&new.factory_id)
            .ok_or(ErrorCode::ConnectorFactoryNotFound)?;
        new.id.as_deref().map_or(Ok(()), check_connector_id)?;
        check_metadata(&new.metadata)?;
        let now = self.now();
        self.settle(async || {
            let previous = connectors::of_channel(&self.db, factory.channel).await?;
            let stored = self.kept_secrets(previous.as_ref(), factory).await?;
            let config = check_config(factory, &unmask(factory, new.config.clone(), &stored))?;
            let id = match &new.id {
                Some(id) => id.clone(),
                None => self.entropy.lowercase_alphanumeric(CONNECTOR_ID_LENGTH),
            };
            let batch = match &previous {
                Some(previous) => connectors::delete(Batch::new(), previous),
                None => Batch::new(),
            };
            let (batch, config_sealed) = self.seal_config(batch, &id, &config).await?;
            let connector = Connector {
                id,
                version: 1,
                factory,
                config_sealed,
                metadata: new.metadata.clone(),
                created_at: now,
            };
            let batch = connectors::insert(batch, &connector);
            let replaced = previous.map(|previous| previous.id);
            let detail = json!({"connectorId": factory.id, "replaced": replaced});
            let batch = self.audit_connector(batch, actor, "Connector.Created", &connector, detail);
            Ok(Outcome::commit(batch, shown(connector, &config)))
        })
        .await
    }

    /// Changes a connector.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `connector.invalid_config`, `guard.invalid_input`.
    pub async fn update_connector(
        &self,
        actor: &Actor,
        id: &str,
        patch: ConnectorPatch,
    ) -> Result<ShownConnector> {
        require_management(actor)?;
        patch.metadata.as_ref().map_or(Ok(()), check_metadata)?;
        self.settle(async || {
            let mut connector = self.load_connector(id).await?;
            let factory = connector.factory;
            let before = self.config_members(&connector).await?;
            let given = match &patch.config {
                Some(given) => unmask(factory, given.clone(), &before),
                None => before.clone(),
            };
            let config = check_config(factory, &given)?;
            let mut changed: Vec<String> = changed_fields(factory, &before, config.members())
                .into_iter()
                .map(|path| format!("config.{path}"))
                .collect();
            if let Some(metadata) = &patch.metadata
                && connector.metadata != *metadata
            {
                changed.push("metadata".to_owned());
                connector.metadata.clone_from(metadata);
            }
            connector.version += 1;
            let (batch, sealed) = self.seal_config(Batch::new(), id, &config).await?;
            connector.config_sealed = sealed;
            let batch = connectors::update(batch, &connector);
            let detail = json!({"connectorId": factory.id, "changed": changed});
            let batch = self.audit_connector(batch, actor, "Connector.Updated", &connector, detail);
            Ok(Outcome::commit(batch, shown(connector, &config)))
        })
        .await
    }

    /// Deletes a connector. Messages that wait for its channel are given up, unless another one is
    /// set up before their turn.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn delete_connector(&self, actor: &Actor, id: &str) -> Result<()> {
        require_management(actor)?;
        self.settle(async || {
            let connector = self.load_connector(id).await?;
            let batch = connectors::delete(Batch::new(), &connector);
            let detail = json!({"connectorId": connector.factory.id});
            let batch = self.audit_connector(batch, actor, "Connector.Deleted", &connector, detail);
            Ok(Outcome::commit(batch, ()))
        })
        .await
    }

    /// Sends a message of the type `Generic` now, with the code `000000`, by a configuration that
    /// need not be saved. It counts among the messages to its recipient, and is put on record
    /// before it is sent.
    ///
    /// # Errors
    /// `entity.not_exists_with_id` for the factory, `guard.invalid_input` for a recipient that
    /// it cannot reach, `connector.invalid_config` and `connector.general` with what to mend,
    /// `request.message_rate_limited`, `server.overloaded`.
    pub async fn test_connector(
        &self,
        actor: &Actor,
        factory_id: &str,
        test: ConnectorTest,
    ) -> Result<()> {
        let factory = self.get_connector_factory(actor, factory_id)?;
        if test.to.channel() != factory.channel {
            let message =
                "email for a connector that sends email, phone for one that sends text messages";
            return Err(Error::invalid("", "recipient", message));
        }
        let present = connectors::of_channel(&self.db, factory.channel).await?;
        let stored = self.kept_secrets(present.as_ref(), factory).await?;
        let config = check_config(factory, &unmask(factory, test.config, &stored))?;
        let audited = || Audited {
            action: "Connector.Tested",
            target_type: "connector",
            target_id: factory.id,
            detail: json!({"type": factory.channel.as_str()}),
        };
        self.settle::<_, Error, _>(async || {
            let batch = self
                .count_send_in(Batch::new(), &test.to, &MessageOrigin::Machine)
                .await?;
            let batch = self.audit(batch, actor, self.now(), audited());
            Ok(Outcome::commit(batch, ()))
        })
        .await?;
        let payload = Payload::from_iter([
            ("code".to_owned(), TEST_CODE.into()),
            ("locale".to_owned(), test.language_tag.as_str().into()),
        ]);
        let message = Message {
            id: &self.new_id(),
            to: &test.to,
            usage_type: UsageType::Generic,
            payload: &payload,
            language_tag: &test.language_tag,
        };
        self.hand_over(factory, &config, &message)
            .await
            .map_err(|error| refusal(&error))
    }

    /// Is the kind of connector there on this server?
    pub(crate) fn offers(&self, factory: &ConnectorFactory) -> bool {
        self.has_inbox || !factory.is_demo
    }

    fn factory(&self, id: &str) -> Option<&'static ConnectorFactory> {
        find_factory(id).filter(|factory| self.offers(factory))
    }

    async fn load_connector(&self, id: &str) -> Result<Connector> {
        connectors::get(&self.db, id)
            .await?
            .filter(|connector| self.offers(connector.factory))
            .ok_or_else(|| Error::not_found(id))
    }

    async fn show(&self, connector: Connector) -> Result<ShownConnector> {
        let members = self.config_members(&connector).await?;
        Ok(ShownConnector {
            config: mask(connector.factory, members),
            connector,
        })
    }

    /// The configuration whose secrets a mask stands for; empty when there is none of the factory.
    async fn kept_secrets(
        &self,
        present: Option<&Connector>,
        factory: &ConnectorFactory,
    ) -> Result<Map<String, Value>> {
        match present.filter(|present| present.factory == factory) {
            Some(present) => self.config_members(present).await,
            None => Ok(Map::new()),
        }
    }

    async fn seal_config(
        &self,
        batch: Batch,
        id: &str,
        config: &ConnectorConfig,
    ) -> Result<(Batch, String)> {
        let plaintext = serde_json::to_vec(config.members()).map_err(Error::internal)?;
        self.seal(batch, &plaintext, &connector_context(id)).await
    }

    fn audit_connector(
        &self,
        batch: Batch,
        actor: &Actor,
        action: &'static str,
        connector: &Connector,
        detail: Value,
    ) -> Batch {
        let audited = Audited {
            action,
            target_type: "connector",
            target_id: &connector.id,
            detail,
        };
        self.audit(batch, actor, self.now(), audited)
    }
}

fn shown(connector: Connector, config: &ConnectorConfig) -> ShownConnector {
    ShownConnector {
        config: mask(connector.factory, config.members().clone()),
        connector,
    }
}

/// Why a test message was not sent, with what to mend.
fn refusal(error: &SendError) -> Error {
    match error {
        SendError::Configuration(reason) => {
            Error::new(ErrorCode::ConnectorInvalidConfig).detail(reason.as_str())
        }
        SendError::Call(OutboundError::Busy) => Error::new(ErrorCode::Overloaded).retry_after(1),
        SendError::Call(_)
        | SendError::Refused(_)
        | SendError::Later(_)
        | SendError::LaterThan(..) => {
            Error::new(ErrorCode::ConnectorSendFailed).detail(error.to_string())
        }
    }
}
