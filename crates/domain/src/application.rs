//! An application: an OAuth client and what it may do.

mod authentication;
mod metadata;
mod secret;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorCode, Result,
    custom_data::CustomData,
    grant::RotationPolicy,
    ids::ApplicationId,
    patch::Patch,
    redirect_uri::RedirectUri,
    text::{check_called_url, check_text, check_web_url},
    time::{Timestamp, days, seconds},
};

pub use self::{
    authentication::{MAX_JWKS_KEYS, TokenEndpointAuthMethod},
    metadata::{CustomClientMetadata, OidcClientMetadata},
    secret::{
        ApplicationSecret, DEFAULT_SECRET_NAME, SECRET_LENGTH, check_has_secrets,
        check_secret_count, check_secret_name,
    },
};

/// Days that a refresh token lives unless told.
pub const DEFAULT_REFRESH_TOKEN_DAYS: i64 = 14;

/// Seconds that an ID token lives unless told.
pub const DEFAULT_ID_TOKEN_TTL: i64 = 3600;

/// URIs that one list may hold.
pub const MAX_URIS: usize = 100;

/// What an application is, which decides how it authenticates and what it may be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ApplicationType {
    /// An installed application; public client.
    Native,
    /// A single-page application; public client.
    #[serde(rename = "SPA")]
    Spa,
    /// A web application with a server; confidential client.
    Traditional,
    /// A back end that acts for itself; confidential client.
    MachineToMachine,
}

impl ApplicationType {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Native,
        Self::Spa,
        Self::Traditional,
        Self::MachineToMachine,
    ];

    /// The name in the Management API and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "Native",
            Self::Spa => "SPA",
            Self::Traditional => "Traditional",
            Self::MachineToMachine => "MachineToMachine",
        }
    }

    /// From the name in the Management API.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }

    /// Has it no secret (RFC 6749 section 2.1)?
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Native | Self::Spa)
    }

    /// Does it sign people in?
    #[must_use]
    pub const fn signs_people_in(self) -> bool {
        !matches!(self, Self::MachineToMachine)
    }
}

/// An OAuth client.
#[derive(Debug, Clone, PartialEq)]
pub struct Application {
    /// `client_id`.
    pub id: ApplicationId,
    /// Grows with every change.
    pub version: i64,
    /// Name, shown on pages.
    pub name: String,
    /// For administrators.
    pub description: Option<String>,
    /// What it is; never changes.
    pub application_type: ApplicationType,
    /// Does it belong to somebody else, so that people are asked before it gets anything? Never
    /// changes.
    pub is_third_party: bool,
    /// Registered metadata.
    pub oidc: OidcClientMetadata,
    /// Settings.
    pub custom: CustomClientMetadata,
    /// The business's own data.
    pub custom_data: CustomData,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a new application begins with.
#[derive(Debug, Clone)]
pub struct NewApplication {
    /// Name, 1 to 256 characters.
    pub name: String,
    /// For administrators, at most 1,024 characters.
    pub description: Option<String>,
    /// What it is.
    pub application_type: ApplicationType,
    /// Does it belong to somebody else? Not for machine applications, which ask nobody.
    pub is_third_party: bool,
    /// Registered metadata.
    pub oidc: OidcClientMetadata,
    /// Settings.
    pub custom: CustomClientMetadata,
    /// The business's own data.
    pub custom_data: CustomData,
}

/// What a PATCH changes; the JSON members are replaced as wholes.
#[derive(Debug, Clone, Default)]
pub struct ApplicationPatch {
    /// Name.
    pub name: Option<String>,
    /// For administrators.
    pub description: Patch<String>,
    /// Registered metadata.
    pub oidc: Option<OidcClientMetadata>,
    /// Settings.
    pub custom: Option<CustomClientMetadata>,
    /// The business's own data.
    pub custom_data: Option<CustomData>,
}

impl NewApplication {
    /// The application as it begins.
    ///
    /// # Errors
    /// `guard.invalid_input` with the path of a member that is out of bounds;
    /// `application.invalid_third_party_application_type` for a third-party machine application.
    pub fn create(self, id: ApplicationId, now: Timestamp) -> Result<Application> {
        if self.is_third_party && !self.application_type.signs_people_in() {
            return Err(ErrorCode::ApplicationThirdPartyType.into());
        }
        let application = Application {
            id,
            version: 1,
            name: self.name,
            description: self.description.filter(|text| !text.is_empty()),
            application_type: self.application_type,
            is_third_party: self.is_third_party,
            oidc: self.oidc,
            custom: self.custom,
            custom_data: self.custom_data,
            created_at: now,
        };
        application.check()?;
        Ok(application)
    }
}

impl Application {
    /// The application after `patch`, its version grown by one.
    ///
    /// # Errors
    /// `guard.invalid_input` with the path of a member that is out of bounds.
    pub fn apply(&self, patch: ApplicationPatch) -> Result<Self> {
        let mut application = self.clone();
        application.version += 1;
        application.name = patch.name.unwrap_or(application.name);
        application.description = patch
            .description
            .empty_clears()
            .apply(application.description);
        application.oidc = patch.oidc.unwrap_or(application.oidc);
        application.custom = patch.custom.unwrap_or(application.custom);
        application.custom_data = patch.custom_data.unwrap_or(application.custom_data);
        application.check()?;
        Ok(application)
    }

