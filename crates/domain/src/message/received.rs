//! A message in the demo's inbox.

use super::RenderedMessage;
use crate::{recipient::Channel, time::Timestamp};

/// A message that was shown instead of being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMessage {
    /// The message's id; a repetition has the same.
    pub id: String,
    /// How it came.
    pub channel: Channel,
    /// To whom.
    pub recipient: String,
    /// What it says.
    pub message: RenderedMessage,
    /// When it came.
    pub received_at: Timestamp,
}
