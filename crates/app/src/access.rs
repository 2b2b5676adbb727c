//! Who may perform a management use case.

use meibo_domain::{
    ErrorCode, Result,
    actor::{Actor, Subject},
    resource::MANAGEMENT_API_SCOPE_ALL,
};

/// Lets the operator at the command line through, and everybody whose token carries `all`.
///
/// # Errors
/// `auth.forbidden` for everybody else.
pub(crate) fn require_management(actor: &Actor) -> Result<()> {
    if actor.subject == Subject::Operator || actor.scopes.contains(MANAGEMENT_API_SCOPE_ALL) {
        return Ok(());
    }
    Err(ErrorCode::Forbidden.into())
}

#[cfg(test)]
mod tests {
    use meibo_domain::{ids::UserId, scope::ScopeSet};

    use super::*;

    #[test]
    fn table() {
        let user = Subject::User(UserId::parse("u").unwrap());
        let with = |subject: Subject, scopes: &str| Actor {
            scopes: ScopeSet::parse(scopes).unwrap(),
            ..Actor::new(subject)
        };
        assert!(require_management(&with(Subject::Operator, "")).is_ok());
        assert!(require_management(&with(user.clone(), "all")).is_ok());
        assert!(require_management(&with(user, "openid")).is_err());
        assert!(require_management(&with(Subject::Anonymous, "")).is_err());
    }
}
