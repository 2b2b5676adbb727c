//! A grant as loaded for the token endpoint.

use meibo_domain::{application::Application, grant::Grant, ids::GrantId, time::Timestamp};

use crate::OAuthError;

/// A grant and whether its person may use it.
#[derive(Debug, Clone, Copy)]
pub struct GrantState<'a> {
    /// The grant.
    pub grant: &'a Grant,
    /// Does the account exist, and is it not suspended?
    pub user_is_active: bool,
}

impl<'a> GrantState<'a> {
    /// Is it the grant that something of `application` was issued under?
    pub(super) fn belongs_to(self, grant_id: &GrantId, application: &Application) -> bool {
        self.grant.id == *grant_id && self.grant.application_id == application.id
    }

    /// The grant, when it still holds.
    pub(super) fn check_alive(self, now: Timestamp) -> Result<&'a Grant, OAuthError> {
        if now >= self.grant.expires_at {
            return Err(OAuthError::invalid_grant("the grant has expired"));
        }
        if !self.user_is_active {
            return Err(OAuthError::invalid_grant(
                "the account does not exist or is suspended",
            ));
        }
        Ok(self.grant)
    }
}
