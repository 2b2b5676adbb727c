//! A connector's configuration: JSON that fits its factory's fields.

mod path;
mod secrets;

pub(super) use self::path::put;
pub use self::secrets::{MASK, mask, unmask};

use serde_json::{Map, Value};

use self::path::get;
use super::{ConfigField, ConnectorFactory, FieldKind, Mailbox};
use crate::{
    Error, ErrorCode, Result,
    message::{MessageTemplate, UsageType},
    text::{check_called_url, check_lines, check_text},
};

/// Templates of one connector at most.
const MAX_TEMPLATES: usize = 100;

/// The longest list of certificates, in characters.
const MAX_PEM: usize = 32 * 1024;

/// A checked configuration.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectorConfig {
    members: Map<String, Value>,
    templates: Vec<MessageTemplate>,
}

impl ConnectorConfig {
    /// Everything in it, in clear.
    #[must_use]
    pub const fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// The text at a path, such as `auth.user`; none when it is empty.
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

    /// The mailbox at a path.
    #[must_use]
    pub fn mailbox(&self, path: &str) -> Option<Mailbox> {
        Mailbox::parse(self.text(path)?).ok()
    }

    /// The templates.
    #[must_use]
    pub fn templates(&self) -> &[MessageTemplate] {
        &self.templates
    }
}

/// Takes what fits the factory. Members that it does not know are dropped, as is what is empty.
///
/// # Errors
/// `connector.invalid_config` with a line for each wrong field.
pub fn check_config(
    factory: &ConnectorFactory,
    members: &Map<String, Value>,
) -> Result<ConnectorConfig> {
    let mut templates = Vec::new();
    let mut known = Map::new();
    let mut refusal = Error::new(ErrorCode::ConnectorInvalidConfig);
    for field in factory.fields {
        let Some(value) = get(members, field.path).filter(|value| !is_empty(value)) else {
            if field.is_required {
                refusal = refusal.violation(path_of(field), "required", "this is needed");
            }
            continue;
        };
        let checked = match field.kind {
            FieldKind::Templates => check_templates(value).map(|taken| templates = taken),
            _ => check_field(field, value),
        };
        match checked {
            Ok(()) => put(&mut known, field.path, value.clone()),
            Err(error) => {
                for one in error.violations() {
                    refusal = refusal.violation(one.path.clone(), one.rule, one.message.clone());
                }
            }
        }
    }
    if !refusal.violations().is_empty() {
        return Err(refusal);
    }
    Ok(ConnectorConfig {
        members: known,
        templates,
    })
}

fn check_field(field: &ConfigField, value: &Value) -> Result<()> {
    let path = path_of(field);
    let text = || value.as_str().ok_or_else(|| wrong(field, "type", "text"));
    match field.kind {
        FieldKind::Secret if value == MASK => Err(wrong(
            field,
            "masked",
            "no secret is kept that could stand here; give it in clear",
        )),
        FieldKind::Text | FieldKind::Secret => check_text(&path, text()?, 2048),
        FieldKind::Word => check_word(field, text()?),
        FieldKind::Mailbox => Mailbox::parse(text()?).map(drop).map_err(|_| {
            wrong(
                field,
                "email",
                "an address, or a name and an address in < >",
            )
        }),
        FieldKind::Url => check_called_url(&path, text()?),
        FieldKind::Pem => check_pem(field, text()?),
        FieldKind::Port => match value.as_u64() {
            Some(1..=65_535) => Ok(()),
            _ => Err(wrong(field, "range", "1 to 65535")),
        },
        FieldKind::Switch if value.is_boolean() => Ok(()),
        FieldKind::Switch => Err(wrong(field, "type", "true or false")),
        FieldKind::Templates => Ok(()),
    }
}

fn check_word(field: &ConfigField, text: &str) -> Result<()> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if text.len() <= 256 && text.bytes().all(is_plain) {
        return Ok(());
    }
    Err(wrong(
        field,
        "word",
        "up to 256 letters, digits, dots, hyphens and underscores",
    ))
}

