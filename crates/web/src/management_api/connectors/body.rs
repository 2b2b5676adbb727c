//! What the routes of connectors take.

use meibo_app::connectors::{ConnectorPatch, ConnectorTest, NewConnector};
use meibo_domain::{
    Error, ErrorCode, Result, email::EmailAddress, phone::PhoneNumber, recipient::Recipient,
};
use meibo_pages::Language;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A connector to be set up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateConnector {
    /// The id of a kind of connector.
    connector_id: String,
    /// Its own id, 1 to 128 letters, digits, hyphens and underscores; a new one unless given.
    id: Option<String>,
    /// What the kind's form asks for. A masked secret is taken from the connector that is replaced,
    /// if it is of the same kind and goes to the same server.
    #[schema(value_type = Option<Object>)]
    config: Option<Map<String, Value>>,
    /// Members that the server only keeps, at most 16 KiB.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Map<String, Value>>,
    /// Only `false` is taken.
    sync_profile: Option<bool>,
    /// Only `false` is taken.
    enable_token_storage: Option<bool>,
}

/// What changes of a connector. A member that is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UpdateConnector {
    /// Replaces the configuration; a masked secret stays as it is.
    #[schema(value_type = Option<Object>)]
    config: Option<Map<String, Value>>,
    /// Replaces the members that the server only keeps.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Map<String, Value>>,
    /// Only `false` is taken.
    sync_profile: Option<bool>,
    /// Only `false` is taken.
    enable_token_storage: Option<bool>,
}

/// A message to try a configuration with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestConnector {
    /// Who gets the email.
    email: Option<String>,
    /// Who gets the text message: digits with the country code.
    phone: Option<String>,
    /// What the kind's form asks for; it need not be saved.
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    /// The language of the template (BCP 47); that of `Accept-Language` unless given.
    locale: Option<String>,
}

impl CreateConnector {
    /// The new connector.
    ///
    /// # Errors
    /// `guard.invalid_input` for what only social connectors do.
    pub(super) fn parse(self) -> Result<NewConnector> {
        check_not_social(self.sync_profile, self.enable_token_storage)?;
        Ok(NewConnector {
            factory_id: self.connector_id,
            id: self.id,
            config: self.config.unwrap_or_default(),
            metadata: self.metadata.unwrap_or_default(),
        })
    }
}

impl UpdateConnector {
    /// The change.
    ///
    /// # Errors
    /// `guard.invalid_input` for what only social connectors do.
    pub(super) fn parse(self) -> Result<ConnectorPatch> {
        check_not_social(self.sync_profile, self.enable_token_storage)?;
        Ok(ConnectorPatch {
            config: self.config,
            metadata: self.metadata,
        })
    }
}

impl TestConnector {
    /// The test; its template is in `language` unless the body names another.
    ///
    /// # Errors
    /// `guard.invalid_input`, `user.invalid_phone`.
    pub(super) fn parse(self, language: Language) -> Result<ConnectorTest> {
        let to = match (self.email, self.phone) {
            (Some(email), None) => Recipient::Email(EmailAddress::parse(&email).map_err(|_| {
                Error::invalid(
                    "email",
                    "email",
                    "an email address such as name@example.com",
                )
            })?),
            (None, Some(phone)) => Recipient::Phone(PhoneNumber::parse(&phone).map_err(named)?),
            _ => return Err(Error::invalid("email", "one_of", "either email or phone")),
        };
        let language_tag = match self.locale {
            Some(locale) => check_locale(locale)?,
            None => language.tag().to_owned(),
        };
        Ok(ConnectorTest {
            to,
            config: self.config,
            language_tag,
        })
    }
}

/// The number's own error names the member of a user.
fn named(error: Error) -> Error {
    match error.code() {
        ErrorCode::InvalidInput => Error::invalid(
            "phone",
            "phone",
            "digits with the country code, such as 819012345678",
        ),
        _ => error,
    }
}

fn check_locale(locale: String) -> Result<String> {
    let is_tag = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if (1..=35).contains(&locale.len()) && locale.bytes().all(is_tag) {
        return Ok(locale);
    }
    Err(Error::invalid(
        "locale",
        "language",
        "a language tag such as en or ja-JP",
    ))
}

fn check_not_social(sync_profile: Option<bool>, token_storage: Option<bool>) -> Result<()> {
    for (path, value) in [
        ("syncProfile", sync_profile),
        ("enableTokenStorage", token_storage),
    ] {
        if value == Some(true) {
            return Err(Error::invalid(
                path,
                "social",
                "a connector that sends messages cannot do this",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_recipient_is_given() {
        for (body, path) in [
            (json!({"email": "a@b.example", "config": {}}), None),
            (json!({"phone": "819012345678", "config": {}}), None),
            (json!({"config": {}}), Some("email")),
            (
                json!({"email": "a@b.example", "phone": "819012345678", "config": {}}),
                Some("email"),
            ),
            (
                json!({"email": "a@b\r\n.example", "config": {}}),
                Some("email"),
            ),
            (json!({"phone": "090-1234", "config": {}}), Some("phone")),
            (
                json!({"email": "a@b.example", "config": {}, "locale": "ja_JP"}),
                Some("locale"),
            ),
        ] {
            let parsed = serde_json::from_value::<TestConnector>(body.clone()).unwrap();
            let error = parsed.parse(Language::Ja).err();
            let found = error
                .as_ref()
                .map(|error| error.violations()[0].path.as_str());
            assert_eq!(found, path, "{body}");
        }
    }

    #[test]
    fn what_social_connectors_do_is_refused() {
        let body = json!({"connectorId": "http-email", "syncProfile": true});
        let error = serde_json::from_value::<CreateConnector>(body)
            .unwrap()
            .parse()
            .unwrap_err();
        assert_eq!(error.violations()[0].path, "syncProfile");
        let body = json!({"enableTokenStorage": true});
        let error = serde_json::from_value::<UpdateConnector>(body)
            .unwrap()
            .parse()
            .unwrap_err();
        assert_eq!(error.violations()[0].path, "enableTokenStorage");
        let body = json!({"enableTokenStorage": false, "syncProfile": false});
        let plain = serde_json::from_value::<UpdateConnector>(body).unwrap();
        assert!(plain.parse().is_ok());
    }
}
