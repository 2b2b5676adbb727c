//! A signed-in person: their claims, their access tokens, and the way out.

use std::sync::{Arc, Mutex};

use url::Url;

use crate::flights::{Flights, lock};
use crate::token_endpoint::post_form;
use crate::{
    Client, Error, IdTokenClaims, Result, TokenFault, Tokens, UserClaims, discovery, id_token, jwt,
    time,
};

/// A person's session with the server, over their [`Tokens`]. Clones share one state. Calls that
/// renew a token change it: keep [`tokens`](Self::tokens) again afterwards if they live elsewhere.
#[derive(Clone)]
pub struct Session {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    tokens: Mutex<Tokens>,
    /// One refresh at a time, whatever it is for: a rotated refresh token works once.
    turn: tokio::sync::Mutex<()>,
    refreshing: Flights<Renewal, String>,
}

/// What a running renewal is for.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Renewal {
    resource: Option<String>,
    /// Also when the cached token is still fresh.
    is_forced: bool,
}

impl Session {
    pub(crate) fn new(client: Client, tokens: Tokens) -> Self {
        let inner = Inner {
            client,
            tokens: Mutex::new(tokens),
            turn: tokio::sync::Mutex::default(),
            refreshing: Flights::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The tokens as they are now.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        lock(&self.inner.tokens).clone()
    }

    /// The claims of the ID token: what the server knew at sign-in or at the last refresh. No request.
    ///
    /// # Errors
    /// [`Error::Token`] when kept tokens were damaged.
    pub fn get_id_token_claims(&self) -> Result<IdTokenClaims> {
        Ok(jwt::read_claims(&lock(&self.inner.tokens).id_token)?)
    }

    /// The claims as they are now, from userinfo.
    ///
    /// # Errors
    /// [`Error::is_signed_out`] when the session has ended at the server; [`Error::is_unavailable`].
    pub async fn fetch_user_info(&self) -> Result<UserClaims> {
        let token = self.get_access_token(None).await?;
        let provider = self.inner.client.provider();
        let discovery = provider.discovery().await?;
        let request = provider
            .http()
            .client()
            .get(&discovery.userinfo_endpoint)
            .bearer_auth(token);
        let answer = provider
            .http()
            .send("userinfo endpoint", request)
            .await?
            .check_success()?;
        let claims: UserClaims = answer.json()?;
        // OpenID Connect Core 5.3.2: otherwise the answer may be about someone else.
        if claims.sub != self.get_id_token_claims()?.user.sub {
            return Err(TokenFault::Subject.into());
        }
        Ok(claims)
    }

    /// An access token for the API resource `resource`, which the configuration must list, or for
    /// userinfo (`None`). Cached until a minute before it expires; many callers cause one request.
    ///
    /// # Errors
    /// [`Error::is_signed_out`] when there is nothing (any more) to renew it with.
    pub async fn get_access_token(&self, resource: Option<&str>) -> Result<String> {
        if let Some(token) = self.inner.fresh(resource) {
            return Ok(token);
        }
        self.renew(Renewal {
            resource: resource.map(str::to_owned),
            is_forced: false,
        })
        .await
    }

    /// Renews the ID token and the access token for userinfo now. Callers that come while it is
    /// under way share it.
    ///
    /// # Errors
    /// [`Error::is_signed_out`] when the grant is gone.
    pub async fn refresh(&self) -> Result<()> {
        self.renew(Renewal {
            resource: None,
            is_forced: true,
        })
        .await
        .map(drop)
    }

    async fn renew(&self, renewal: Renewal) -> Result<String> {
        let (inner, wanted) = (Arc::clone(&self.inner), renewal.clone());
        let call = async move {
            let _turn = inner.turn.lock().await;
            let resource = wanted.resource.as_deref();
            match inner.fresh(resource).filter(|_| !wanted.is_forced) {
                Some(token) => Ok(token),
                None => inner.refresh(resource).await,
            }
        };
        self.inner.refreshing.join(renewal, call).await
    }

    /// Ends the session here: revokes the refresh token (as far as the server can be reached),
    /// forgets the tokens, and gives the address that ends it in the browser.
    ///
    /// # Errors
    /// When the discovery document cannot be read or names no end of session; the tokens are
    /// forgotten all the same.
    pub async fn sign_out_url(&self) -> Result<Url> {
        let refresh_token = {
            let mut tokens = lock(&self.inner.tokens);
            tokens.access_tokens.clear();
            tokens.refresh_token.take()
        };
        let client = &self.inner.client;
        let discovery = client.provider().discovery().await?;
        if let (Some(token), Some(address)) = (&refresh_token, &discovery.revocation_endpoint) {
            let fields = [
                ("token", token.as_str()),
                ("token_type_hint", "refresh_token"),
            ];
            // The person leaves in any case; an unrevoked token expires by itself.
            let _ = post_form(
                client.provider().http(),
                "revocation endpoint",
                address,
                client.credentials(),
                &fields,
            )
            .await;
        }
        let address = discovery
            .end_session_endpoint
            .as_deref()
            .unwrap_or_default();
        let mut url = Url::parse(address).map_err(|error| Error::Unexpected {
            what: discovery::WHAT,
            problem: format!("`end_session_endpoint` is no URL: {error}"),
        })?;
        let config = client.config();
        url.query_pairs_mut()
            .append_pair("client_id", &config.app_id);
        if let Some(uri) = &config.post_logout_redirect_uri {
            url.query_pairs_mut()
                .append_pair("post_logout_redirect_uri", uri);
        }
        Ok(url)
    }
}

impl Inner {
    fn fresh(&self, resource: Option<&str>) -> Option<String> {
        lock(&self.tokens)
            .fresh(resource, time::now())
            .map(str::to_owned)
    }

    /// The refresh grant (RFC 6749 section 6, RFC 8707 for the resource).
    async fn refresh(&self, resource: Option<&str>) -> Result<String> {
        let refresh_token = lock(&self.tokens)
            .refresh_token
            .clone()
            .ok_or(Error::SignedOut)?;
        let mut fields = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.as_str()),
        ];
        fields.extend(resource.map(|resource| ("resource", resource)));
        let response = self.client.token_request(&fields).await?;
        if let Some(id_token) = &response.id_token {
            self.check_id_token(id_token).await?;
        }
        let mut tokens = lock(&self.tokens);
        if tokens.refresh_token.is_none() {
            // Signed out while the request was under way: nothing may come back to life.
            return Err(Error::SignedOut);
        }
        tokens.renew(resource, response)
    }

    /// A renewed ID token is about the same person (OpenID Connect Core section 12.2).
    async fn check_id_token(&self, id_token: &str) -> Result<()> {
        let claims = id_token::verify(
            self.client.provider(),
            id_token,
            &self.client.config().app_id,
            None,
        )
        .await?;
        let current: IdTokenClaims = jwt::read_claims(&lock(&self.tokens).id_token)?;
        if claims.user.sub != current.user.sub {
            return Err(TokenFault::Subject.into());
        }
        Ok(())
    }
}
