//! Templates of messages: one for a usage type and, if wanted, a language.

use serde::{Deserialize, Serialize};

use super::{
    Payload,
    placeholder::{Escape, fill},
};
use crate::{Error, ErrorCode, Result, text::check_text, verification_code::CodePurpose};

/// What a message is for (contract 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UsageType {
    /// Signing in.
    SignIn,
    /// Making an account.
    Register,
    /// A forgotten password.
    ForgotPassword,
    /// An invitation to an organization.
    OrganizationInvitation,
    /// What has no template of its own.
    Generic,
    /// Proof before a sensitive change.
    UserPermissionValidation,
    /// A new email address or phone number.
    BindNewIdentifier,
    /// A second factor.
    MfaVerification,
    /// Setting up a second factor.
    BindMfa,
}

impl ContentType {
    /// The media type.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Html => "text/html",
        }
    }

    /// The content type of a media type.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Text, Self::Html]
            .into_iter()
            .find(|known| known.as_str() == text)
    }
}

impl From<CodePurpose> for UsageType {
    fn from(purpose: CodePurpose) -> Self {
        match purpose {
            CodePurpose::Generic => Self::Generic,
            CodePurpose::SignIn => Self::SignIn,
            CodePurpose::Register => Self::Register,
            CodePurpose::ForgotPassword => Self::ForgotPassword,
        }
    }
}

/// How the content of an email is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ContentType {
    /// Plain text.
    #[default]
    #[serde(rename = "text/plain")]
    Text,
    /// HTML; values are escaped.
    #[serde(rename = "text/html")]
    Html,
}

/// A template as a connector's configuration holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageTemplate {
    /// What for.
    pub usage_type: UsageType,
    /// BCP 47; a template without one serves every language that has none of its own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language_tag: Option<String>,
    /// How the content is written (email).
    #[serde(default)]
    pub content_type: ContentType,
    /// Subject line, up to 256 characters (email).
    #[serde(default)]
    pub subject: String,
    /// The body, up to 64 KiB.
    pub content: String,
}

/// A message ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedMessage {
    /// Subject line, without line breaks.
    pub subject: String,
    /// How the content is written.
    pub content_type: ContentType,
    /// The body.
    pub content: String,
}

/// The longest subject with its values in it, in characters.
const MAX_SUBJECT: usize = 512;

/// The longest content, in bytes.
const MAX_CONTENT: usize = 64 * 1024;

impl MessageTemplate {
    /// Checks lengths, and that the subject is one line.
    ///
    /// # Errors
    /// `guard.invalid_input` naming the member.
    pub fn check(&self) -> Result<()> {
        check_text("subject", &self.subject, 256)?;
        if self.content.is_empty() || self.content.len() > MAX_CONTENT {
            return Err(Error::invalid(
                "content",
                "length",
                format!("1 to {MAX_CONTENT} bytes"),
            ));
        }
        Ok(())
    }

    /// The message. A subject is plain text whatever the content is, and is cut at 512 characters.
    #[must_use]
    pub fn render(&self, payload: &Payload) -> RenderedMessage {
        let escape = match self.content_type {
            ContentType::Text => Escape::Text,
            ContentType::Html => Escape::Html,
        };
        RenderedMessage {
            subject: fill(&self.subject, payload, Escape::Text)
                .chars()
                .take(MAX_SUBJECT)
                .collect(),
            content_type: self.content_type,
            content: fill(&self.content, payload, escape),
        }
    }
}

/// The template for a usage type in a language: of its own type before `Generic`, within a type the
/// same tag, then the same language, then none. Language never refuses: where there is nothing but
/// other languages, the first of them serves.
///
/// # Errors
/// `connector.template_not_found`.
pub fn choose<'t>(
    templates: &'t [MessageTemplate],
    usage_type: UsageType,
    language_tag: &str,
) -> Result<&'t MessageTemplate> {
    let language = primary(language_tag);
    let rank = |template: &&MessageTemplate| match template.language_tag.as_deref() {
        Some(tag) if tag.eq_ignore_ascii_case(language_tag) => Some(0),
        Some(tag) if primary(tag).eq_ignore_ascii_case(language) => Some(1),
        Some(_) => None,
        None => Some(2),
    };
    let best = |usage_type| {
        templates
            .iter()
            .filter(|template| template.usage_type == usage_type)
            .filter_map(|template| Some((rank(&template)?, template)))
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, template)| template)
    };
    let any = |usage_type| {
        templates
            .iter()
            .find(|template| template.usage_type == usage_type)
    };
    best(usage_type)
        .or_else(|| best(UsageType::Generic))
        .or_else(|| any(usage_type))
        .or_else(|| any(UsageType::Generic))
        .ok_or_else(|| ErrorCode::ConnectorTemplateNotFound.into())
}

fn primary(tag: &str) -> &str {
    tag.split_once('-').map_or(tag, |(language, _)| language)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(usage_type: UsageType, tag: Option<&str>, content: &str) -> MessageTemplate {
        MessageTemplate {
            usage_type,
            language_tag: tag.map(str::to_owned),
            content_type: ContentType::Text,
            subject: "Code".into(),
            content: content.into(),
        }
    }

    #[test]
    fn the_nearest_template_is_chosen() {
        use UsageType::{Generic, Register, SignIn};
        let templates = [
            template(Generic, None, "generic"),
            template(Generic, Some("ja"), "generic ja"),
            template(SignIn, Some("ja"), "sign-in ja"),
            template(SignIn, None, "sign-in"),
            template(SignIn, Some("ja-JP"), "sign-in ja-JP"),
        ];
        for (usage, tag, expected) in [
            (SignIn, "ja-JP", "sign-in ja-JP"),
            (SignIn, "ja", "sign-in ja"),
            (SignIn, "ja-Hira", "sign-in ja"),
            (SignIn, "en", "sign-in"),
            (Register, "ja-JP", "generic ja"),
            (Register, "fr", "generic"),
        ] {
            assert_eq!(
                choose(&templates, usage, tag).unwrap().content,
                expected,
                "{tag}"
            );
        }
        let only = choose(&templates[1..3], Register, "en").unwrap();
        assert_eq!(only.content, "generic ja");
        let none = choose(&templates[2..3], Register, "en").unwrap_err();
        assert_eq!(none.code(), ErrorCode::ConnectorTemplateNotFound);
    }

    #[test]
    fn the_contracts_json_is_read() {
        let given = json!({
            "usageType": "Generic", "contentType": "text/html", "subject": "S {{code}}", "content": "<b>{{code}}</b>",
        });
        let template: MessageTemplate = serde_json::from_value(given).unwrap();
        template.check().unwrap();
        let payload = json!({"code": "<1>"}).as_object().unwrap().clone();
        assert_eq!(
            template.render(&payload),
            RenderedMessage {
                subject: "S <1>".into(),
                content_type: ContentType::Html,
                content: "<b>&lt;1&gt;</b>".into(),
            }
        );
        let mut bad = template;
        bad.subject = "a\r\nBcc: b".into();
        assert!(bad.check().is_err());
    }
}
