//! `grant_type`, and which application may use which (RFC 6749 sections 4.1.3, 4.4.2, 5.2 and 6).
//! There is no implicit and no password grant (RFC 9700 sections 2.1.2 and 2.4).

use meibo_domain::application::Application;

use super::TokenParameters;
use crate::{OAuthError, OAuthErrorCode, parameters::required};

/// A grant that the token endpoint takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GrantType {
    /// RFC 6749 section 4.1.
    AuthorizationCode,
    /// RFC 6749 section 6.
    RefreshToken,
    /// RFC 6749 section 4.4.
    ClientCredentials,
}

impl GrantType {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::AuthorizationCode,
        Self::RefreshToken,
        Self::ClientCredentials,
    ];

    /// The value of `grant_type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }

    /// Reads the parameter.
    ///
    /// # Errors
    /// `invalid_request` when it is missing, `unsupported_grant_type` for another one.
    pub fn parse(parameters: &TokenParameters) -> Result<Self, OAuthError> {
        let name = required(parameters.grant_type.as_ref(), "grant_type")?;
        Self::ALL
            .iter()
            .copied()
            .find(|grant_type| grant_type.as_str() == name)
            .ok_or_else(|| OAuthErrorCode::UnsupportedGrantType.into())
    }

    /// May the application use it? Machine-to-machine ones act for themselves, the others for
    /// people.
    ///
    /// # Errors
    /// `unauthorized_client`.
    pub fn check_allowed(self, application: &Application) -> Result<(), OAuthError> {
        let is_for_people = self != Self::ClientCredentials;
        if application.application_type.signs_people_in() == is_for_people {
            return Ok(());
        }
        Err(OAuthError::new(
            OAuthErrorCode::UnauthorizedClient,
            "this type of application may not use this grant_type",
        ))
    }
}

#[cfg(test)]
mod tests {
    use meibo_domain::application::ApplicationType;

    use super::*;
    use crate::testing::{application, pairs};

    #[test]
    fn rfc6749_5_2_unknown_and_missing_grants() {
        let parse = |list: &[(&str, &str)]| {
            GrantType::parse(&TokenParameters::parse(&pairs(list)).unwrap())
                .map_err(|error| error.code())
        };
        for grant_type in GrantType::ALL {
            assert_eq!(
                parse(&[("grant_type", grant_type.as_str())]),
                Ok(*grant_type)
            );
        }
        assert_eq!(parse(&[]), Err(OAuthErrorCode::InvalidRequest));
        for other in [
            "password",
            "implicit",
            "Authorization_code",
            "urn:ietf:params:oauth:grant-type:device_code",
        ] {
            assert_eq!(
                parse(&[("grant_type", other)]),
                Err(OAuthErrorCode::UnsupportedGrantType),
                "{other}"
            );
        }
    }

    #[test]
    fn rfc6749_2_1_machines_act_for_themselves_only() {
        for application_type in ApplicationType::ALL {
            let application = application(*application_type);
            let is_machine = *application_type == ApplicationType::MachineToMachine;
            for grant_type in GrantType::ALL {
                let is_machine_grant = *grant_type == GrantType::ClientCredentials;
                assert_eq!(
                    grant_type.check_allowed(&application).is_ok(),
                    is_machine == is_machine_grant,
                    "{application_type:?} {grant_type:?}"
                );
            }
        }
    }
}
