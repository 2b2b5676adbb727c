//! The kinds of connectors and what each can be told (contract 3.4 and 7).

use crate::recipient::Channel;

/// What a field of a configuration takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// One line that is never shown again.
    Secret,
    /// An email address, perhaps with a name: `Shop <shop@example.com>`.
    Mailbox,
    /// An http or https URL.
    Url,
    /// A TCP port.
    Port,
    /// Yes or no.
    Switch,
    /// Letters, digits, `.`, `-` and `_`: what becomes part of an address.
    Word,
    /// Certificates (RFC 7468).
    Pem,
    /// The templates of the messages.
    Templates,
}

/// A field of a configuration. `auth.user` is the member `user` of the member `auth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfigField {
    /// Path of member names.
    pub path: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Must it be given?
    pub is_required: bool,
    /// What a form calls it, in English and Japanese.
    pub label: [&'static str; 2],
}

/// A kind of connector.
#[derive(Debug, PartialEq, Eq)]
pub struct ConnectorFactory {
    /// The contract's id.
    pub id: &'static str,
    /// What it sends.
    pub channel: Channel,
    /// Its name, in English and Japanese.
    pub name: [&'static str; 2],
    /// What it is for, in English and Japanese.
    pub description: [&'static str; 2],
    /// Is it there only while the server runs as a demo?
    pub is_demo: bool,
    /// What it can be told, in the order of a form.
    pub fields: &'static [ConfigField],
}

impl ConnectorFactory {
    /// Is the text made here, of templates in the configuration?
    #[must_use]
    pub fn has_templates(&self) -> bool {
        let is_list = |field: &ConfigField| field.kind == FieldKind::Templates;
        self.fields.iter().any(is_list)
    }
}

const fn required(path: &'static str, kind: FieldKind, label: [&'static str; 2]) -> ConfigField {
    ConfigField {
        path,
        kind,
        is_required: true,
        label,
    }
}

const fn optional(path: &'static str, kind: FieldKind, label: [&'static str; 2]) -> ConfigField {
    ConfigField {
        is_required: false,
        ..required(path, kind, label)
    }
}

const TEMPLATES: ConfigField = required(
    "templates",
    FieldKind::Templates,
    ["Templates", "テンプレート"],
);
const FROM: ConfigField = required("fromEmail", FieldKind::Mailbox, ["From", "差出人"]);
const REPLY_TO: ConfigField = optional("replyTo", FieldKind::Mailbox, ["Reply to", "返信先"]);
const API_KEY: ConfigField = required("apiKey", FieldKind::Secret, ["API key", "APIキー"]);
const ENDPOINT: ConfigField = required("endpoint", FieldKind::Url, ["Endpoint", "エンドポイント"]);
const AUTHORIZATION: ConfigField = optional(
    "authorization",
    FieldKind::Secret,
    ["Authorization header", "Authorizationヘッダー"],
);

