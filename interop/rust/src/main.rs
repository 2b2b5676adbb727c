//! The crate `openidconnect` as a public client. Settings come as JSON on the standard input, and what the client saw
//! goes as JSON to the standard output; a client that refuses something ends with 1 and prints why.

mod robot;

use std::{error::Error, io, process::ExitCode};

use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AsyncHttpClient, AuthorizationCode, ClientId, CsrfToken,
    HttpClientError, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, ProviderMetadata, RedirectUrl, RefreshToken, RequestTokenError,
    RevocationUrl, Scope, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod,
        CoreErrorResponseType, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType, CoreRevocableToken,
        CoreSubjectIdentifierType, CoreUserInfoClaims,
    },
};
use reqwest::{Url, redirect::Policy};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::robot::Robot;

/// Discovery with the member of RFC 8414 that OpenID Connect Discovery does not know.
type Metadata = ProviderMetadata<
    Revocation,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

#[derive(Debug, Clone, Deserialize, Serialize)]
struct Revocation {
    revocation_endpoint: RevocationUrl,
}

impl AdditionalProviderMetadata for Revocation {}

#[derive(Deserialize)]
struct Settings {
    issuer: IssuerUrl,
    native: Application,
    person: Person,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Application {
    id: ClientId,
    redirect_uri: RedirectUrl,
}

#[derive(Deserialize)]
struct Person {
    username: String,
    password: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match serde_json::from_reader(io::stdin()) {
        Ok(settings) => run(settings).await,
        Err(why) => Err(why.into()),
    };
    match outcome {
        Ok(seen) => {
            println!("{seen}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            println!("{}", json!({ "error": { "message": chain(why.as_ref()) } }));
            ExitCode::FAILURE
        }
    }
}

/// An error and what caused it, in one line.
fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        said = format!("{said}: {source}");
        next = source.source();
    }
    said
}

/// Signs a person in with PKCE and a nonce, reads userinfo, refreshes, and revokes.
async fn run(settings: Settings) -> Result<Value, Box<dyn Error>> {
    let Settings { issuer, native, person } = settings;
    let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?;
    let metadata = Metadata::discover_async(issuer, &http).await?;
    let revocation = &metadata.additional_metadata().revocation_endpoint;
    let revocation = RevocationUrl::new(revocation.replacen("http:", "https:", 1))?;
    let client = CoreClient::from_provider_metadata(metadata, native.id, None)
        .set_redirect_uri(native.redirect_uri)
        .set_revocation_url(revocation);

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (authorization, state, nonce) = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scopes(["profile", "email", "offline_access"].map(|scope| Scope::new(scope.to_owned())))
        .add_extra_param("prompt", "consent")
        .set_pkce_challenge(challenge)
        .url();
    let landing = Robot::new()?.sign_in(authorization, &person.username, &person.password).await?;
    if parameter(&landing, "state")? != *state.secret() {
        return Err("the state is that of another request".into());
    }

    let code = AuthorizationCode::new(parameter(&landing, "code")?);
    let tokens = client.exchange_code(code)?.set_pkce_verifier(verifier).request_async(&http).await?;
    let id_token = tokens.id_token().ok_or("no ID token")?;
    let claims = id_token.claims(&client.id_token_verifier(), &nonce)?;
    if let Some(given) = claims.access_token_hash() {
        let verifier = client.id_token_verifier();
        let (algorithm, key) = (id_token.signing_alg()?, id_token.signing_key(&verifier)?);
        if AccessTokenHash::from_token(tokens.access_token(), algorithm, key)? != *given {
            return Err("at_hash is of another access token".into());
        }
    }

    let subject = claims.subject().clone();
    let asking = client.user_info(tokens.access_token().clone(), Some(subject.clone()))?;
    let userinfo: CoreUserInfoClaims = asking.request_async(&http).await?;

    let first = tokens.refresh_token().ok_or("no refresh token")?;
    let refreshed = client.exchange_refresh_token(first)?.request_async(&http).await?;
    let again = refreshed.id_token().map(|token| token.claims(&client.id_token_verifier(), |_: Option<&Nonce>| Ok(())));
    let same_subject = again.transpose()?.map(|claims| *claims.subject() == subject);

    let last: RefreshToken = refreshed.refresh_token().unwrap_or(first).clone();
    let plain = |request| without_tls(http.clone(), request);
    client.revoke_token(CoreRevocableToken::RefreshToken(last.clone()))?.request_async(&plain).await?;
    let revoked = match client.exchange_refresh_token(&last)?.request_async(&http).await {
        Err(RequestTokenError::ServerResponse(answer)) => *answer.error() == CoreErrorResponseType::InvalidGrant,
        Err(other) => return Err(other.into()),
        Ok(_) => return Err("a revoked refresh token still works".into()),
    };

    Ok(json!({
        "subject": subject,
        "claims": claims,
        "userinfo": userinfo,
        "rotated": last.secret() != first.secret(),
        "refreshed": same_subject,
        "revoked": revoked,
    }))
}

/// The library revokes by TLS only, which a server on loopback has not: as a proxy that ends TLS would, this sends its
/// request on in the clear.
async fn without_tls(
    http: reqwest::Client,
    mut request: HttpRequest,
) -> Result<HttpResponse, HttpClientError<reqwest::Error>> {
    let url = request.uri().to_string().replacen("https:", "http:", 1);
    *request.uri_mut() = url.parse().map_err(|why| HttpClientError::Other(format!("{url}: {why}")))?;
    http.call(request).await
}

fn parameter(url: &Url, name: &str) -> Result<String, String> {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).ok_or_else(|| format!("no {name} in {url}"))
}
