//! Who posts a form of a sign-in, and from where.

use std::net::IpAddr;

use meibo_domain::{
    actor::{Actor, Subject},
    ids::{SignInId, UserId},
};

use super::SigningBrowser;
use crate::oidc::{BrowserCookies, ended_sessions::Patience};

/// Who posts a form of a sign-in.
pub struct Visitor {
    /// The sign-in under way.
    pub sign_in_id: SignInId,
    /// The browser's cookies.
    pub cookies: BrowserCookies,
    /// Where the post came from.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// The request's id, for the audit log.
    pub request_id: String,
}

impl Visitor {
    pub(super) fn browser(&self) -> SigningBrowser<'_> {
        SigningBrowser {
            cookies: &self.cookies,
            address: self.address,
            user_agent: self.user_agent.as_deref(),
            patience: Patience::default(),
        }
    }

    /// The visitor as `user`, for the audit log.
    pub(super) fn acting_as(&self, user: &UserId) -> Actor {
        Actor {
            address: Some(self.address),
            request_id: Some(self.request_id.clone()),
            ..Actor::new(Subject::User(user.clone()))
        }
    }
}
