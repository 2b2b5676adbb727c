//! Redeeming an authorization code: RFC 6749 sections 4.1.2 and 4.1.3, RFC 7636 section 4.6,
//! RFC 9700 section 4.5.

use meibo_domain::{application::Application, grant::AuthorizationCode, time::Timestamp};

use super::{GrantRefusal, GrantState, TokenParameters, issue};
use crate::{OAuthError, parameters::required, pkce, secret::Secret};

/// The request's own part of the exchange.
#[derive(Debug, Clone)]
pub struct CodeRequest {
    /// The code; its SHA-256 is the look-up key.
    pub code: Secret,
    redirect_uri: String,
    code_verifier: Option<Secret>,
    resources: Vec<String>,
}

impl CodeRequest {
    /// Reads what the grant needs.
    ///
    /// # Errors
    /// `invalid_request` when `code` or `redirect_uri` is missing, or `code_verifier` is not of the
    /// form of RFC 7636 section 4.1.
    pub fn read(parameters: &TokenParameters) -> Result<Self, OAuthError> {
        let code = required(parameters.code.as_ref(), "code")?;
        let redirect_uri = required(parameters.redirect_uri.as_ref(), "redirect_uri")?;
        if let Some(verifier) = &parameters.code_verifier
            && !pkce::is_verifier(verifier)
        {
            return Err(OAuthError::invalid_request(
                "code_verifier must be 43 to 128 unreserved characters",
            ));
        }
        Ok(Self {
            code: Secret::new(code.to_owned()),
            redirect_uri: redirect_uri.to_owned(),
            code_verifier: parameters.code_verifier.clone().map(Secret::new),
            resources: parameters.resources.clone(),
        })
    }
}

/// The answer to a code that nobody knows.
#[must_use]
pub fn unknown_code() -> OAuthError {
    OAuthError::invalid_grant("the authorization code is not valid")
}

/// The answer to a code that was redeemed before, also by a request that came a moment earlier.
#[must_use]
pub fn reused_code() -> GrantRefusal {
    GrantRefusal::reused("the authorization code was used before")
}

/// May `application` redeem `code` now? Gives the indicator of the resource that the access token
/// is for, if any. The caller consumes the code in one guarded statement and answers
/// [`reused_code`] when another request was first.
///
/// Only somebody who could have redeemed the code (right client, redirect URI and verifier)
/// revokes what it gave: a code that leaked alone ends nothing.
///
/// # Errors
/// `invalid_grant` (and revocation for a second use), `invalid_target`.
pub fn check<'a>(
    code: &AuthorizationCode,
    state: GrantState<'a>,
    request: &'a CodeRequest,
    application: &Application,
    now: Timestamp,
) -> Result<Option<&'a str>, GrantRefusal> {
    if code.application_id != application.id || !state.belongs_to(&code.grant_id, application) {
        return Err(unknown_code().into());
    }
    if code.redirect_uri != request.redirect_uri {
        return Err(OAuthError::invalid_grant(
            "redirect_uri differs from that of the authorization request",
        )
        .into());
    }
    check_verifier(
        code.code_challenge.as_deref(),
        request.code_verifier.as_ref(),
    )?;
    if code.consumed_at.is_some() {
        return Err(reused_code());
    }
    if now >= code.expires_at {
        return Err(OAuthError::invalid_grant("the authorization code has expired").into());
    }
    let grant = state.check_alive(now)?;
    Ok(issue::choose_resource(
        &request.resources,
        &grant.resources,
        &grant.scopes,
    )?)
}

