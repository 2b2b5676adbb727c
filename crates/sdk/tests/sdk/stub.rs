//! A server of the wire contract in one process and one file: it signs in whoever is asked for,
//! keeps every request for the test to look at, and misbehaves on demand.
#![allow(dead_code, reason = "shared by test binaries that each use a part")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream;
use serde_json::{Value, json};
use url::Url;

use crate::signing::{Alg, Keys, Token, encode};
use crate::stub_codes::Codes;
use crate::stub_users::Users;
use crate::wire::{bearer, form, now, refuse, reply};

pub(crate) const APP: &str = "app";
pub(crate) const SECRET: &str = "app-secret";
pub(crate) const MACHINE: &str = "machine";
pub(crate) const MACHINE_SECRET: &str = "machine-secret";
pub(crate) const MANAGEMENT: &str = "https://default.logto.app/api";

/// What a path answers instead of the right thing.
#[derive(Clone)]
pub(crate) enum Instead {
    /// This status and body.
    Answer(u16, String),
    /// A redirect to this address.
    Redirect(String),
    /// This many KiB without a length in front.
    Chunks(usize),
    /// Nothing, ever.
    Hang,
}

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) query: HashMap<String, String>,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
}

impl Seen {
    /// A member of a form body.
    pub(crate) fn form(&self, name: &str) -> Option<String> {
        form(&self.body).remove(name)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

type MakeIdToken = Arc<dyn Fn(&Keys, Token) -> String + Send + Sync>;

struct Knobs {
    make_id_token: MakeIdToken,
    instead: HashMap<String, Instead>,
    token_life: Value,
}

struct Grant {
    sub: String,
    nonce: Option<String>,
    challenge: String,
    redirect_uri: String,
}

#[derive(Default)]
struct Memory {
    seen: Vec<Seen>,
    codes: HashMap<String, Grant>,
    refresh_tokens: HashMap<String, String>,
    opaque_tokens: HashMap<String, String>,
    machine_tokens: Vec<String>,
    users: Users,
    verification_codes: Codes,
    count: u64,
}

impl Memory {
    fn number(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("{kind}-{}", self.count)
    }
}

struct Inner {
    endpoint: String,
    keys: Mutex<Keys>,
    knobs: Mutex<Knobs>,
    memory: Mutex<Memory>,
}

#[derive(Clone)]
pub(crate) struct Stub(Arc<Inner>);

impl Stub {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let knobs = Knobs {
            make_id_token: Arc::new(|keys, token| keys.sign(&token)),
            instead: HashMap::new(),
            token_life: json!(3600),
        };
        let stub = Self(Arc::new(Inner {
            endpoint: format!("http://{}", listener.local_addr().unwrap()),
            keys: Mutex::new(Keys::new()),
            knobs: Mutex::new(knobs),
            memory: Mutex::default(),
        }));
        let router = Router::new().fallback(answer).with_state(stub.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        stub
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.0.endpoint
    }

    pub(crate) fn issuer(&self) -> String {
        format!("{}/oidc", self.0.endpoint)
    }

    /// From now on `place`, a path or a method and a path (`PATCH /api/users/a`), answers `instead`.
    pub(crate) fn break_at(&self, place: &str, instead: Instead) {
        self.0
            .knobs
            .lock()
            .unwrap()
            .instead
            .insert(place.to_owned(), instead);
    }

    pub(crate) fn mend(&self) {
        self.0.knobs.lock().unwrap().instead.clear();
    }

    /// How ID tokens are made from now on.
    pub(crate) fn make_id_tokens(
        &self,
        make: impl Fn(&Keys, Token) -> String + Send + Sync + 'static,
    ) {
        self.0.knobs.lock().unwrap().make_id_token = Arc::new(make);
    }

    /// `expires_in` of access tokens from now on; null leaves it out.
    pub(crate) fn set_token_life(&self, life: Value) {
        self.0.knobs.lock().unwrap().token_life = life;
    }

    /// New keys under new ids.
    pub(crate) fn rotate_keys(&self) {
        *self.0.keys.lock().unwrap() = Keys::new();
    }

    pub(crate) fn revoke_machine_tokens(&self) {
        self.0.memory.lock().unwrap().machine_tokens.clear();
    }

    pub(crate) fn revoke_grants(&self) {
        let mut memory = self.0.memory.lock().unwrap();
        memory.refresh_tokens.clear();
        memory.opaque_tokens.clear();
    }

    pub(crate) fn put_user(&self, user: Value) {
        self.0.memory.lock().unwrap().users.put(user);
    }

    pub(crate) fn user(&self, id: &str) -> Value {
        self.0.memory.lock().unwrap().users.get(id).unwrap().clone()
    }

    pub(crate) fn remove_user(&self, id: &str) {
        self.0.memory.lock().unwrap().users.remove(id);
    }

    /// The stub's verification codes, to read and to change.
    pub(crate) fn codes<T>(&self, use_codes: impl FnOnce(&mut Codes) -> T) -> T {
        use_codes(&mut self.0.memory.lock().unwrap().verification_codes)
    }

    /// Every request with this method and path, oldest first.
    pub(crate) fn seen(&self, line: &str) -> Vec<Seen> {
        self.0
            .memory
            .lock()
            .unwrap()
            .seen
            .iter()
            .filter(|seen| seen.line == line)
            .cloned()
            .collect()
    }

    pub(crate) fn sign(&self, token: &Token) -> String {
        self.0.keys.lock().unwrap().sign(token)
    }

    /// An access token as the token endpoint would give it.
    pub(crate) fn access_token(&self, sub: &str, resource: &str) -> Token {
        let claims = json!({
            "iss": self.issuer(), "sub": sub, "aud": resource, "client_id": APP, "scope": "orders:read",
            "jti": "j", "iat": now(), "exp": now() + 3600,
        });
        Token::new(Alg::Es256, "at+jwt", claims)
    }

    /// What the browser does: goes to `url`, signs in as `sub`, and comes to the address given back.
    pub(crate) fn authorize(&self, url: &Url, sub: &str) -> Url {
        let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(url.path(), "/oidc/auth");
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["code_challenge_method"], "S256");
        let grant = Grant {
            sub: sub.to_owned(),
            nonce: query.get("nonce").cloned(),
            challenge: query["code_challenge"].clone(),
            redirect_uri: query["redirect_uri"].clone(),
        };
        let mut back = Url::parse(&grant.redirect_uri).unwrap();
        let mut memory = self.0.memory.lock().unwrap();
        let code = memory.number("code");
        memory.codes.insert(code.clone(), grant);
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", &query["state"])
            .append_pair("iss", &self.issuer());
        back
    }

    fn user_claims(&self, sub: &str) -> Value {
        let memory = self.0.memory.lock().unwrap();
        let mut claims = json!({ "sub": sub });
        let Some(user) = memory.users.get(sub) else {
            return claims;
        };
        let members = [
            ("name", "/name"),
            ("picture", "/avatar"),
            ("email", "/primaryEmail"),
            ("phone_number", "/primaryPhone"),
            ("nickname", "/profile/nickname"),
            ("given_name", "/profile/givenName"),
            ("family_name", "/profile/familyName"),
            ("gender", "/profile/gender"),
            ("birthdate", "/profile/birthdate"),
            ("address", "/profile/address"),
        ];
        for (claim, member) in members {
            if let Some(value) = user.pointer(member).filter(|value| !value.is_null()) {
                claims[claim] = value.clone();
            }
        }
        for address in ["email", "phone_number"] {
            claims[format!("{address}_verified")] = json!(claims.get(address).is_some());
        }
        claims
    }

    fn discovery(&self) -> Response {
        let at = |path: &str| format!("{}{path}", self.issuer());
        reply(
            200,
            &json!({
                "issuer": self.issuer(), "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"),
                "userinfo_endpoint": at("/me"), "jwks_uri": at("/jwks"), "end_session_endpoint": at("/session/end"),
                "revocation_endpoint": at("/token/revocation"), "authorization_response_iss_parameter_supported": true,
            }),
        )
    }

