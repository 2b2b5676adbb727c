//! Secrets of a configuration, which are never shown: a mask stands in their place, and sent back it keeps
//! them.

use serde_json::{Map, Value};

use super::{
    super::{ConfigField, ConnectorFactory, FieldKind},
    is_empty,
    path::{get, get_mut},
};

/// What stands in place of a secret whenever a configuration is shown; sent back, it keeps the secret.
pub const MASK: &str = "********";

/// The configuration with every secret masked.
#[must_use]
pub fn mask(factory: &ConnectorFactory, mut members: Map<String, Value>) -> Map<String, Value> {
    for field in fields_of(factory, FieldKind::Secret) {
        if let Some(value) = get_mut(&mut members, field.path)
            && !is_empty(value)
        {
            *value = MASK.into();
        }
    }
    members
}

/// A configuration that comes back: where a secret is still masked, the stored one is put, as long
/// as it still goes to the same server. Otherwise whoever may change a configuration could send
/// a secret that they must not see to a server of their own; then the mask stays and
/// [`check_config`] refuses it.
#[must_use]
pub fn unmask(
    factory: &ConnectorFactory,
    mut members: Map<String, Value>,
    stored: &Map<String, Value>,
) -> Map<String, Value> {
    if destination(factory, &members) != destination(factory, stored) {
        return members;
    }
    for field in fields_of(factory, FieldKind::Secret) {
        if let Some(value) = get_mut(&mut members, field.path)
            && value == MASK
            && let Some(secret) = get(stored, field.path)
        {
            *value = secret.clone();
        }
    }
    members
}

/// Where a configuration leads: the whole addresses it calls, or mail server, port and the authority
/// that vouches for it.
fn destination(factory: &ConnectorFactory, members: &Map<String, Value>) -> Vec<Option<String>> {
    let text = |field: &ConfigField| get(members, field.path).and_then(Value::as_str);
    let host = text_of_host(members);
    let of_mail = ["port", "tls.ca"].map(|path| get(members, path).map(ToString::to_string));
    fields_of(factory, FieldKind::Url)
        .map(|field| Some(url::Url::parse(text(field)?).ok()?.to_string()))
        .chain([host])
        .chain(of_mail)
        .collect()
}

/// The mail server of SMTP.
fn text_of_host(members: &Map<String, Value>) -> Option<String> {
    get(members, "host")?.as_str().map(str::to_ascii_lowercase)
}

fn fields_of(
    factory: &ConnectorFactory,
    kind: FieldKind,
) -> impl Iterator<Item = &'static ConfigField> {
    factory
        .fields
        .iter()
        .filter(move |field| field.kind == kind)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::tests::{factory, smtp},
        *,
    };
    use crate::connector::find_factory;

    #[test]
    fn secrets_are_masked_and_a_mask_keeps_them() {
        let shown = mask(factory(), smtp());
        assert_eq!(shown["auth"], json!({"user": "u", "pass": MASK}));
        let mut back = shown;
        back["auth"]["user"] = json!("other");
        let kept = unmask(factory(), back, &smtp());
        assert_eq!(kept["auth"], json!({"user": "other", "pass": "s3cret"}));
        let fresh = unmask(factory(), mask(factory(), smtp()), &Map::new());
        assert_eq!(fresh["auth"]["pass"], MASK, "there is nothing to keep");
    }

    #[test]
    fn a_masked_secret_stays_with_its_server() {
        let mut elsewhere = mask(factory(), smtp());
        elsewhere.insert("host".into(), json!("mail.evil.example"));
        let refused = unmask(factory(), elsewhere, &smtp());
        assert_eq!(refused["auth"]["pass"], MASK);
        let mut other_port = mask(factory(), smtp());
        other_port.insert("port".into(), json!(2525));
        let refused = unmask(factory(), other_port, &smtp());
        assert_eq!(refused["auth"]["pass"], MASK);
        let http = find_factory("http-email").unwrap();
        let stored = json!({"endpoint": "https://shop.example/mail", "authorization": "Bearer s"});
        for (endpoint, is_kept) in [
            ("https://shop.example/mail", true),
            ("https://shop.example/other", false),
            ("http://shop.example/mail", false),
            ("https://shop.example:8443/mail", false),
            ("https://evil.example/mail", false),
        ] {
            let back = json!({"endpoint": endpoint, "authorization": MASK});
            let back = back.as_object().unwrap().clone();
            let kept = unmask(http, back, stored.as_object().unwrap());
            assert_eq!(kept["authorization"] != MASK, is_kept, "{endpoint}");
        }
    }
}