    fn check(&self) -> Result<()> {
        check_text("name", &self.name, 256)?;
        if self.name.trim().is_empty() {
            return Err(Error::invalid(
                "name",
                "too_short",
                "at least one character",
            ));
        }
        self.description.as_deref().map_or(Ok(()), |text| {
            crate::text::check_lines("description", text, 1024)
        })?;
        check_uris("oidcClientMetadata.redirectUris", &self.oidc.redirect_uris)?;
        check_uris(
            "oidcClientMetadata.postLogoutRedirectUris",
            &self.oidc.post_logout_redirect_uris,
        )?;
        if let Some(url) = &self.oidc.backchannel_logout_uri {
            check_called_url("oidcClientMetadata.backchannelLogoutUri", url)?;
        }
        if let Some(url) = &self.oidc.logo_uri {
            check_web_url("oidcClientMetadata.logoUri", url)?;
        }
        self.check_authentication()
            .map_err(|error| error.within("oidcClientMetadata"))?;
        self.custom
            .check(self.application_type)
            .map_err(|error| error.within("customClientMetadata"))
    }

    /// The registered redirect URI that `presented` is, if any (RFC 9700 section 2.1).
    #[must_use]
    pub fn find_redirect_uri(&self, presented: &str) -> Option<CheckedRedirectUri> {
        self.find_uri(&self.oidc.redirect_uris, presented)
    }

    /// The registered post-logout redirect URI that `presented` is, if any.
    #[must_use]
    pub fn find_post_logout_redirect_uri(&self, presented: &str) -> Option<CheckedRedirectUri> {
        self.find_uri(&self.oidc.post_logout_redirect_uris, presented)
    }

    fn find_uri(&self, registered: &[String], presented: &str) -> Option<CheckedRedirectUri> {
        let port_free = self.application_type == ApplicationType::Native;
        registered
            .iter()
            .filter_map(|uri| RedirectUri::parse(uri).ok())
            .any(|uri| uri.matches(presented, port_free))
            .then(|| CheckedRedirectUri(presented.to_owned()))
    }

    /// The origins whose pages may call the token endpoint from a browser: those that are listed,
    /// and those of the redirect URIs.
    pub fn origins(&self) -> impl Iterator<Item = String> {
        let listed = self
            .custom
            .cors_allowed_origins
            .as_deref()
            .unwrap_or_default();
        let redirected = self.oidc.redirect_uris.iter();
        listed
            .iter()
            .cloned()
            .chain(redirected.filter_map(|uri| RedirectUri::parse(uri).ok()?.origin()))
    }

    /// How long an ID token lives.
    #[must_use]
    pub fn id_token_ttl(&self) -> Duration {
        seconds(
            u64::try_from(self.custom.id_token_ttl.unwrap_or(DEFAULT_ID_TOKEN_TTL)).unwrap_or(0),
        )
    }

    /// How long a refresh token lives.
    #[must_use]
    pub fn refresh_token_ttl(&self) -> Duration {
        let custom = &self.custom;
        match (custom.refresh_token_ttl_in_days, custom.refresh_token_ttl) {
            (Some(count), _) => days(u64::try_from(count).unwrap_or(0)),
            (None, Some(count)) => seconds(u64::try_from(count).unwrap_or(0)),
            (None, None) => days(DEFAULT_REFRESH_TOKEN_DAYS.unsigned_abs()),
        }
    }

    /// How its refresh tokens rotate.
    #[must_use]
    pub fn rotation_policy(&self) -> RotationPolicy {
        RotationPolicy {
            is_public: self.application_type.is_public(),
            is_on: self.custom.rotate_refresh_token.unwrap_or(true),
            keeps_expiry: self.application_type == ApplicationType::Spa,
            ttl: self.refresh_token_ttl(),
        }
    }