    fn token(&self, seen: &Seen) -> Response {
        let form = form(&seen.body);
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        if field("grant_type") == "client_credentials" {
            return self.machine_token(
                field("client_id"),
                field("client_secret"),
                field("resource"),
            );
        }
        let basic = format!("Basic {}", STANDARD.encode(format!("{APP}:{SECRET}")));
        if seen.authorization.as_deref() != Some(basic.as_str()) || field("client_id") != APP {
            return refuse(401, "invalid_client");
        }
        let granted = match field("grant_type") {
            "authorization_code" => {
                self.redeem_code(field("code"), field("code_verifier"), field("redirect_uri"))
            }
            "refresh_token" => {
                let sub = self
                    .0
                    .memory
                    .lock()
                    .unwrap()
                    .refresh_tokens
                    .remove(field("refresh_token"));
                sub.map(|sub| (sub, None))
            }
            _ => return refuse(400, "unsupported_grant_type"),
        };
        let Some((sub, nonce)) = granted else {
            return refuse(400, "invalid_grant");
        };
        let access_token = match form.get("resource") {
            Some(resource) => self.sign(&self.access_token(&sub, resource)),
            None => {
                let mut memory = self.0.memory.lock().unwrap();
                let token = memory.number("opaque");
                memory.opaque_tokens.insert(token.clone(), sub.clone());
                token
            }
        };
        let mut body = json!({
            "access_token": access_token, "token_type": "Bearer", "scope": "openid offline_access profile",
            "id_token": self.id_token(&sub, nonce), "refresh_token": self.refresh_token(&sub),
        });
        self.set_life(&mut body);
        reply(200, &body)
    }

    fn set_life(&self, body: &mut Value) {
        let life = self.0.knobs.lock().unwrap().token_life.clone();
        if !life.is_null() {
            body["expires_in"] = life;
        }
    }