fn check_verifier(challenge: Option<&str>, verifier: Option<&Secret>) -> Result<(), OAuthError> {
    let message = match (challenge, verifier) {
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) if pkce::verify(verifier.expose(), challenge) => {
            return Ok(());
        }
        (Some(_), Some(_)) => "code_verifier does not match code_challenge",
        (Some(_), None) => "code_verifier is missing",
        (None, Some(_)) => "code_verifier without code_challenge in the authorization request",
    };
    Err(OAuthError::invalid_grant(message))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use meibo_domain::{
        application::ApplicationType,
        grant::CODE_TTL,
        ids::{ApplicationId, GrantId},
    };

    use super::*;
    use crate::{
        OAuthErrorCode,
        testing::{self, CALLBACK, NOW, VERIFIER, pairs},
    };

    fn request(list: &[(&str, &str)]) -> Result<CodeRequest, OAuthError> {
        CodeRequest::read(&TokenParameters::parse(&pairs(list)).unwrap())
    }

    fn good_request() -> CodeRequest {
        request(&[
            ("code", "c"),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ])
        .unwrap()
    }

    fn run(
        code: &AuthorizationCode,
        request: &CodeRequest,
        now: Timestamp,
    ) -> Result<Option<String>, (OAuthErrorCode, bool)> {
        check(
            code,
            testing::active(&testing::grant("openid", &["https://api.example"])),
            request,
            &testing::application(ApplicationType::Spa),
            now,
        )
        .map(|resource| resource.map(str::to_owned))
        .map_err(|refusal| (refusal.error.code(), refusal.revoke_grant))
    }

    #[test]
    fn rfc6749_4_1_3_the_same_client_redeems_it_once_in_time() {
        let code = testing::authorization_code();
        assert_eq!(run(&code, &good_request(), NOW), Ok(None));
        assert_eq!(
            run(
                &code,
                &good_request(),
                NOW + CODE_TTL - Duration::from_millis(1)
            ),
            Ok(None)
        );
        let gone = Err((OAuthErrorCode::InvalidGrant, false));
        assert_eq!(run(&code, &good_request(), NOW + CODE_TTL), gone);
        let other = |change: fn(&mut AuthorizationCode)| {
            let mut code = testing::authorization_code();
            change(&mut code);
            code
        };
        for foreign in [
            other(|code| code.application_id = ApplicationId::parse("other").unwrap()),
            other(|code| code.grant_id = GrantId::parse("other").unwrap()),
            other(|code| code.redirect_uri.push('/')),
        ] {
            assert_eq!(run(&foreign, &good_request(), NOW), gone);
        }
    }

    #[test]
    fn rfc6749_4_1_2_a_second_use_revokes_also_when_late() {
        let code = AuthorizationCode {
            consumed_at: Some(NOW),
            ..testing::authorization_code()
        };
        for now in [NOW, NOW + CODE_TTL + CODE_TTL] {
            assert_eq!(
                run(&code, &good_request(), now),
                Err((OAuthErrorCode::InvalidGrant, true))
            );
        }
        let stolen = request(&[
            ("code", "c"),
            ("redirect_uri", CALLBACK),
            ("code_verifier", &"x".repeat(43)),
        ])
        .unwrap();
        assert_eq!(
            run(&code, &stolen, NOW),
            Err((OAuthErrorCode::InvalidGrant, false)),
            "a thief without the verifier ends nothing"
        );
        let foreign = AuthorizationCode {
            application_id: ApplicationId::parse("other").unwrap(),
            ..code
        };
        assert_eq!(
            run(&foreign, &good_request(), NOW),
            Err((OAuthErrorCode::InvalidGrant, false))
        );
    }

    #[test]
    fn rfc7636_4_6_verifier_and_challenge_belong_together() {
        let without = AuthorizationCode {
            code_challenge: None,
            ..testing::authorization_code()
        };
        let with = testing::authorization_code();
        let silent = request(&[("code", "c"), ("redirect_uri", CALLBACK)]).unwrap();
        let wrong = request(&[
            ("code", "c"),
            ("redirect_uri", CALLBACK),
            ("code_verifier", &"x".repeat(43)),
        ])
        .unwrap();
        let refused = Err((OAuthErrorCode::InvalidGrant, false));
        assert_eq!(run(&without, &silent, NOW), Ok(None));
        assert_eq!(
            run(&without, &good_request(), NOW),
            refused,
            "rfc9700 4.8.2: downgrade"
        );
        assert_eq!(run(&with, &silent, NOW), refused);
        assert_eq!(run(&with, &wrong, NOW), refused);
    }

    #[test]
    fn rfc6749_4_1_3_missing_and_malformed_parameters() {
        for (list, says) in [
            (&[("redirect_uri", CALLBACK)][..], "code is missing"),
            (&[("code", "c")], "redirect_uri is missing"),
            (
                &[
                    ("code", "c"),
                    ("redirect_uri", CALLBACK),
                    ("code_verifier", "short"),
                ],
                "code_verifier must be 43 to 128 unreserved characters",
            ),
        ] {
            let error = request(list).unwrap_err();
            assert_eq!(
                (error.code(), error.description()),
                (OAuthErrorCode::InvalidRequest, says)
            );
        }
    }

    #[test]
    fn rfc8707_2_2_a_resource_of_the_grant() {
        let asking = |resource: &str| {
            request(&[
                ("code", "c"),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
                ("resource", resource),
            ])
            .unwrap()
        };
        let code = testing::authorization_code();
        assert_eq!(
            run(&code, &asking("https://api.example"), NOW),
            Ok(Some("https://api.example".into()))
        );
        assert_eq!(
            run(&code, &asking("https://other.example"), NOW),
            Err((OAuthErrorCode::InvalidTarget, false))
        );
    }

    #[test]
    fn contract_1_9_a_suspended_person_gets_nothing() {
        let grant = testing::grant("openid", &[]);
        let state = GrantState {
            user_is_active: false,
            ..testing::active(&grant)
        };
        let application = testing::application(ApplicationType::Spa);
        let request = good_request();
        let refusal = check(
            &testing::authorization_code(),
            state,
            &request,
            &application,
            NOW,
        )
        .unwrap_err();
        assert_eq!(
            (refusal.error.code(), refusal.revoke_grant),
            (OAuthErrorCode::InvalidGrant, false)
        );
    }

    #[test]
    fn secrets_are_not_printed() {
        let printed = format!("{:?}", good_request());
        assert!(!printed.contains(VERIFIER) && !printed.contains("\"c\""));
    }
}
