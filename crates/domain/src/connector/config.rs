//! A connector's configuration: JSON that fits its factory's fields.

use serde_json::{Map, Value};

use super::{ConfigField, ConnectorFactory, FieldKind};
use crate::{
    Error, Result,
    email::EmailAddress,
    message::{MessageTemplate, UsageType},
    text::{check_text, check_web_url},
};

/// What stands in place of a secret whenever a configuration is shown; sent back, it keeps the secret.
pub const MASK: &str = "********";

/// Templates of one connector at most.
const MAX_TEMPLATES: usize = 100;

/// A checked configuration.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectorConfig {
    members: Map<String, Value>,
    templates: Vec<MessageTemplate>,
}

impl ConnectorConfig {
    /// The text at a path, such as `auth.user`.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        get(&self.members, path).and_then(Value::as_str)
    }

    /// The switch at a path; off unless set.
    #[must_use]
    pub fn is_on(&self, path: &str) -> bool {
        get(&self.members, path).and_then(Value::as_bool) == Some(true)
    }

    /// The port at a path.
    #[must_use]
    pub fn port(&self, path: &str) -> Option<u16> {
        get(&self.members, path)
            .and_then(Value::as_u64)
            .and_then(|port| u16::try_from(port).ok())
    }

    /// The templates.
    #[must_use]
    pub fn templates(&self) -> &[MessageTemplate] {
        &self.templates
    }
}

/// Takes what fits the factory. Members that it does not know are left alone.
///
/// # Errors
/// `guard.invalid_input` with a line for each wrong field.
pub fn check_config(
    factory: &ConnectorFactory,
    members: Map<String, Value>,
) -> Result<ConnectorConfig> {
    let mut templates = Vec::new();
    for field in factory.fields {
        let value = get(&members, field.path).filter(|value| !is_empty(value));
        match value {
            None if field.is_required => {
                return Err(wrong(field, "required", "this is needed"));
            }
            None => {}
            Some(value) if field.kind == FieldKind::Templates => {
                templates = check_templates(value)?;
            }
            Some(value) => check_field(field, value)?,
        }
    }
    Ok(ConnectorConfig { members, templates })
}

fn check_field(field: &ConfigField, value: &Value) -> Result<()> {
    let path = format!("config.{}", field.path);
    let text = || value.as_str().ok_or_else(|| wrong(field, "type", "text"));
    match field.kind {
        FieldKind::Text | FieldKind::Secret => check_text(&path, text()?, 2048),
        FieldKind::Mailbox => check_mailbox(field, text()?),
        FieldKind::Url => check_web_url(&path, text()?),
        FieldKind::Port => match value.as_u64() {
            Some(1..=65_535) => Ok(()),
            _ => Err(wrong(field, "range", "1 to 65535")),
        },
        FieldKind::Switch if value.is_boolean() => Ok(()),
        FieldKind::Switch => Err(wrong(field, "type", "true or false")),
        FieldKind::Choice(choices) if choices.contains(&text()?) => Ok(()),
        FieldKind::Choice(choices) => Err(wrong(field, "choice", &choices.join(", "))),
        FieldKind::Templates => Ok(()),
    }
}

/// `ann@example.com` or `Ann <ann@example.com>`, on one line.
fn check_mailbox(field: &ConfigField, text: &str) -> Result<()> {
    check_text(&format!("config.{}", field.path), text, 320)?;
    let address = match text
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'))
    {
        Some((_, address)) => address,
        None => text,
    };
    EmailAddress::parse(address).map(drop).map_err(|_| {
        wrong(
            field,
            "email",
            "an address, or a name and an address in < >",
        )
    })
}

fn check_templates(value: &Value) -> Result<Vec<MessageTemplate>> {
    let wrong = |message: String| Error::invalid("config.templates", "templates", message);
    let templates: Vec<MessageTemplate> =
        serde_json::from_value(value.clone()).map_err(|error| wrong(error.to_string()))?;
    if templates.len() > MAX_TEMPLATES {
        return Err(wrong(format!("at most {MAX_TEMPLATES}")));
    }
    for (index, template) in templates.iter().enumerate() {
        template
            .check()
            .map_err(|error| error.within(&format!("config.templates.{index}")))?;
    }
    if templates
        .iter()
        .all(|template| template.usage_type != UsageType::Generic)
    {
        return Err(wrong("one of usageType Generic is needed".to_owned()));
    }
    Ok(templates)
}

