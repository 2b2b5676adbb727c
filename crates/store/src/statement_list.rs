//! Every statement of this crate, for the test that prepares each on both engines.

use crate::{
    activity_log, api_resources, applications, audit_log, client_assertions, connectors, consents,
    counters, data_keys, db::Sql, expiry, grants, inbox, jobs, live_tokens, message_sends,
    resealing, revoked_tokens, roles, sessions, settings, sign_in_attempts, sign_ins, signing_keys,
    users, users_search, verification_codes,
};

/// Name and text of every statement, those that are put together at run time in each of their shapes.
#[must_use]
pub fn all() -> Vec<(String, Sql)> {
    let families: [(&str, &[(&str, &Sql)]); 25] = [
        ("activity_log", activity_log::ALL),
        ("api_resources", api_resources::ALL),
        ("applications", applications::ALL),
        ("audit_log", audit_log::ALL),
        ("client_assertions", client_assertions::ALL),
        ("connectors", connectors::ALL),
        ("consents", consents::ALL),
        ("counters", counters::ALL),
        ("data_keys", data_keys::ALL),
        ("expiry", expiry::ALL),
        ("grants", grants::ALL),
        ("inbox", inbox::ALL),
        ("jobs", jobs::ALL),
        ("live_tokens", live_tokens::ALL),
        ("message_sends", message_sends::ALL),
        ("resealing", resealing::ALL),
        ("revoked_tokens", revoked_tokens::ALL),
        ("roles", roles::ALL),
        ("sessions", sessions::ALL),
        ("settings", settings::ALL),
        ("sign_in_attempts", sign_in_attempts::ALL),
        ("sign_ins", sign_ins::ALL),
        ("signing_keys", signing_keys::ALL),
        ("users", users::ALL),
        ("verification_codes", verification_codes::ALL),
    ];
    let declared = families.into_iter().flat_map(|(family, statements)| {
        statements
            .iter()
            .map(move |(name, sql)| (format!("{family}::{name}"), (*sql).clone()))
    });
    let built = users_search::shapes().into_iter().enumerate();
    declared
        .chain(built.map(|(index, sql)| (format!("users_search::{index}"), sql)))
        .collect()
}
