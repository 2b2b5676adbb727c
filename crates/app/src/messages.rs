//! Messages: promised with the change that they belong to, handed to a connector afterwards.
//!
//! A message is a job, so a slow provider delays nobody and a crash loses none. Its text may hold a
//! code: what waits in the table is sealed.

use meibo_crypto::digest::{base64url, hmac_sha256};
use meibo_domain::{
    Error, ErrorCode, Result,
    connector::{Connector, ConnectorConfig, ConnectorFactory, check_config},
    job::{Job, JobFailure, JobKind},
    message::{Payload, UsageType, choose},
    message_limits::MessageOrigin,
    message_send::free_place,
    recipient::{Channel, Recipient},
    time::Timestamp,
};
use meibo_outbound::{Message, OutboundError, SendError};
use meibo_store::{
    connectors,
    db::Batch,
    jobs, message_sends,
    resealing::{connector_context, message_context},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::App;

/// A message to be sent.
pub(crate) struct OutgoingMessage<'m> {
    /// Who gets it.
    pub(crate) to: &'m Recipient,
    /// Who has it sent.
    pub(crate) origin: &'m MessageOrigin,
    /// What it is for.
    pub(crate) usage_type: UsageType,
    /// What its template is filled with.
    pub(crate) payload: Payload,
    /// The recipient's language (BCP 47).
    pub(crate) language_tag: &'m str,
    /// It is not handed over later than this.
    pub(crate) useful_until: Timestamp,
}

/// A job's payload, sealed.
#[derive(Serialize, Deserialize)]
struct Waiting {
    channel: String,
    to: String,
    usage_type: UsageType,
    payload: Payload,
    language_tag: String,
    useful_until: i64,
}

impl App {
    /// Promises a message, to be sent once `batch` is committed. The batch conflicts when its
    /// recipient gets another one meanwhile that is one too many.
    ///
    /// # Errors
    /// `connector.not_found` when no connector serves the channel, `connector.template_not_found`;
    /// those of [`App::count_send_in`].
    pub(crate) async fn send_message_in(
        &self,
        batch: Batch,
        message: OutgoingMessage<'_>,
    ) -> Result<Batch> {
        let now = self.now();
        let connector = self.connector_of(message.to.channel()).await?;
        let config = self.connector_config(&connector).await?;
        if connector.factory.has_templates() {
            choose(config.templates(), message.usage_type, message.language_tag)?;
        }
        let batch = self
            .count_send_in(batch, message.to, message.origin)
            .await?;
        let waiting = Waiting {
            channel: message.to.channel().as_str().to_owned(),
            to: message.to.to_string(),
            usage_type: message.usage_type,
            payload: message.payload,
            language_tag: message.language_tag.to_owned(),
            useful_until: message.useful_until.0,
        };
        let id = self.new_id();
        let plaintext = serde_json::to_vec(&waiting).map_err(Error::internal)?;
        let (batch, sealed) = self.seal(batch, &plaintext, &message_context(&id)).await?;
        Ok(jobs::insert(batch, &id, JobKind::SendMessage, &sealed, now))
    }

    /// Counts a message to a recipient who may get one. The batch conflicts when another message took
    /// its place meanwhile, or was the last one of a bound.
    ///
    /// # Errors
    /// `request.recipient_not_allowed`, `request.recipient_country_not_allowed`;
    /// `request.message_rate_limited` when the recipient got ten in 600 seconds, or the sign-in, the
    /// network or the deployment sent as many as it may, with the seconds to wait.
    pub(crate) async fn count_send_in(
        &self,
        batch: Batch,
        to: &Recipient,
        origin: &MessageOrigin,
    ) -> Result<Batch> {
        to.check_allowed()?;
        self.message_limits.check_country(to)?;
        let now = self.now();
        let recipient_hash = self.recipient_hash(to);
        let sends = message_sends::list(&self.db, &recipient_hash).await?;
        let network = origin.network();
        let place = free_place(&sends, &network, now)?;
        let batch = message_sends::take(batch, &recipient_hash, place, &network, now);
        let bounds = self.message_limits.bounds(to.channel(), origin);
        self.count_in(batch, &bounds, ErrorCode::MessageRateLimited)
            .await
            .inspect_err(|error| {
                if error.code() == ErrorCode::MessageRateLimited {
                    let channel = to.channel().as_str();
                    metrics::counter!("meibo_messages_refused_total", "channel" => channel)
                        .increment(1);
                }
            })
    }

