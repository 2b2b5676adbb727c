//! Messages: templates by usage type, filled with a payload (contract 3.2 and 3.4).

mod placeholder;
mod received;
mod template;

pub use self::{
    placeholder::{Escape, Payload, fill},
    received::ReceivedMessage,
    template::{ContentType, MessageTemplate, RenderedMessage, UsageType, choose},
};
