//! Clients that sign assertions (`private_key_jwt`).

use std::{sync::Arc, time::Duration};

use meibo_app::applications::Rights;
use meibo_crypto::{
    jwt,
    signing_key::{SigningAlgorithm, SigningKey},
};
use meibo_domain::{
    application::{ApplicationType, NewApplication},
    resource::MANAGEMENT_API_INDICATOR,
    time::Clock,
};
use serde_json::{Map, Value, json};

use super::{
    answer::Answer,
    browser::VERIFIER,
    fixtures::{Client, REDIRECT_URI, new_application},
    server::{PUBLIC_URL, TestServer},
};

/// `client_assertion_type`.
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An application that registered a public key, and the private one.
#[derive(Clone)]
pub(crate) struct SigningClient {
    pub(crate) client: Client,
    pub(crate) key: Arc<SigningKey>,
    clock: Clock,
}

/// A JWK Set of these keys.
pub(crate) fn key_set(keys: &[&SigningKey]) -> Map<String, Value> {
    let keys: Vec<_> = keys.iter().map(|key| key.public_jwk()).collect();
    Map::from_iter([("keys".to_owned(), json!(keys))])
}

impl TestServer {
    /// An application that signs by `algorithm`; a machine may call the Management API.
    pub(crate) async fn signing_client(
        &self,
        kind: ApplicationType,
        algorithm: SigningAlgorithm,
    ) -> SigningClient {
        let key = Arc::new(SigningKey::generate(algorithm).unwrap());
        let mut new = new_application(kind);
        new.oidc.jwks = Some(key_set(&[&key]));
        self.signing_client_of(new, key).await
    }

    /// The application `new`, whose keys are registered, as one that signs with `key`.
    pub(crate) async fn signing_client_of(
        &self,
        mut new: NewApplication,
        key: Arc<SigningKey>,
    ) -> SigningClient {
        new.oidc.token_endpoint_auth_method = Some("private_key_jwt".to_owned());
        let rights = Rights {
            management_api: new.application_type == ApplicationType::MachineToMachine,
            login_api: false,
        };
        SigningClient {
            client: self.register(new, rights).await,
            key,
            clock: self.clock.clone(),
        }
    }
}

impl SigningClient {
    /// The claims of an assertion with this `jti`, made now.
    pub(crate) fn claims(&self, jti: &str) -> Value {
        let now = self.clock.now();
        json!({
            "iss": self.client.id, "sub": self.client.id, "aud": format!("{PUBLIC_URL}/oidc"), "jti": jti,
            "iat": now.seconds(), "exp": (now + Duration::from_secs(60)).seconds(),
        })
    }

    pub(crate) fn assertion(&self, jti: &str) -> String {
        Self::sign_with(&self.key, "JWT", &self.claims(jti))
    }

    pub(crate) fn sign_with(key: &SigningKey, typ: &str, claims: &Value) -> String {
        jwt::sign(key, typ, claims).unwrap()
    }

    /// Posts `fields` with the assertion and without `client_id`.
    pub(crate) async fn post(
        &self,
        server: &TestServer,
        path: &str,
        fields: &[(&str, &str)],
        assertion: &str,
    ) -> Answer {
        let mut fields = fields.to_vec();
        fields.extend([
            ("client_assertion", assertion),
            ("client_assertion_type", TYPE),
        ]);
        server.post_form(path, &fields).await
    }

    /// Asks for a machine token with the assertion.
    pub(crate) async fn ask(&self, server: &TestServer, assertion: &str) -> Answer {
        let fields = [
            ("grant_type", "client_credentials"),
            ("resource", MANAGEMENT_API_INDICATOR),
            ("scope", "all"),
        ];
        self.post(server, "/oidc/token", &fields, assertion).await
    }

    pub(crate) async fn machine_token(&self, server: &TestServer, jti: &str) -> String {
        let answer = self.ask(server, &self.assertion(jti)).await.expect(200);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn redeem(&self, server: &TestServer, code: &str) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        let assertion = self.assertion(&format!("for {code}"));
        self.post(server, "/oidc/token", &fields, &assertion).await
    }

    pub(crate) async fn introspect(&self, server: &TestServer, token: &str, jti: &str) -> Answer {
        let path = "/oidc/token/introspection";
        self.post(server, path, &[("token", token)], &self.assertion(jti))
            .await
    }
}
