//! Settings of the contract that this server does not have: answered with the contract's defaults, and
//! refused when they ask for something.

use serde_json::{Map, Value, json};

use crate::{Error, Result};

/// Each member with its default.
#[must_use]
pub fn defaults() -> Map<String, Value> {
    let defaults = [
        ("hideLogtoBranding", json!(false)),
        ("socialSignIn", json!({})),
        ("socialSignInConnectorTargets", json!([])),
        ("customCss", json!(null)),
        ("customContent", json!({})),
        ("customUiAssets", json!(null)),
        ("customUiCsp", json!({})),
        ("mfa", json!({"policy": "UserControlled", "factors": []})),
        ("adaptiveMfa", json!({})),
        ("singleSignOnEnabled", json!(false)),
        ("captchaPolicy", json!({})),
        ("sentinelPolicy", json!({})),
        ("emailBlocklistPolicy", json!({})),
        ("passkeySignIn", json!({})),
        ("signUpProfileFields", json!([])),
        ("passwordExpiration", json!({})),
        ("usernamePolicy", json!({})),
    ];
    defaults
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Takes these members of a PATCH when they are as they are, or ask for nothing.
///
/// # Errors
/// `guard.invalid_input` for the first that asks for something.
pub fn check_not_offered(members: &Map<String, Value>) -> Result<()> {
    for (name, default) in defaults() {
        let asked = members.get(&name);
        if asked.is_some_and(|value| *value != default && !is_nothing(value)) {
            let message = format!("this server does not offer it; leave it out, or send {default}");
            return Err(Error::invalid(name, "not_offered", message));
        }
    }
    for name in ["id", "tenantId"] {
        if members.get(name).is_some_and(|value| value != "default") {
            return Err(Error::invalid(name, "fixed", "it is always \"default\""));
        }
    }
    Ok(())
}

/// Does the value ask for nothing at all?
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) | Value::Number(_) => false,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_nothing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_taken_and_so_is_nothing() {
        assert!(check_not_offered(&defaults()).is_ok());
        for (value, refused) in [
            (json!({}), None),
            (
                json!({"id": "default", "tenantId": "default", "color": 5}),
                None,
            ),
            (
                json!({"customCss": "", "mfa": null, "captchaPolicy": {"enabled": false}}),
                None,
            ),
            (
                json!({"mfa": {"factors": []}, "socialSignIn": {"automaticAccountLinking": false}}),
                None,
            ),
            (
                json!({"mfa": {"policy": "Mandatory", "factors": ["Totp"]}}),
                Some("mfa"),
            ),
            (json!({"customCss": "body{}"}), Some("customCss")),
            (
                json!({"captchaPolicy": {"enabled": true}}),
                Some("captchaPolicy"),
            ),
            (
                json!({"sentinelPolicy": {"maxAttempts": 5}}),
                Some("sentinelPolicy"),
            ),
            (
                json!({"hideLogtoBranding": true}),
                Some("hideLogtoBranding"),
            ),
            (
                json!({"socialSignInConnectorTargets": ["google"]}),
                Some("socialSignInConnectorTargets"),
            ),
            (json!({"id": "other"}), Some("id")),
        ] {
            let checked = check_not_offered(value.as_object().unwrap());
            let path = checked
                .err()
                .map(|error| error.violations()[0].path.clone());
            assert_eq!(path.as_deref(), refused, "{value}");
        }
    }
}