fn check_pem(field: &ConfigField, text: &str) -> Result<()> {
    check_lines(&path_of(field), text, MAX_PEM)?;
    if text.contains("-----BEGIN CERTIFICATE-----") {
        return Ok(());
    }
    Err(wrong(
        field,
        "pem",
        "one or more certificates, each beginning with -----BEGIN CERTIFICATE-----",
    ))
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

/// The fields of a factory whose values differ, by their paths; never the values.
#[must_use]
pub fn changed_fields(
    factory: &ConnectorFactory,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Vec<&'static str> {
    factory
        .fields
        .iter()
        .filter(|field| get(before, field.path) != get(after, field.path))
        .map(|field| field.path)
        .collect()
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn path_of(field: &ConfigField) -> String {
    format!("config.{}", field.path)
}

fn wrong(field: &ConfigField, rule: &'static str, message: &str) -> Error {
    Error::invalid(path_of(field), rule, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::connector::find_factory;

    pub(super) fn smtp() -> Map<String, Value> {
        let config = json!({
            "host": "mail.example", "port": 587, "auth": {"user": "u", "pass": "s3cret"},
            "fromEmail": "Shop <shop@example.com>", "unknown": [1],
            "templates": [{"usageType": "Generic", "subject": "Code", "content": "{{code}}"}],
        });
        config.as_object().unwrap().clone()
    }

    pub(super) fn factory() -> &'static ConnectorFactory {
        find_factory("simple-mail-transfer-protocol").unwrap()
    }

    #[test]
    fn what_fits_is_read() {
        let config = check_config(factory(), &smtp()).unwrap();
        assert_eq!(config.text("auth.user"), Some("u"));
        assert_eq!(
            (config.port("port"), config.is_on("secure")),
            (Some(587), false)
        );
        assert_eq!(config.templates().len(), 1);
        assert!(!config.members().contains_key("unknown"));
        let kept: Vec<&String> = config.members().keys().collect();
        assert_eq!(kept, ["host", "port", "auth", "fromEmail", "templates"]);
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
            ("auth", json!({"pass": MASK}), "config.auth.pass"),
            ("tls", json!({"ca": "not a certificate"}), "config.tls.ca"),
        ] {
            let mut members = smtp();
            members.insert(path.to_owned(), value);
            let error = check_config(factory(), &members).err().unwrap();
            assert_eq!(error.code(), ErrorCode::ConnectorInvalidConfig);
            assert_eq!(error.violations()[0].path, expected);
        }
        let error = check_config(factory(), &Map::new()).err().unwrap();
        let paths: Vec<&str> = error
            .violations()
            .iter()
            .map(|one| one.path.as_str())
            .collect();
        let all = [
            "config.host",
            "config.port",
            "config.fromEmail",
            "config.templates",
        ];
        assert_eq!(paths, all, "every wrong field is named at once");
    }

    #[test]
    fn what_becomes_part_of_an_address_is_one_word() {
        let ses = find_factory("aws-ses-mail").unwrap();
        for (region, is_taken) in [
            ("eu-west-1", true),
            ("x@evil.example", false),
            ("evil.example/", false),
            ("a b", false),
        ] {
            let config = json!({
                "accessKeyId": "k", "accessKeySecret": "s", "region": region, "emailAddress": "a@b.example",
                "templates": [{"usageType": "Generic", "content": "x"}],
            });
            let checked = check_config(ses, config.as_object().unwrap());
            assert_eq!(checked.is_ok(), is_taken, "{region}");
        }
    }

    #[test]
    fn changed_fields_are_named() {
        let mut after = smtp();
        after["auth"]["pass"] = json!("other");
        after.insert("secure".into(), json!(true));
        assert_eq!(
            changed_fields(factory(), &smtp(), &after),
            ["secure", "auth.pass"]
        );
    }
}
