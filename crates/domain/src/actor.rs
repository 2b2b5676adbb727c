//! Who performs a use case.

use std::net::IpAddr;

use crate::{
    ids::{ApplicationId, UserId},
    scope::ScopeSet,
};

/// Who performs a use case, and from where.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Who.
    pub subject: Subject,
    /// The scopes of the Management API that the actor's token carries.
    pub scopes: ScopeSet,
    /// The address that the request came from, when it came over the network.
    pub address: Option<IpAddr>,
    /// The request's id, for the audit log.
    pub request_id: Option<String>,
}

/// The one who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A person.
    User(UserId),
    /// A machine application.
    Application(ApplicationId),
    /// Somebody at the command line of the server.
    Operator,
    /// Nobody who is known (yet).
    Anonymous,
}

impl Actor {
    /// An actor without scopes.
    #[must_use]
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            scopes: ScopeSet::default(),
            address: None,
            request_id: None,
        }
    }
}

impl Subject {
    /// The word for the audit log.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Application(_) => "application",
            Self::Operator => "operator",
            Self::Anonymous => "anonymous",
        }
    }

    /// The id for the audit log.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::User(id) => Some(id.as_str()),
            Self::Application(id) => Some(id.as_str()),
            Self::Operator | Self::Anonymous => None,
        }
    }
}