    /// Does a connector serve the channel?
    ///
    /// # Errors
    /// The database's.
    pub async fn has_connector(&self, channel: Channel) -> Result<bool> {
        let connector = connectors::of_channel(&self.db, channel).await?;
        Ok(connector.is_some_and(|connector| self.offers(connector.factory)))
    }

    /// The connector that serves a channel.
    ///
    /// # Errors
    /// `connector.not_found`.
    async fn connector_of(&self, channel: Channel) -> Result<Connector> {
        connectors::of_channel(&self.db, channel)
            .await?
            .filter(|connector| self.offers(connector.factory))
            .ok_or_else(|| {
                Error::new(ErrorCode::ConnectorNotFound).data(json!({"type": channel.as_str()}))
            })
    }

    /// A connector's configuration in clear.
    async fn connector_config(&self, connector: &Connector) -> Result<ConnectorConfig> {
        check_config(connector.factory, &self.config_members(connector).await?)
    }

    /// The members of a connector's configuration in clear.
    pub(crate) async fn config_members(&self, connector: &Connector) -> Result<Map<String, Value>> {
        let context = connector_context(&connector.id);
        let text = self.open_sealed(&connector.config_sealed, &context).await?;
        serde_json::from_str(&text).map_err(Error::internal)
    }

    /// A recipient as the tables of sends and counters name it: they must not become lists of addresses.
    pub(crate) fn recipient_hash(&self, recipient: &Recipient) -> String {
        let name = format!("{}:{}", recipient.channel().as_str(), recipient.key());
        base64url(&hmac_sha256(&self.code_key, name.as_bytes()))
    }

    /// Hands a waiting message to the connector of its channel. The job's id is the message's, so
    /// that a repetition is known.
    ///
    /// # Errors
    /// The provider refused it for good, or it came too late to be of use; or another try may
    /// succeed.
    pub(crate) async fn deliver_message(&self, job: &Job) -> Result<(), JobFailure> {
        let never = |what: String| JobFailure::Never(what);
        let later = |error: Error| JobFailure::Later(error.to_string());
        let text = self
            .open_sealed(&job.payload, &message_context(&job.id))
            .await
            .map_err(later)?;
        let waiting: Waiting = serde_json::from_str(&text)
            .map_err(|error| never(format!("the message cannot be read: {error}")))?;
        if self.now() >= Timestamp(waiting.useful_until) {
            return Err(never("it is of no use any more".to_owned()));
        }
        let channel = Channel::parse(&waiting.channel)
            .ok_or_else(|| never("the channel is not known".to_owned()))?;
        let to = Recipient::from_stored(channel, waiting.to);
        let connector = match self.connector_of(channel).await {
            Ok(connector) => connector,
            Err(error) if error.code() == ErrorCode::ConnectorNotFound => {
                return Err(never("the connector was deleted".to_owned()));
            }
            Err(error) => return Err(later(error)),
        };
        let config = self.connector_config(&connector).await.map_err(later)?;
        let message = Message {
            id: &job.id,
            to: &to,
            usage_type: waiting.usage_type,
            payload: &waiting.payload,
            language_tag: &waiting.language_tag,
        };
        self.hand_over(connector.factory, &config, &message)
            .await
            .map_err(|error| failure(&error))
    }

    /// Hands a message over now.
    pub(crate) async fn hand_over(
        &self,
        factory: &ConnectorFactory,
        config: &ConnectorConfig,
        message: &Message<'_>,
    ) -> Result<(), SendError> {
        if factory.is_demo {
            return self.receive(message).await;
        }
        self.outbound
            .send_message(factory.id, config, message, self.now())
            .await
    }
}

fn failure(error: &SendError) -> JobFailure {
    let reason = error.to_string();
    match error {
        SendError::Call(OutboundError::Busy) => JobFailure::Busy,
        SendError::LaterThan(_, wait) => JobFailure::AskedToWait(reason, *wait),
        error if error.is_temporary() => JobFailure::Later(reason),
        _ => JobFailure::Never(reason),
    }
}