    /// Is a refresh token issued although `offline_access` was not asked for? Never to a third party:
    /// its people are told of lasting access before it begins.
    #[must_use]
    pub fn always_issues_refresh_token(&self) -> bool {
        !self.is_third_party
            && self.application_type != ApplicationType::Native
            && self.custom.always_issue_refresh_token.unwrap_or(false)
    }
}

/// A redirect URI that is registered for the application that presented it. Nothing else can be
/// redirected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRedirectUri(String);

impl CheckedRedirectUri {
    /// The URI as presented.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_uris(path: &str, uris: &[String]) -> Result<()> {
    if uris.len() > MAX_URIS {
        return Err(Error::invalid(
            path,
            "too_many",
            format!("at most {MAX_URIS}"),
        ));
    }
    for (index, uri) in uris.iter().enumerate() {
        RedirectUri::parse(uri).map_err(|error| error.within(&format!("{path}.{index}")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(application_type: ApplicationType) -> NewApplication {
        NewApplication {
            name: "App".into(),
            description: None,
            application_type,
            is_third_party: false,
            oidc: OidcClientMetadata {
                redirect_uris: vec!["https://app.example/cb".into()],
                ..OidcClientMetadata::default()
            },
            custom: CustomClientMetadata::default(),
            custom_data: CustomData::default(),
        }
    }

    fn create(new: NewApplication) -> Result<Application> {
        new.create(ApplicationId::parse("a").unwrap(), Timestamp(0))
    }

    #[test]
    fn redirect_uris_are_found_exactly() {
        let application = create(new(ApplicationType::Spa)).unwrap();
        assert_eq!(
            application
                .find_redirect_uri("https://app.example/cb")
                .unwrap()
                .as_str(),
            "https://app.example/cb"
        );
        assert!(
            application
                .find_redirect_uri("https://app.example/cb/")
                .is_none()
        );
        assert!(
            application
                .find_post_logout_redirect_uri("https://app.example/cb")
                .is_none()
        );
        assert_eq!(
            application.origins().collect::<Vec<_>>(),
            ["https://app.example"]
        );
    }

    #[test]
    fn third_parties_sign_people_in() {
        for &application_type in ApplicationType::ALL {
            let new = NewApplication {
                is_third_party: true,
                custom: CustomClientMetadata {
                    always_issue_refresh_token: Some(true),
                    ..CustomClientMetadata::default()
                },
                ..new(application_type)
            };
            let made = create(new).map_err(|error| error.code());
            if application_type == ApplicationType::MachineToMachine {
                assert_eq!(made, Err(ErrorCode::ApplicationThirdPartyType));
            } else {
                assert!(!made.unwrap().always_issues_refresh_token());
            }
        }
    }

    #[test]
    fn out_of_bounds_names_the_member() {
        let base = || new(ApplicationType::Spa);
        let custom = |custom: CustomClientMetadata| NewApplication { custom, ..base() };
        for (application, path) in [
            (
                NewApplication {
                    name: " ".into(),
                    ..base()
                },
                "name",
            ),
            (
                NewApplication {
                    oidc: OidcClientMetadata {
                        redirect_uris: vec!["https://a.b/".into(), "*".into()],
                        ..OidcClientMetadata::default()
                    },
                    ..base()
                },
                "oidcClientMetadata.redirectUris.1",
            ),
            (
                custom(CustomClientMetadata {
                    max_allowed_grants: Some(0),
                    ..Default::default()
                }),
                "customClientMetadata.maxAllowedGrants",
            ),
            (
                custom(CustomClientMetadata {
                    refresh_token_ttl_in_days: Some(181),
                    ..Default::default()
                }),
                "customClientMetadata.refreshTokenTtlInDays",
            ),
            (
                custom(CustomClientMetadata {
                    rotate_refresh_token: Some(false),
                    ..Default::default()
                }),
                "customClientMetadata.rotateRefreshToken",
            ),
            (
                custom(CustomClientMetadata {
                    id_token_signed_response_alg: Some("none".into()),
                    ..Default::default()
                }),
                "customClientMetadata.idTokenSignedResponseAlg",
            ),
            (
                custom(CustomClientMetadata {
                    cors_allowed_origins: Some(vec!["https://a.b/x".into()]),
                    ..Default::default()
                }),
                "customClientMetadata.corsAllowedOrigins.0",
            ),
        ] {
            assert_eq!(create(application).unwrap_err().violations()[0].path, path);
        }
    }
}
