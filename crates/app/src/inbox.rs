//! The demo's inbox: messages are shown there instead of being sent.

use meibo_domain::{
    Error, ErrorCode, Result,
    connector::example_templates,
    message::{ReceivedMessage, choose},
};
use meibo_outbound::{Message, SendError};
use meibo_store::{db::Batch, inbox};

use crate::{App, outcome::Outcome};

impl App {
    /// Is this the demo, which has an inbox?
    #[must_use]
    pub fn has_inbox(&self) -> bool {
        self.has_inbox
    }

    /// The newest messages, the last one first; at most 100.
    ///
    /// # Errors
    /// `request.not_found` when this is no demo; the database's.
    pub async fn list_inbox(&self) -> Result<Vec<ReceivedMessage>> {
        if !self.has_inbox {
            return Err(ErrorCode::RouteNotFound.into());
        }
        Ok(inbox::newest(&self.db).await?)
    }

    /// Puts a message into the inbox, in the words of the example templates.
    pub(crate) async fn receive(&self, message: &Message<'_>) -> Result<(), SendError> {
        let channel = message.to.channel();
        let templates = example_templates(channel);
        let rendered = choose(&templates, message.usage_type, message.language_tag)
            .map(|template| template.render(message.payload))
            .map_err(|error| SendError::Configuration(error.to_string()))?;
        let received = ReceivedMessage {
            id: message.id.to_owned(),
            channel,
            recipient: message.to.to_string(),
            message: rendered,
            received_at: self.now(),
        };
        let batch = inbox::insert(Batch::new(), &received);
        self.settle::<_, Error, _>(async || Ok(Outcome::commit(batch.clone(), ())))
            .await
            .map_err(|error| SendError::Later(error.to_string()))
    }
}
