//! An application, as answers have it.

use meibo_domain::{
    application::{Application, CustomClientMetadata, OidcClientMetadata},
    custom_data::CustomData,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::metadata::{
    ApplicationTypeSchema, CustomClientMetadataSchema, OidcClientMetadataSchema,
};
use crate::management_api::{TENANT_ID, custom_data::CustomDataView};

/// An application: an OAuth client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Application)]
pub(crate) struct ApplicationView {
    /// Always `default`.
    tenant_id: &'static str,
    /// Id; `client_id` on `/oidc`.
    id: String,
    /// Name, shown on pages.
    name: String,
    /// For administrators.
    #[schema(required)]
    description: Option<String>,
    /// What it is; never changes.
    #[serde(rename = "type")]
    #[schema(value_type = ApplicationTypeSchema)]
    application_type: &'static str,
    /// Registered metadata.
    #[schema(value_type = OidcClientMetadataSchema)]
    oidc_client_metadata: OidcClientMetadata,
    /// Settings.
    #[schema(value_type = CustomClientMetadataSchema)]
    custom_client_metadata: CustomClientMetadata,
    /// Always null: there are no protected applications.
    #[schema(value_type = Option<Object>, required)]
    protected_app_metadata: Option<Value>,
    /// The business's own data.
    #[schema(value_type = CustomDataView)]
    custom_data: CustomData,
    /// Does it belong to somebody else? Then people are asked before it gets anything. Never changes.
    is_third_party: bool,
    /// May only listed people sign in to it? Always false yet.
    app_level_access_control_enabled: bool,
    /// When it was made, in epoch milliseconds.
    created_at: i64,
}

/// An application, and whether it may call this API.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationDetails {
    /// The application.
    #[serde(flatten)]
    pub(super) application: ApplicationView,
    /// Does it hold the right to call the Management API?
    pub(super) is_admin: bool,
}

impl From<Application> for ApplicationView {
    fn from(application: Application) -> Self {
        Self {
            tenant_id: TENANT_ID,
            id: application.id.into(),
            name: application.name,
            description: application.description,
            application_type: application.application_type.as_str(),
            oidc_client_metadata: application.oidc,
            custom_client_metadata: application.custom,
            protected_app_metadata: None,
            custom_data: application.custom_data,
            is_third_party: application.is_third_party,
            app_level_access_control_enabled: false,
            created_at: application.created_at.millis(),
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_json_snapshot;
    use meibo_domain::{
        application::{ApplicationType, NewApplication},
        ids::ApplicationId,
        time::Timestamp,
    };

    use super::*;

    #[test]
    fn an_application_has_every_member_of_the_contract() {
        let new = NewApplication {
            name: "Shop".into(),
            description: None,
            application_type: ApplicationType::Traditional,
            is_third_party: true,
            oidc: OidcClientMetadata {
                redirect_uris: vec!["https://shop.example/cb".into()],
                ..OidcClientMetadata::default()
            },
            custom: CustomClientMetadata {
                refresh_token_ttl_in_days: Some(30),
                ..CustomClientMetadata::default()
            },
            custom_data: CustomData::default(),
        };
        let application = new
            .create(ApplicationId::parse("shop").unwrap(), Timestamp(1))
            .unwrap();
        let details = ApplicationDetails {
            application: application.into(),
            is_admin: true,
        };
        assert_json_snapshot!(details, @r#"
        {
          "tenantId": "default",
          "id": "shop",
          "name": "Shop",
          "description": null,
          "type": "Traditional",
          "oidcClientMetadata": {
            "redirectUris": [
              "https://shop.example/cb"
            ],
            "postLogoutRedirectUris": []
          },
          "customClientMetadata": {
            "refreshTokenTtlInDays": 30
          },
          "protectedAppMetadata": null,
          "customData": {},
          "isThirdParty": true,
          "appLevelAccessControlEnabled": false,
          "createdAt": 1,
          "isAdmin": true
        }
        "#);
    }
}
