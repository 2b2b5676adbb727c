//! Examples for a form: what a configuration looks like, with templates that can be used as they are.

use serde_json::{Map, Value, json};

use super::{ConfigField, ConnectorFactory, FieldKind, config::put};
use crate::{
    message::{ContentType, MessageTemplate, UsageType},
    recipient::Channel,
};

/// Usage types with an example, and the subject of an email in English and Japanese.
const SUBJECTS: [(UsageType, [&str; 2]); 4] = [
    (
        UsageType::Register,
        ["Your code for a new account", "アカウント登録の検証コード"],
    ),
    (
        UsageType::SignIn,
        ["Your code for signing in", "サインインの検証コード"],
    ),
    (
        UsageType::ForgotPassword,
        [
            "Your code for a new password",
            "パスワード再設定の検証コード",
        ],
    ),
    (UsageType::Generic, ["Your verification code", "検証コード"]),
];

/// Templates for a channel: every usage type of an example, in English for everybody and in
/// Japanese for those who read it.
#[must_use]
pub fn example_templates(channel: Channel) -> Vec<MessageTemplate> {
    SUBJECTS
        .into_iter()
        .flat_map(|(usage_type, [english, japanese])| {
            [
                template(channel, usage_type, None, english, english_text),
                template(channel, usage_type, Some("ja"), japanese, japanese_text),
            ]
        })
        .collect()
}

fn template(
    channel: Channel,
    usage_type: UsageType,
    language_tag: Option<&str>,
    subject: &str,
    text: fn(&str, Channel) -> String,
) -> MessageTemplate {
    MessageTemplate {
        usage_type,
        language_tag: language_tag.map(str::to_owned),
        content_type: ContentType::Text,
        subject: match channel {
            Channel::Email => subject.to_owned(),
            Channel::Sms => String::new(),
        },
        content: text(subject, channel),
    }
}

fn english_text(subject: &str, channel: Channel) -> String {
    match channel {
        Channel::Email => format!(
            "{subject}: {{{{code}}}}\n\nIt is valid for a few minutes. If you did not ask for it, you can ignore this message.\n"
        ),
        Channel::Sms => format!("{subject}: {{{{code}}}}"),
    }
}

fn japanese_text(subject: &str, channel: Channel) -> String {
    match channel {
        Channel::Email => format!(
            "{subject}: {{{{code}}}}\n\n数分間有効です。お心当たりがない場合は、このメッセージを破棄してください。\n"
        ),
        Channel::Sms => format!("{subject}: {{{{code}}}}"),
    }
}

/// What could stand in a field.
#[must_use]
pub fn example_value(factory: &ConnectorFactory, field: &ConfigField) -> Value {
    match field.kind {
        FieldKind::Text | FieldKind::Word | FieldKind::Secret => format!("<{}>", field.path).into(),
        FieldKind::Mailbox => "Example <no-reply@example.com>".into(),
        FieldKind::Url => "https://example.com/".into(),
        FieldKind::Port => 587.into(),
        FieldKind::Switch => false.into(),
        FieldKind::Pem => "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n".into(),
        FieldKind::Templates => json!(example_templates(factory.channel)),
    }
}

/// A configuration with every needed field, to be filled in.
#[must_use]
pub fn example_config(factory: &ConnectorFactory) -> Map<String, Value> {
    let mut members = Map::new();
    for field in factory.fields.iter().filter(|field| field.is_required) {
        put(&mut members, field.path, example_value(factory, field));
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        connector::{FACTORIES, check_config},
        message::{Payload, choose},
    };

    #[test]
    fn every_example_has_the_needed_fields_and_a_code_in_each_language() {
        for factory in FACTORIES {
            let mut config = example_config(factory);
            for field in factory.fields {
                if field.kind == FieldKind::Word {
                    put(&mut config, field.path, "word".into());
                }
            }
            let config = check_config(factory, &config).unwrap();
            if !factory.has_templates() {
                continue;
            }
            let payload = Payload::from_iter([("code".to_owned(), json!("012345"))]);
            let mut seen = std::collections::HashSet::new();
            for (usage_type, _) in SUBJECTS {
                for language in ["en", "ja", "ja-JP", "fr"] {
                    let chosen = choose(config.templates(), usage_type, language).unwrap();
                    assert_eq!(chosen.usage_type, usage_type);
                    assert_eq!(chosen.language_tag.is_some(), language.starts_with("ja"));
                    let rendered = chosen.render(&payload);
                    assert!(rendered.content.contains("012345"), "{rendered:?}");
                    let is_email = factory.channel == Channel::Email;
                    assert_eq!(!rendered.subject.is_empty(), is_email);
                    seen.insert(rendered.content);
                }
            }
            assert_eq!(seen.len(), 2 * SUBJECTS.len(), "{}", factory.id);
        }
    }
}
