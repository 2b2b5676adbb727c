//! A token against the keys of this server. The first line says how it came to be:
//!
//! - `raw`: the rest is the token;
//! - `signed`: the rest is a header and a payload, one line each, which the trusted key signs (`KID` stands for its id);
//! - `changed POSITION`: a good token, over which the rest is written there.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use meibo_crypto::{
    digest::base64url,
    jwt::{self, Expected, VerifyingKeys},
    signing_key::{SigningAlgorithm, SigningKey},
};
use meibo_fuzz::{ISSUER, RESOURCE};
use serde_json::{Map, Value, json};

const NOW: i64 = 1_700_000_000;
const LEEWAY: i64 = 10;
const REQUIRED: &[&str] = &["sub", "client_id", "iat", "jti"];
const EXPECTED: Expected<'static> = Expected {
    typ: &["at+jwt"],
    algorithms: SigningAlgorithm::ALL,
    issuer: ISSUER,
    audience: Some(RESOURCE),
    required: REQUIRED,
};

static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(SigningAlgorithm::Es256).expect("a key"));
static KEYS: LazyLock<VerifyingKeys> =
    LazyLock::new(|| VerifyingKeys::from_jwks(&[KEY.public_jwk().clone()]).expect("a set"));
/// One key for the whole run: its signature differs in each, whether a change is refused does not.
static GOOD: LazyLock<String> = LazyLock::new(|| {
    let claims = json!({
        "iss": ISSUER, "aud": RESOURCE, "sub": "user", "client_id": "app", "jti": "one", "scope": "read",
        "iat": NOW, "exp": NOW + 600,
    });
    let token = jwt::sign(&KEY, "at+jwt", &claims).expect("a token");
    assert!(
        verify(&token) == claims.as_object().cloned(),
        "a good token is taken"
    );
    token
});

fuzz_target!(|text: &str| {
    let (kind, rest) = text.split_once('\n').unwrap_or((text, ""));
    match kind.split_once(' ').unwrap_or((kind, "")) {
        ("raw", _) => assert!(verify(rest).is_none(), "nobody else has the key"),
        ("signed", _) => {
            let (header, payload) = rest.split_once('\n').unwrap_or((rest, ""));
            let header = header.replace("KID", KEY.kid());
            if let Some(claims) = verify(&signed(&header, payload)) {
                check_header(&header);
                check_claims(&claims, payload);
            }
        }
        ("changed", position) => {
            let changed = overwritten(&GOOD, position.parse().unwrap_or(0), rest);
            assert!(changed == *GOOD || verify(&changed).is_none(), "{changed}");
        }
        _ => assert!(verify(text).is_none()),
    }
});

fn verify(token: &str) -> Option<Map<String, Value>> {
    KEYS.verify(token, &EXPECTED, NOW, LEEWAY).ok()
}

fn signed(header: &str, payload: &str) -> String {
    let input = format!(
        "{}.{}",
        base64url(header.as_bytes()),
        base64url(payload.as_bytes())
    );
    let signature = KEY.sign(input.as_bytes()).expect("a signature");
    format!("{input}.{}", base64url(&signature))
}

fn overwritten(token: &str, position: usize, over: &str) -> String {
    let start = position.min(token.len());
    let end = (start + over.len()).min(token.len());
    format!("{}{over}{}", &token[..start], &token[end..])
}

fn check_header(text: &str) {
    let header: Map<String, Value> =
        serde_json::from_str(text).expect("an accepted header is a JSON object");
    let is =
        |name: &str, expected: &str| header.get(name).and_then(Value::as_str) == Some(expected);
    assert!(is("alg", "ES256") && is("kid", KEY.kid()) && !header.contains_key("crit"));
    let typ = header
        .get("typ")
        .and_then(Value::as_str)
        .expect("typ")
        .to_ascii_lowercase();
    assert!(typ == "at+jwt" || typ == "application/at+jwt");
}

fn check_claims(claims: &Map<String, Value>, text: &str) {
    let read: Map<String, Value> =
        serde_json::from_str(text).expect("accepted claims are a JSON object");
    assert!(*claims == read, "two parsers read the same");
    assert!(claims.get("iss").and_then(Value::as_str) == Some(ISSUER));
    let audience = claims.get("aud").expect("aud");
    let is_own = |value: &Value| value.as_str() == Some(RESOURCE);
    assert!(
        is_own(audience)
            || audience
                .as_array()
                .is_some_and(|many| many.iter().any(is_own))
    );
    for name in REQUIRED {
        let value = claims.get(*name).expect("a required claim is there");
        assert!(
            !value.is_null() && *value != json!("") && *value != json!([]) && *value != json!({})
        );
    }
    let seconds = |name: &str| {
        claims
            .get(name)
            .map(|value| value.as_f64().expect("a number"))
    };
    assert!(seconds("exp").expect("exp") > (NOW - LEEWAY) as f64);
    for start in [seconds("nbf"), seconds("iat")].into_iter().flatten() {
        assert!(start < (NOW + LEEWAY + 1) as f64);
    }
}
