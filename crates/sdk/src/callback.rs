//! The second half of a sign-in: what came back, checked, and exchanged for tokens.

use url::Url;

use crate::client::Client;
use crate::discovery::Discovery;
use crate::sign_in::SignInSession;
use crate::{CallbackFault, Error, Result, Tokens, id_token, secret};

/// Longer texts of an error are cut.
const MAX_TEXT: usize = 300;

impl Client {
    /// Finishes a sign-in: checks the callback, exchanges its code, and verifies the ID token.
    ///
    /// `callback` is the query (`code=…&state=…`) or the whole address the browser came to, which
    /// then has to be the redirect URI. Behind a proxy that changes host or scheme, pass the query.
    ///
    /// # Errors
    /// [`Error::Callback`] when the callback carries an error, is incomplete, or belongs to another
    /// sign-in or server; [`Error::Token`] when the ID token fails verification; [`Error::Api`] when
    /// the server refuses the code.
    pub async fn handle_callback(&self, session: &SignInSession, callback: &str) -> Result<Tokens> {
        let discovery = self.provider().discovery().await?;
        let query = query_of(callback, &self.config().redirect_uri)?;
        let code = check_callback(&query, session, &discovery)?;
        let response = self
            .token_request(&[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("code_verifier", &session.code_verifier),
                ("redirect_uri", &self.config().redirect_uri),
            ])
            .await?;
        let id_token = response.id_token.clone().ok_or_else(|| Error::Unexpected {
            what: "token endpoint",
            problem: "no `id_token` although `openid` was asked for".to_owned(),
        })?;
        id_token::verify(
            self.provider(),
            &id_token,
            &self.config().app_id,
            Some(&session.nonce),
        )
        .await?;
        Ok(Tokens::new(id_token, response))
    }
}

/// The query of an address that must be the redirect URI, or the query itself.
fn query_of(callback: &str, redirect_uri: &str) -> std::result::Result<String, CallbackFault> {
    if callback.starts_with('?') || !callback.contains("://") || is_query(callback) {
        return Ok(callback.trim_start_matches('?').to_owned());
    }
    let (Ok(callback), Ok(expected)) = (Url::parse(callback), Url::parse(redirect_uri)) else {
        return Err(CallbackFault::RedirectUri);
    };
    let place = |url: &Url| {
        (
            url.origin().ascii_serialization(),
            url.scheme().to_owned(),
            url.path().to_owned(),
        )
    };
    if place(&callback) != place(&expected) {
        return Err(CallbackFault::RedirectUri);
    }
    Ok(callback.query().unwrap_or_default().to_owned())
}

/// Whether an unencoded `://` stands inside a value, as some servers write `iss`.
fn is_query(callback: &str) -> bool {
    match (callback.find('='), callback.find("://")) {
        (Some(equals), Some(scheme)) => equals < scheme,
        _ => false,
    }
}

/// Error first, then `state`, then `iss` (RFC 9207 section 2.4); gives the code.
fn check_callback(
    query: &str,
    session: &SignInSession,
    discovery: &Discovery,
) -> std::result::Result<String, CallbackFault> {
    let one = |name: &'static str| {
        let mut values =
            url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        match (values.next(), values.next()) {
            (Some(_), Some(_)) => Err(CallbackFault::Repeated(name)),
            (value, _) => Ok(value.map(|(_, value)| value.into_owned())),
        }
    };
    if let Some(error) = one("error")? {
        let description = one("error_description")?.unwrap_or_default();
        return Err(CallbackFault::Denied {
            error: cut(&error),
            description: cut(&description),
        });
    }
    let state = one("state")?.ok_or(CallbackFault::Missing("state"))?;
    if !secret::is_equal(&state, &session.state) {
        return Err(CallbackFault::State);
    }
    match one("iss")? {
        Some(issuer) if issuer != discovery.issuer => return Err(CallbackFault::Issuer),
        None if discovery.authorization_response_iss_parameter_supported => {
            return Err(CallbackFault::Missing("iss"));
        }
        _ => {}
    }
    one("code")?
        .filter(|code| !code.is_empty())
        .ok_or(CallbackFault::Missing("code"))
}

fn cut(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .take(MAX_TEXT)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const REDIRECT: &str = "https://app.example/callback";

    fn check(query: &str, requires_iss: bool) -> std::result::Result<String, CallbackFault> {
        let discovery: Discovery = serde_json::from_value(json!({
            "issuer": "https://id.example/oidc", "authorization_endpoint": "", "token_endpoint": "",
            "userinfo_endpoint": "", "jwks_uri": "",
            "authorization_response_iss_parameter_supported": requires_iss,
        }))
        .unwrap();
        let session = SignInSession {
            state: "s".into(),
            nonce: "n".into(),
            code_verifier: "v".into(),
        };
        check_callback(query, &session, &discovery)
    }

    #[test]
    fn order_of_the_checks() {
        use CallbackFault::{Issuer, Missing, Repeated, State};
        let good = "code=c&state=s&iss=https%3A%2F%2Fid.example%2Foidc";
        assert_eq!(check(good, true), Ok("c".to_owned()));
        assert_eq!(check("code=c&state=s", false), Ok("c".to_owned()));
        assert_eq!(check("code=c&state=s", true), Err(Missing("iss")));
        assert_eq!(
            check("code=c&state=s&iss=https://evil.example/oidc", false),
            Err(Issuer)
        );
        assert_eq!(check("code=c&state=x", false), Err(State));
        assert_eq!(check("code=c&state=", false), Err(State));
        assert_eq!(check("code=c", false), Err(Missing("state")));
        assert_eq!(check("state=s", false), Err(Missing("code")));
        assert_eq!(check("code=&state=s", false), Err(Missing("code")));
        assert_eq!(check("code=c&code=d&state=s", false), Err(Repeated("code")));
        assert_eq!(
            check("code=c&state=x&state=s", false),
            Err(Repeated("state"))
        );
    }

    #[test]
    fn errors_come_first_and_are_cut() {
        let denied = check(
            "error=access_denied&error_description=no%0Away&code=c&state=s",
            false,
        );
        let expected = CallbackFault::Denied {
            error: "access_denied".into(),
            description: "noway".into(),
        };
        assert_eq!(denied, Err(expected));
        let long = format!("error={}", "x".repeat(5000));
        let Err(CallbackFault::Denied { error, .. }) = check(&long, false) else {
            unreachable!("an error parameter")
        };
        assert_eq!(error.len(), MAX_TEXT);
    }

    #[test]
    fn addresses_and_queries() {
        let query = |callback: &str| query_of(callback, REDIRECT);
        assert_eq!(query("code=c&state=s").unwrap(), "code=c&state=s");
        assert_eq!(query("?code=c").unwrap(), "code=c");
        assert_eq!(
            query("code=c&iss=https://id.example/oidc").unwrap(),
            "code=c&iss=https://id.example/oidc"
        );
        assert_eq!(
            query("https://app.example/callback?code=c#x").unwrap(),
            "code=c"
        );
        assert_eq!(query("https://app.example/callback").unwrap(), "");
        for other in [
            "https://app.example/callback2?code=c",
            "https://app.example.evil/callback?code=c",
            "http://app.example/callback?code=c",
            "https://app.example:8443/callback?code=c",
            "evil://app.example/callback?code=c",
        ] {
            assert_eq!(query(other), Err(CallbackFault::RedirectUri), "{other}");
        }
    }
}
