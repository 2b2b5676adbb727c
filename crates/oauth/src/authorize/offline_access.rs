//! `offline_access` counts only with `prompt=consent` (OpenID Connect Core section 11), or when the
//! application always gets refresh tokens.

use meibo_domain::{application::Application, scope::ScopeSet};

use super::Prompts;
use crate::scope::OFFLINE_ACCESS;

pub(super) fn check(scopes: ScopeSet, prompts: Prompts, application: &Application) -> ScopeSet {
    if prompts.consent || application.always_issues_refresh_token() {
        return scopes;
    }
    scopes.without(OFFLINE_ACCESS)
}
