//! A connector's configuration: JSON that fits its factory's fields.

use serde_json::{Map, Value};

use super::{ConfigField, ConnectorFactory, FieldKind, Mailbox};
use crate::{
    Error, ErrorCode, Result,
    message::{MessageTemplate, UsageType},
    text::{check_called_url, check_lines, check_text},
};

/// What stands in place of a secret whenever a configuration is shown; sent back, it keeps the secret.
pub const MASK: &str = "********";

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

fn fields_of(
    factory: &ConnectorFactory,
    kind: FieldKind,
) -> impl Iterator<Item = &'static ConfigField> {
    factory
        .fields
        .iter()
        .filter(move |field| field.kind == kind)
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

/// Puts a value at a path; the objects on the way are made.
pub(super) fn put(members: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            members.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let below = members.entry(first).or_insert_with(|| Map::new().into());
            if let Value::Object(below) = below {
                put(below, rest, value);
            }
        }
    }
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