    fn redeem_code(
        &self,
        code: &str,
        verifier: &str,
        redirect_uri: &str,
    ) -> Option<(String, Option<String>)> {
        let grant = self.0.memory.lock().unwrap().codes.remove(code)?;
        let challenge = encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
        (challenge == grant.challenge && redirect_uri == grant.redirect_uri)
            .then_some((grant.sub, grant.nonce))
    }

    fn id_token(&self, sub: &str, nonce: Option<String>) -> String {
        let mut claims = self.user_claims(sub);
        let own = json!({ "iss": self.issuer(), "aud": APP, "iat": now(), "exp": now() + 3600 });
        claims
            .as_object_mut()
            .unwrap()
            .extend(own.as_object().unwrap().clone());
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        let make = Arc::clone(&self.0.knobs.lock().unwrap().make_id_token);
        make(
            &self.0.keys.lock().unwrap(),
            Token::new(Alg::Es256, "JWT", claims),
        )
    }

    /// A new one each time; the one it was bought with is used up.
    fn refresh_token(&self, sub: &str) -> String {
        let mut memory = self.0.memory.lock().unwrap();
        let token = memory.number("refresh");
        memory.refresh_tokens.insert(token.clone(), sub.to_owned());
        token
    }

    fn machine_token(&self, id: &str, secret: &str, resource: &str) -> Response {
        if (id, secret) != (MACHINE, MACHINE_SECRET) {
            return refuse(401, "invalid_client");
        }
        if resource != MANAGEMENT {
            return refuse(400, "invalid_target");
        }
        let token = {
            let mut memory = self.0.memory.lock().unwrap();
            let token = memory.number("machine");
            memory.machine_tokens.push(token.clone());
            token
        };
        let mut body = json!({ "access_token": token, "token_type": "Bearer", "scope": "all" });
        self.set_life(&mut body);
        reply(200, &body)
    }

    fn userinfo(&self, seen: &Seen) -> Response {
        let sub = bearer(seen.authorization.as_deref()).and_then(|token| {
            self.0
                .memory
                .lock()
                .unwrap()
                .opaque_tokens
                .get(token)
                .cloned()
        });
        match sub {
            Some(sub) => reply(200, &self.user_claims(&sub)),
            None => refuse(401, "invalid_token"),
        }
    }

    fn management(&self, seen: &Seen) -> Response {
        let mut memory = self.0.memory.lock().unwrap();
        if !bearer(seen.authorization.as_deref())
            .is_some_and(|token| memory.machine_tokens.iter().any(|known| known == token))
        {
            return reply(
                401,
                &json!({ "code": "auth.unauthorized", "message": "Unauthorized." }),
            );
        }
        let (method, path) = seen.line.split_once(' ').unwrap();
        let segments: Vec<_> = path.split('/').skip(2).collect();
        match (method, segments.as_slice()) {
            (_, ["users", rest @ ..]) => memory.users.answer(method, rest, &seen.body),
            ("POST", ["verification-codes"]) => memory.verification_codes.send(&seen.body),
            ("POST", ["verification-codes", "verify"]) => {
                memory.verification_codes.verify(&seen.body)
            }
            _ => refuse(404, "path"),
        }
    }
}

async fn answer(State(stub): State<Stub>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, 1 << 20).await.unwrap();
    let path = parts.uri.path().to_owned();
    let seen = Seen {
        line: format!("{} {path}", parts.method),
        query: form(parts.uri.query().unwrap_or_default()),
        authorization: parts
            .headers
            .get("authorization")
            .map(|value| value.to_str().unwrap().to_owned()),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    stub.0.memory.lock().unwrap().seen.push(seen.clone());
    let instead = {
        let knobs = stub.0.knobs.lock().unwrap();
        let found = knobs
            .instead
            .get(&seen.line)
            .or_else(|| knobs.instead.get(&path));
        found.cloned()
    };
    match instead {
        Some(Instead::Answer(status, body)) => {
            (StatusCode::from_u16(status).unwrap(), body).into_response()
        }
        Some(Instead::Redirect(to)) => (StatusCode::FOUND, [("location", to)]).into_response(),
        Some(Instead::Chunks(count)) => {
            let chunks = stream::iter(
                (0..count).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 1024]))),
            );
            Body::from_stream(chunks).into_response()
        }
        Some(Instead::Hang) => std::future::pending().await,
        None => match path.as_str() {
            "/oidc/.well-known/openid-configuration" => stub.discovery(),
            "/oidc/jwks" => reply(200, &stub.0.keys.lock().unwrap().jwks()),
            "/oidc/token" => stub.token(&seen),
            "/oidc/token/revocation" => StatusCode::OK.into_response(),
            "/oidc/me" => stub.userinfo(&seen),
            path if path.starts_with("/api/") => stub.management(&seen),
            _ => refuse(404, "path"),
        },
    }
}
