//! What the routes of applications take.

use meibo_domain::{
    Error, ErrorCode, Result,
    application::{
        Application, ApplicationPatch, ApplicationType, CustomClientMetadata, NewApplication,
        OidcClientMetadata,
    },
    custom_data::CustomData,
    patch::Patch,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::metadata::{
    ApplicationTypeSchema, CustomClientMetadataSchema, OidcClientMetadataSchema,
};
use crate::extract::Object;

/// A new application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateApplication {
    /// Name, 1 to 256 characters, shown on pages.
    name: String,
    /// For administrators, at most 1,024 characters.
    description: Option<String>,
    /// What it is; it never changes.
    #[serde(rename = "type")]
    #[schema(value_type = ApplicationTypeSchema)]
    application_type: String,
    /// Registered metadata.
    #[schema(value_type = Option<OidcClientMetadataSchema>)]
    oidc_client_metadata: Option<Object<OidcClientMetadata>>,
    /// Settings.
    #[schema(value_type = Option<CustomClientMetadataSchema>)]
    custom_client_metadata: Option<Object<CustomClientMetadata>>,
    /// The business's own data, at most 64 KiB and 32 levels.
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
    /// Does it belong to somebody else, so that people are asked before it gets anything? Not for
    /// MachineToMachine; never changes.
    is_third_party: Option<bool>,
}

/// What changes of an application. A member that is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UpdateApplication {
    /// Name, 1 to 256 characters.
    name: Option<String>,
    /// For administrators; an empty string or null clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    description: Patch<String>,
    /// Replaces the registered metadata.
    #[schema(value_type = Option<OidcClientMetadataSchema>)]
    oidc_client_metadata: Option<Object<OidcClientMetadata>>,
    /// Replaces the settings.
    #[schema(value_type = Option<CustomClientMetadataSchema>)]
    custom_client_metadata: Option<Object<CustomClientMetadata>>,
    /// Replaces the whole object.
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
    /// Only the present type is taken.
    #[serde(rename = "type")]
    #[schema(value_type = Option<ApplicationTypeSchema>)]
    application_type: Option<String>,
    /// Only the present value is taken.
    is_third_party: Option<bool>,
}

impl CreateApplication {
    /// The new application.
    ///
    /// # Errors
    /// `guard.invalid_input` for an unknown type and for custom data out of bounds;
    /// `application.saml.use_saml_app_api` and `application.type_not_supported` for what is known and
    /// not offered.
    pub(super) fn parse(self) -> Result<NewApplication> {
        let application_type = parse_type(&self.application_type)?;
        Ok(NewApplication {
            name: self.name,
            description: self.description,
            application_type,
            is_third_party: self.is_third_party.unwrap_or(false),
            oidc: self
                .oidc_client_metadata
                .map(|Object(oidc)| oidc)
                .unwrap_or_default(),
            custom: self
                .custom_client_metadata
                .map(|Object(custom)| custom)
                .unwrap_or_default(),
            custom_data: self
                .custom_data
                .map(CustomData::parse)
                .transpose()?
                .unwrap_or_default(),
        })
    }
}

impl UpdateApplication {
    /// Does the body name a member that never changes?
    pub(super) const fn names_what_is_fixed(&self) -> bool {
        self.application_type.is_some() || self.is_third_party.is_some()
    }

    /// Takes such members when they are as they are.
    ///
    /// # Errors
    /// `application.type_fixed` when they differ.
    pub(super) fn check_fixed(&self, present: &Application) -> Result<()> {
        let is_same_type = self
            .application_type
            .as_deref()
            .is_none_or(|name| name == present.application_type.as_str());
        let is_same_party = self
            .is_third_party
            .is_none_or(|value| value == present.is_third_party);
        if is_same_type && is_same_party {
            return Ok(());
        }
        Err(ErrorCode::ApplicationTypeFixed.into())
    }

    /// The change.
    ///
    /// # Errors
    /// `guard.invalid_input` for custom data out of bounds.
    pub(super) fn parse(self) -> Result<ApplicationPatch> {
        Ok(ApplicationPatch {
            name: self.name,
            description: self.description,
            oidc: self.oidc_client_metadata.map(|Object(oidc)| oidc),
            custom: self.custom_client_metadata.map(|Object(custom)| custom),
            custom_data: self.custom_data.map(CustomData::parse).transpose()?,
        })
    }
}

fn parse_type(name: &str) -> Result<ApplicationType> {
    match name {
        "SAML" => Err(ErrorCode::ApplicationSaml.into()),
        "Protected" => Err(ErrorCode::ApplicationTypeNotSupported.into()),
        name => ApplicationType::parse(name).ok_or_else(|| {
            Error::invalid(
                "type",
                "enum",
                "one of Native, SPA, Traditional, MachineToMachine",
            )
        }),
    }
}

#[cfg(test)]
mod tests {
    use meibo_domain::{ids::ApplicationId, time::Timestamp};
    use serde_json::json;

    use super::*;

    fn create(value: Value) -> Result<NewApplication> {
        serde_json::from_value::<CreateApplication>(value)
            .unwrap()
            .parse()
    }

    #[test]
    fn types_that_are_not_offered() {
        for (kind, code) in [
            ("SAML", ErrorCode::ApplicationSaml),
            ("Protected", ErrorCode::ApplicationTypeNotSupported),
            ("spa", ErrorCode::InvalidInput),
            ("", ErrorCode::InvalidInput),
        ] {
            assert_eq!(
                create(json!({"name": "a", "type": kind}))
                    .unwrap_err()
                    .code(),
                code,
                "{kind}"
            );
        }
        let foreign = create(json!({"name": "a", "type": "SPA", "isThirdParty": true}));
        assert!(foreign.unwrap().is_third_party);
    }

    #[test]
    fn what_is_left_out_is_empty() {
        let new = create(json!({"name": "a", "type": "MachineToMachine", "isThirdParty": false}))
            .unwrap();
        assert_eq!(new.oidc, OidcClientMetadata::default());
        assert_eq!(new.custom, CustomClientMetadata::default());
    }

    #[test]
    fn what_is_fixed_may_be_named_but_not_changed() {
        let application = create(json!({"name": "a", "type": "SPA"}))
            .unwrap()
            .create(ApplicationId::parse("a").unwrap(), Timestamp(1))
            .unwrap();
        for (value, is_taken) in [
            (json!({"type": "SPA", "isThirdParty": false}), true),
            (json!({"type": "Native"}), false),
            (json!({"type": "SAML"}), false),
            (json!({"isThirdParty": true}), false),
        ] {
            let body: UpdateApplication = serde_json::from_value(value.clone()).unwrap();
            assert!(body.names_what_is_fixed());
            assert_eq!(body.check_fixed(&application).is_ok(), is_taken, "{value}");
        }
        assert!(!UpdateApplication::default().names_what_is_fixed());
    }
}