/// The configuration with every secret masked.
#[must_use]
pub fn mask(factory: &ConnectorFactory, mut members: Map<String, Value>) -> Map<String, Value> {
    for field in secrets(factory) {
        if let Some(value) = get_mut(&mut members, field.path)
            && !is_empty(value)
        {
            *value = MASK.into();
        }
    }
    members
}

/// A configuration that comes back: where a secret is still masked, the stored one is put.
#[must_use]
pub fn unmask(
    factory: &ConnectorFactory,
    mut members: Map<String, Value>,
    stored: &Map<String, Value>,
) -> Map<String, Value> {
    for field in secrets(factory) {
        if let Some(value) = get_mut(&mut members, field.path)
            && value == MASK
        {
            *value = get(stored, field.path).cloned().unwrap_or(Value::Null);
        }
    }
    members
}

fn secrets(factory: &ConnectorFactory) -> impl Iterator<Item = &ConfigField> {
    factory
        .fields
        .iter()
        .filter(|field| field.kind == FieldKind::Secret)
}

fn get<'v>(members: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    let mut parts = path.split('.');
    let first = members.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

fn get_mut<'v>(members: &'v mut Map<String, Value>, path: &str) -> Option<&'v mut Value> {
    let mut parts = path.split('.');
    let first = members.get_mut(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get_mut(part))
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn wrong(field: &ConfigField, rule: &'static str, message: &str) -> Error {
    Error::invalid(format!("config.{}", field.path), rule, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::connector::find_factory;

    fn smtp() -> Map<String, Value> {
        let config = json!({
            "host": "mail.example", "port": 587, "auth": {"user": "u", "pass": "s3cret"},
            "fromEmail": "Shop <shop@example.com>", "unknown": [1],
            "templates": [{"usageType": "Generic", "subject": "Code", "content": "{{code}}"}],
        });
        config.as_object().unwrap().clone()
    }

    fn factory() -> &'static ConnectorFactory {
        find_factory("simple-mail-transfer-protocol").unwrap()
    }

    #[test]
    fn what_fits_is_read() {
        let config = check_config(factory(), smtp()).unwrap();
        assert_eq!(config.text("auth.user"), Some("u"));
        assert_eq!(
            (config.port("port"), config.is_on("secure")),
            (Some(587), false)
        );
        assert_eq!(config.templates().len(), 1);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (path, value, expected) in [
            ("host", json!(null), "config.host"),
            ("host", json!(""), "config.host"),
            ("host", json!("a\r\nb"), "config.host"),
            ("port", json!("587"), "config.port"),
            ("port", json!(0), "config.port"),
            ("secure", json!("yes"), "config.secure"),
            ("fromEmail", json!("Shop <shop>"), "config.fromEmail"),
            (
                "fromEmail",
                json!("a@b.example\r\nBcc: c@d.example"),
                "config.fromEmail",
            ),
            ("templates", json!([]), "config.templates"),
            (
                "templates",
                json!([{"usageType": "SignIn", "content": "x"}]),
                "config.templates",
            ),
            (
                "templates",
                json!([{"usageType": "Generic", "content": ""}]),
                "config.templates.0.content",
            ),
            ("templates", json!("x"), "config.templates"),
        ] {
            let mut members = smtp();
            members.insert(path.to_owned(), value);
            let error = check_config(factory(), members).err().unwrap();
            assert_eq!(error.violations()[0].path, expected);
        }
    }

    #[test]
    fn secrets_are_masked_and_a_mask_keeps_them() {
        let shown = mask(factory(), smtp());
        assert_eq!(shown["auth"], json!({"user": "u", "pass": MASK}));
        let mut back = shown;
        back["auth"]["user"] = json!("other");
        let kept = unmask(factory(), back, &smtp());
        assert_eq!(kept["auth"], json!({"user": "other", "pass": "s3cret"}));
        let fresh = unmask(factory(), mask(factory(), smtp()), &Map::new());
        assert_eq!(fresh["auth"]["pass"], json!(null));
    }
}
