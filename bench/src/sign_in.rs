//! One whole sign-in, as a browser and an application make it: from the authorization request to the tokens.

mod browser;
mod form;

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail, ensure};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use url::Url;

use crate::http::Connection;
use browser::{Browser, Page};
use form::Form;

/// Where the application is sent back to; nobody listens there, the browser stops before it.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:1/cb";
/// What the SDKs ask for, and they ask for consent with it.
pub(crate) const SCOPE: &str = "openid offline_access profile";

/// What an application without `openid` asks for: no ID token comes with it.
pub(crate) const PLAIN_SCOPE: &str = "offline_access profile";

/// What a sign-in gave.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

/// Who signs in, where, and through which public application.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignIn<'a> {
    pub(crate) server: SocketAddr,
    pub(crate) client_id: &'a str,
    pub(crate) identifier: &'a str,
    pub(crate) password: &'a str,
    /// The address that the browser comes from, told by X-Forwarded-For.
    pub(crate) from: &'a str,
}

impl SignIn<'_> {
    /// Signs in with an empty cookie jar, over `connection`.
    ///
    /// # Errors
    /// Which step went wrong, with the answer's status and the beginning of its body.
    pub(crate) async fn run(&self, connection: &mut Connection) -> Result<()> {
        self.tokens(connection, SCOPE).await.map(drop)
    }

    /// The same, asking for `scope`; gives the tokens.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub(crate) async fn tokens(&self, connection: &mut Connection, scope: &str) -> Result<Tokens> {
        let verifier = random_text()?;
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let state = random_text()?;
        let mut start = Url::parse(&format!("http://{}/oidc/auth", self.server))?;
        start.query_pairs_mut().extend_pairs([
            ("client_id", self.client_id),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", scope),
            ("prompt", "consent"),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);

        let mut browser = Browser::new(connection, self.server, self.from, REDIRECT_URI);
        let page = browser
            .get(start)
            .await
            .context("the authorization request")?;
        let Page::Html { url, body, answer } = page else {
            bail!("the authorization request came back without a sign-in: {page}");
        };
        let form = Form::with_field(&body, "identifier")
            .with_context(|| format!("{url} shows no form with a field `identifier`: {answer}"))?;
        let action = url.join(&form.action).context("the form's action")?;
        let fields = form.filled(&[("identifier", self.identifier), ("password", self.password)]);
        let page = browser
            .post(action, &fields)
            .await
            .context("sending the password")?;
        let Page::Application(callback) = page else {
            bail!("the password led to no code: {page}");
        };
        let code = code(&callback, &state)?;
        self.redeem(browser, &code, &verifier, scope)
            .await
            .context("redeeming the code")
    }

    async fn redeem(
        &self,
        browser: Browser<'_>,
        code: &str,
        verifier: &str,
        scope: &str,
    ) -> Result<Tokens> {
        let request = browser.request("POST", "/oidc/token").form(&[
            ("grant_type", "authorization_code"),
            ("client_id", self.client_id),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", verifier),
        ]);
        let answer = browser
            .into_connection()
            .exchange(&request.encode())
            .await?;
        let tokens: Value = serde_json::from_slice(answer.body).unwrap_or_default();
        let find = |name| tokens.get(name).and_then(Value::as_str).map(str::to_owned);
        let has_id_token = find("id_token").is_some();
        let found = find("access_token").zip(find("refresh_token"));
        let whole =
            found.filter(|_| answer.status == 200 && has_id_token == scope.contains("openid"));
        let (access_token, refresh_token) = whole
            .with_context(|| format!("not the tokens of {scope:?}, but {}", answer.describe()))?;
        Ok(Tokens {
            access_token,
            refresh_token,
        })
    }
}

/// The code of an authorization response (RFC 6749 section 4.1.2) that carries our `state`.
fn code(callback: &Url, state: &str) -> Result<String> {
    let find = |name| {
        callback
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    ensure!(
        find("state").as_deref() == Some(state),
        "the state did not come back: {callback}"
    );
    find("code").with_context(|| format!("no code came back: {callback}"))
}

/// 256 random bits in base64url: a code verifier (RFC 7636 section 4.1) or a state.
fn random_text() -> Result<String> {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).context("no randomness")?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests;
