//! A JWT access token that comes back: its claims, after the caller verified signature, type, issuer
//! and times (RFC 9068 section 4).

use meibo_domain::{
    ids::{ApplicationId, GrantId, UserId},
    scope::ScopeSet,
    time::Timestamp,
};
use serde_json::{Map, Value};

/// Claims that must be there beside `iss` and `exp` (RFC 9068 section 2.2).
pub const REQUIRED_CLAIMS: &[&str] = &["sub", "client_id", "aud", "iat", "jti"];

/// What the claims say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedAccessToken {
    /// `jti`.
    pub id: String,
    /// Whose token it is.
    pub holder: TokenHolder,
    /// `client_id`: the application that it was issued to.
    pub client_id: ApplicationId,
    /// `aud`: the one resource indicator that it is for.
    pub audience: String,
    /// `scope`; may be empty.
    pub scopes: ScopeSet,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `exp`.
    pub expires_at: Timestamp,
}

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenHolder {
    /// A person's: it ends with the grant.
    Person {
        /// `sub`.
        user_id: UserId,
        /// The first half of `jti`.
        grant_id: GrantId,
    },
    /// The application's own: `sub` is `client_id`.
    Machine,
}

/// The `jti` of a person's token: it names the grant that the token was issued under, so that the
/// token can die with the grant. `random_id` has no dot.
#[must_use]
pub fn persons_jti(grant_id: &GrantId, random_id: &str) -> String {
    format!("{grant_id}.{random_id}")
}

impl VerifiedAccessToken {
    /// Reads verified claims; `None` when they are not those of an access token of this server.
    #[must_use]
    pub fn from_claims(claims: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| claims.get(name)?.as_str();
        let time = |name: &str| Some(Timestamp::from_seconds(claims.get(name)?.as_i64()?));
        let (id, subject) = (text("jti")?, text("sub")?);
        let client_id = ApplicationId::parse(text("client_id")?).ok()?;
        let holder = if subject == client_id.as_str() {
            TokenHolder::Machine
        } else {
            let (grant_id, _) = id.rsplit_once('.')?;
            TokenHolder::Person {
                user_id: UserId::parse(subject).ok()?,
                grant_id: GrantId::parse(grant_id).ok()?,
            }
        };
        Some(Self {
            id: id.to_owned(),
            holder,
            client_id,
            audience: text("aud")?.to_owned(),
            scopes: text("scope").unwrap_or_default().to_owned().into(),
            issued_at: time("iat")?,
            expires_at: time("exp")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{NOW, persons_jwt};

    fn claims(changes: &Value) -> Map<String, Value> {
        let mut claims = json!({
            "jti": "grant.j1", "sub": "user1", "client_id": "app", "aud": "https://api.example",
            "scope": "read", "iat": NOW.seconds(), "exp": NOW.seconds() + 600, "iss": "x",
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object().unwrap().clone()
    }

    #[test]
    fn a_persons_token_names_its_grant_and_a_machines_none() {
        let read = |changes: Value| VerifiedAccessToken::from_claims(&claims(&changes));
        assert_eq!(read(json!({})), Some(persons_jwt("read")));
        let machine = read(json!({"sub": "app", "jti": "j1", "scope": null})).unwrap();
        assert_eq!(
            (machine.holder, machine.scopes),
            (TokenHolder::Machine, ScopeSet::default())
        );
        let imported = GrantId::parse("a.b").unwrap();
        let odd = read(json!({"jti": persons_jti(&imported, "j1")})).unwrap();
        assert!(matches!(odd.holder, TokenHolder::Person { grant_id, .. } if grant_id == imported));
    }

    #[test]
    fn rfc9068_2_2_what_is_missing_or_of_another_type_is_no_access_token() {
        for name in ["jti", "sub", "client_id", "aud", "iat", "exp"] {
            for value in [Value::Null, json!([]), json!(""), json!(["a"])] {
                let claims = claims(&json!({ name: value }));
                let read = VerifiedAccessToken::from_claims(&claims);
                assert!(
                    name == "aud" && claims[name] == "" || read.is_none(),
                    "{name} {read:?}"
                );
            }
        }
        let without_grant = claims(&json!({"jti": "j1"}));
        assert_eq!(VerifiedAccessToken::from_claims(&without_grant), None);
    }
}
