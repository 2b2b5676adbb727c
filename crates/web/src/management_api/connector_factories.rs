//! `/api/connector-factories`

use axum::extract::State;
use meibo_app::App;
use meibo_domain::{
    connector::{
        ConfigField, ConnectorFactory, FieldKind, example_config, example_templates, example_value,
    },
    message::MessageTemplate,
    recipient::Channel,
};
use meibo_pages::Language;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    extract::{AcceptLanguage, Caller, Path},
    respond::{Answer, Document},
};

/// A kind of connector.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConnectorFactory)]
pub(super) struct ConnectorFactoryView {
    /// Id; `connectorId` of its connectors.
    id: &'static str,
    #[serde(flatten)]
    description: FactoryDescription,
}

/// What is known of every connector of a kind.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FactoryDescription {
    /// `Email` or `Sms`.
    #[serde(rename = "type")]
    channel: &'static str,
    /// The id once more: there is one connector of a kind.
    target: &'static str,
    /// Always null: it is the same on every platform.
    #[schema(value_type = Option<String>, required)]
    platform: Option<()>,
    /// Its name.
    name: Words,
    /// What it is for.
    description: Words,
    /// A picture, as a data URL.
    logo: &'static str,
    /// Always null: the picture does for dark pages, too.
    #[schema(value_type = Option<String>, required)]
    logo_dark: Option<()>,
    /// How to set it up, in Markdown, in the language that `Accept-Language` asks for.
    readme: String,
    /// A configuration to be filled in, as JSON text.
    config_template: String,
    /// The fields of a form.
    form_items: Vec<FormItem>,
    /// Always false: there are no tokens of somebody else's.
    is_token_storage_supported: bool,
}

/// A few words in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Words {
    /// In English.
    en: &'static str,
    /// In Japanese.
    ja: &'static str,
}

/// A field of a form.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConnectorFormItem)]
pub(super) struct FormItem {
    /// Path in the configuration: `auth.user` is the member `user` of the member `auth`.
    key: &'static str,
    /// `Text`, `MultilineText`, `Number`, `Switch` or `Json`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What a form calls it, in the language that `Accept-Language` asks for.
    label: &'static str,
    /// Must it be given?
    required: bool,
    /// Is it a secret, which is masked whenever a configuration is shown?
    is_confidential: bool,
    /// What could stand in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<String>,
    /// Templates to begin with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    default_value: Option<Vec<MessageTemplate>>,
}

impl FactoryDescription {
    pub(super) fn new(factory: &ConnectorFactory, language: Language) -> Self {
        let words = |[en, ja]: [&'static str; 2]| Words { en, ja };
        let items = factory.fields.iter();
        let [name, description] =
            [factory.name, factory.description].map(|words| in_language(words, language));
        Self {
            channel: factory.channel.as_str(),
            target: factory.id,
            platform: None,
            name: words(factory.name),
            description: words(factory.description),
            logo: logo(factory.channel),
            logo_dark: None,
            readme: format!("# {name}\n\n{description}\n"),
            config_template: serde_json::to_string_pretty(&example_config(factory))
                .unwrap_or_default(),
            form_items: items
                .map(|field| FormItem::new(factory, field, language))
                .collect(),
            is_token_storage_supported: false,
        }
    }
}

impl FormItem {
    fn new(factory: &ConnectorFactory, field: &ConfigField, language: Language) -> Self {
        let is_list = field.kind == FieldKind::Templates;
        Self {
            key: field.path,
            kind: match field.kind {
                FieldKind::Text
                | FieldKind::Word
                | FieldKind::Secret
                | FieldKind::Mailbox
                | FieldKind::Url => "Text",
                FieldKind::Pem => "MultilineText",
                FieldKind::Port => "Number",
                FieldKind::Switch => "Switch",
                FieldKind::Templates => "Json",
            },
            label: in_language(field.label, language),
            required: field.is_required,
            is_confidential: field.kind == FieldKind::Secret,
            placeholder: example_value(factory, field).as_str().map(str::to_owned),
            default_value: is_list.then(|| example_templates(factory.channel)),
        }
    }
}

impl ConnectorFactoryView {
    fn new(factory: &'static ConnectorFactory, language: Language) -> Self {
        Self {
            id: factory.id,
            description: FactoryDescription::new(factory, language),
        }
    }
}

const fn in_language([en, ja]: [&'static str; 2], language: Language) -> &'static str {
    match language {
        Language::En => en,
        Language::Ja => ja,
    }
}

/// A letter, or a speech bubble.
const fn logo(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => {
            "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' \
             stroke='%23808080' stroke-width='1.5'%3E%3Crect x='3' y='5' width='18' height='14' rx='2'/%3E\
             %3Cpath d='m3.5 6.5 8.5 7 8.5-7'/%3E%3C/svg%3E"
        }
        Channel::Sms => {
            "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' \
             stroke='%23808080' stroke-width='1.5'%3E%3Cpath d='M5 4h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8l-5 4v-4H5\
             a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z'/%3E%3C/svg%3E"
        }
    }
}

pub(super) async fn list_connector_factories(
    State(app): State<App>,
    Caller(actor): Caller,
    AcceptLanguage(language): AcceptLanguage,
) -> Answer<Document<Vec<ConnectorFactoryView>>> {
    let factories = app.list_connector_factories(&actor)?;
    let views = factories.map(|factory| ConnectorFactoryView::new(factory, language));
    Ok(Document(views.collect()))
}

pub(super) async fn get_connector_factory(
    State(app): State<App>,
    Caller(actor): Caller,
    AcceptLanguage(language): AcceptLanguage,
    Path(id): Path<String>,
) -> Answer<Document<ConnectorFactoryView>> {
    let factory = app.get_connector_factory(&actor, &id)?;
    Ok(Document(ConnectorFactoryView::new(factory, language)))
}
