//! Secrets in recorded replies: members whose name says that they hold one are shown as `"***"`.

use serde_json::{Map, Value};

/// What stands for a secret.
pub const REDACTED: &str = "***";

/// Parts of names, without case and separators.
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passhash",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "authorization",
    "cookie",
    "credential",
    "sessionid",
    "sessionkey",
    "onetimecode",
    "pincode",
    "cvv",
    "cardnumber",
];

/// Does the name say that its value is a secret?
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    SECRET_WORDS.iter().any(|word| plain.contains(word))
}

/// The value with every secret in it replaced.
#[must_use]
pub fn redacted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(redacted).collect(),
        Value::Object(members) => Value::Object(redacted_members(members)),
        other => other.clone(),
    }
}

fn redacted_members(members: &Map<String, Value>) -> Map<String, Value> {
    let redact = |(name, value): (&String, &Value)| {
        let value = if is_secret_name(name) && !value.is_null() {
            Value::String(REDACTED.to_owned())
        } else {
            redacted(value)
        };
        (name.clone(), value)
    };
    members.iter().map(redact).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_told_by_their_name_at_every_depth() {
        let reply = json!({
            "user": {"name": "a", "Password-Hash": "x", "api_key": {"id": 1}},
            "list": [{"accessToken": "t", "token": null}],
            "monkey": "kept"
        });
        assert_eq!(
            redacted(&reply),
            json!({
                "user": {"name": "a", "Password-Hash": "***", "api_key": "***"},
                "list": [{"accessToken": "***", "token": null}],
                "monkey": "kept"
            })
        );
    }
}