/// Every kind of connector, in the order of a list.
pub static FACTORIES: &[ConnectorFactory] = &[
    ConnectorFactory {
        id: "simple-mail-transfer-protocol",
        channel: Channel::Email,
        name: ["SMTP", "SMTP"],
        description: [
            "Sends email through a mail server.",
            "メールサーバーを通じてメールを送信します。",
        ],
        is_demo: false,
        fields: &[
            required("host", FieldKind::Text, ["Host", "ホスト"]),
            required("port", FieldKind::Port, ["Port", "ポート"]),
            optional(
                "secure",
                FieldKind::Switch,
                ["TLS from the first byte", "最初からTLSを使う"],
            ),
            optional(
                "requireTLS",
                FieldKind::Switch,
                ["Refuse to send without TLS", "TLSなしでは送信しない"],
            ),
            optional(
                "tls.ca",
                FieldKind::Pem,
                ["Private CA certificates", "プライベートCAの証明書"],
            ),
            optional("auth.user", FieldKind::Text, ["User", "ユーザー"]),
            optional("auth.pass", FieldKind::Secret, ["Password", "パスワード"]),
            FROM,
            REPLY_TO,
            TEMPLATES,
        ],
    },
    ConnectorFactory {
        id: "http-email",
        channel: Channel::Email,
        name: ["HTTP email", "HTTPメール"],
        description: [
            "Posts each message as JSON to your own server, which sends the email.",
            "メッセージをJSONで自社サーバーに送り、そのサーバーがメールを送信します。",
        ],
        is_demo: false,
        fields: &[ENDPOINT, AUTHORIZATION],
    },
    ConnectorFactory {
        id: "aws-ses-mail",
        channel: Channel::Email,
        name: ["Amazon SES", "Amazon SES"],
        description: [
            "Sends email through Amazon SES.",
            "Amazon SESでメールを送信します。",
        ],
        is_demo: false,
        fields: &[
            required(
                "accessKeyId",
                FieldKind::Text,
                ["Access key id", "アクセスキーID"],
            ),
            required(
                "accessKeySecret",
                FieldKind::Secret,
                ["Secret access key", "シークレットアクセスキー"],
            ),
            required("region", FieldKind::Word, ["Region", "リージョン"]),
            optional("endpoint", FieldKind::Url, ["Endpoint", "エンドポイント"]),
            required("emailAddress", FieldKind::Mailbox, ["From", "差出人"]),
            TEMPLATES,
        ],
    },
    ConnectorFactory {
        id: "sendgrid-email-service",
        channel: Channel::Email,
        name: ["SendGrid", "SendGrid"],
        description: [
            "Sends email through SendGrid.",
            "SendGridでメールを送信します。",
        ],
        is_demo: false,
        fields: &[
            API_KEY,
            FROM,
            optional("fromName", FieldKind::Text, ["Sender's name", "差出人名"]),
            optional("endpoint", FieldKind::Url, ["Endpoint", "エンドポイント"]),
            TEMPLATES,
        ],
    },
    ConnectorFactory {
        id: "mailgun-email",
        channel: Channel::Email,
        name: ["Mailgun", "Mailgun"],
        description: [
            "Sends email through Mailgun.",
            "Mailgunでメールを送信します。",
        ],
        is_demo: false,
        fields: &[
            optional("endpoint", FieldKind::Url, ["Endpoint", "エンドポイント"]),
            required("domain", FieldKind::Word, ["Domain", "ドメイン"]),
            API_KEY,
            required("from", FieldKind::Mailbox, ["From", "差出人"]),
            TEMPLATES,
        ],
    },
    ConnectorFactory {
        id: "postmark-mail",
        channel: Channel::Email,
        name: ["Postmark", "Postmark"],
        description: [
            "Sends email through Postmark.",
            "Postmarkでメールを送信します。",
        ],
        is_demo: false,
        fields: &[
            required(
                "serverToken",
                FieldKind::Secret,
                ["Server token", "サーバートークン"],
            ),
            FROM,
            optional("endpoint", FieldKind::Url, ["Endpoint", "エンドポイント"]),
            TEMPLATES,
        ],
    },
    ConnectorFactory {
        id: "http-sms",
        channel: Channel::Sms,
        name: ["HTTP SMS", "HTTP SMS"],
        description: [
            "Posts each message as JSON to your own server, which sends the text message.",
            "メッセージをJSONで自社サーバーに送り、そのサーバーがSMSを送信します。",
        ],
        is_demo: false,
        fields: &[ENDPOINT, AUTHORIZATION],
    },
    ConnectorFactory {
        id: "twilio-short-message-service",
        channel: Channel::Sms,
        name: ["Twilio", "Twilio"],
        description: [
            "Sends text messages through Twilio, or a service with the same API.",
            "Twilio、または同じAPIのサービスでSMSを送信します。",
        ],
        is_demo: false,
        fields: &[
            required(
                "accountSID",
                FieldKind::Word,
                ["Account SID", "アカウントSID"],
            ),
            required(
                "authToken",
                FieldKind::Secret,
                ["Auth token", "認証トークン"],
            ),
            required(
                "fromMessagingServiceSID",
                FieldKind::Text,
                ["Messaging service SID", "メッセージングサービスSID"],
            ),
            optional(
                "disableRiskCheck",
                FieldKind::Switch,
                ["Disable the risk check", "リスクチェックを無効にする"],
            ),
            optional("endpoint", FieldKind::Url, ["Endpoint", "エンドポイント"]),
            TEMPLATES,
        ],
    },
    ConnectorFactory {
        id: "vonage-sms",
        channel: Channel::Sms,
        name: ["Vonage", "Vonage"],
        description: [
            "Sends text messages through Vonage.",
            "VonageでSMSを送信します。",
        ],
        is_demo: false,
        fields: &[
            required("apiKey", FieldKind::Text, ["API key", "APIキー"]),
            required(
                "apiSecret",
                FieldKind::Secret,
                ["API secret", "APIシークレット"],
            ),
            required("brandName", FieldKind::Text, ["Brand name", "ブランド名"]),
            optional("endpoint", FieldKind::Url, ["Endpoint", "エンドポイント"]),
            TEMPLATES,
        ],
    },
    ConnectorFactory {
        id: "inbox-email",
        channel: Channel::Email,
        name: ["Demo inbox (email)", "デモの受信箱（メール）"],
        description: [
            "Shows email on a page of the demo instead of sending it.",
            "メールを送信せず、デモのページに表示します。",
        ],
        is_demo: true,
        fields: &[],
    },
    ConnectorFactory {
        id: "inbox-sms",
        channel: Channel::Sms,
        name: ["Demo inbox (SMS)", "デモの受信箱（SMS）"],
        description: [
            "Shows text messages on a page of the demo instead of sending them.",
            "SMSを送信せず、デモのページに表示します。",
        ],
        is_demo: true,
        fields: &[],
    },
];

/// The factory of an id.
#[must_use]
pub fn find_factory(id: &str) -> Option<&'static ConnectorFactory> {
    FACTORIES.iter().find(|factory| factory.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_and_paths_are_unique_and_everything_has_words() {
        let ids: HashSet<_> = FACTORIES.iter().map(|factory| factory.id).collect();
        assert_eq!(ids.len(), FACTORIES.len());
        for factory in FACTORIES {
            assert_eq!(find_factory(factory.id), Some(factory));
            let paths: HashSet<_> = factory.fields.iter().map(|field| field.path).collect();
            assert_eq!(paths.len(), factory.fields.len(), "{}", factory.id);
            for words in [factory.name, factory.description] {
                assert!(
                    words.iter().all(|words| !words.is_empty()),
                    "{}",
                    factory.id
                );
            }
        }
        assert_eq!(find_factory("mock-email-service"), None);
    }
}
