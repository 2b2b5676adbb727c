//! What is measured: requests that are alike, where they go, and what they are compared with.

mod chains;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, ensure};

use crate::http::Connection;
use crate::http::request::{ADDRESS, REFRESH_TOKEN, Request, SERIAL, Template};
pub(crate) use chains::Chains;

/// The resource indicator of the Management API, the same on every server.
pub(crate) const MANAGEMENT_API: &str = "https://default.logto.app/api";

/// One kind of request. Uses are numbered for the whole run, so that no two of them are equal where a
/// template has marks: a PATCH always changes something.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    templates: Vec<Template>,
    next: AtomicU64,
    /// What a right answer holds somewhere in its body.
    contains: &'static str,
    /// The refresh tokens of an operation that uses each of them once.
    chains: Chains,
}

impl Operation {
    pub(crate) fn new(
        name: &'static str,
        address: SocketAddr,
        requests: impl IntoIterator<Item = Request>,
        contains: &'static str,
    ) -> Self {
        let templates = requests.into_iter().map(Template::new).collect();
        Self {
            name,
            address,
            templates,
            next: AtomicU64::new(0),
            contains,
            chains: Chains::default(),
        }
    }

    /// The same, where each request uses a refresh token and each answer brings the next one of its chain. There must
    /// be as many as connections.
    fn with_chains(self, refresh_tokens: Vec<String>) -> Self {
        Self {
            chains: Chains::new(refresh_tokens),
            ..self
        }
    }

    /// Replaces `into` by the next request; the templates take turns. Gives the refresh token that it uses, for
    /// [`Self::answered`].
    pub(crate) fn write_next(&self, into: &mut Vec<u8>) -> Option<String> {
        let serial = self.next.fetch_add(1, Ordering::Relaxed);
        let turn = serial
            .checked_rem(self.templates.len() as u64)
            .unwrap_or_default();
        let template = self.templates.get(turn as usize)?;
        template.fill(serial, into);
        let token = self.chains.take()?;
        template.put_refresh_token(&token, into);
        Some(token)
    }

    /// Keeps the next refresh token that the body of an answer has, or the used one where it has none.
    pub(crate) fn answered(&self, used: Option<String>, body: &[u8]) {
        if let Some(used) = used {
            self.chains.put_back(used, body);
        }
    }

    /// Sends one request and looks at the answer before anything is measured.
    ///
    /// # Errors
    /// The answer is not the right one: its status and the beginning of its body.
    pub(crate) async fn try_once(&self) -> Result<()> {
        let mut request = Vec::new();
        let used = self.write_next(&mut request);
        ensure!(
            !request.is_empty(),
            "{}: there is no request to send",
            self.name
        );
        let mut connection = Connection::open(self.address)
            .await
            .with_context(|| format!("{}: cannot connect", self.name))?;
        let answer = connection
            .exchange(&request)
            .await
            .with_context(|| self.name)?;
        self.answered(used, answer.body);
        let is_right =
            answer.is_success() && String::from_utf8_lossy(answer.body).contains(self.contains);
        ensure!(
            is_right,
            "{}: expected a success that holds {:?}, but got {}",
            self.name,
            self.contains,
            answer.describe()
        );
        Ok(())
    }
}

/// A limit on server CPU per operation, as a multiple of a baseline's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison {
    pub(crate) operation: &'static str,
    pub(crate) baseline: &'static str,
    pub(crate) limit: f64,
}

pub(crate) const BARE_GET: &str = "bare GET";
pub(crate) const BARE_PATCH: &str = "bare PATCH";
pub(crate) const SIGNING: &str = "bare POST, ES256";
pub(crate) const DISCOVERY: &str = "GET discovery";
pub(crate) const JWKS: &str = "GET JWKS";
pub(crate) const TOKEN: &str = "POST token, client_credentials";
pub(crate) const GET_USER: &str = "GET user";
pub(crate) const PATCH_USER: &str = "PATCH user";
pub(crate) const USERINFO: &str = "GET userinfo";
pub(crate) const INTROSPECTION: &str = "POST introspection";
pub(crate) const REFRESH: &str = "POST token, refresh with rotation";
/// Measured apart: the RS256 signature of the ID token outweighs the rest.
pub(crate) const REFRESH_ID_TOKEN: &str = "POST token, refresh with rotation and an RS256 ID token";

/// What each of Meibo's operations may cost.
pub(crate) const COMPARISONS: [Comparison; 8] = [
    Comparison {
        operation: DISCOVERY,
        baseline: BARE_GET,
        limit: 1.5,
    },
    Comparison {
        operation: JWKS,
        baseline: BARE_GET,
        limit: 1.5,
    },
    Comparison {
        operation: TOKEN,
        baseline: SIGNING,
        limit: 2.5,
    },
    Comparison {
        operation: GET_USER,
        baseline: BARE_GET,
        limit: 5.0,
    },
    Comparison {
        operation: PATCH_USER,
        baseline: BARE_PATCH,
        limit: 15.0,
    },
    Comparison {
        operation: USERINFO,
        baseline: BARE_GET,
        limit: 4.0,
    },
    Comparison {
        operation: INTROSPECTION,
        baseline: BARE_GET,
        limit: 4.0,
    },
    Comparison {
        operation: REFRESH,
        baseline: SIGNING,
        limit: 12.0,
    },
];

/// What people were given at the public application `client_id`, one of each for each sign-in.
#[derive(Debug)]
pub(crate) struct PeoplesTokens {
    pub(crate) client_id: String,
    /// Opaque ones, for userinfo.
    pub(crate) access_tokens: Vec<String>,
    /// Of grants with `openid`.
    pub(crate) refresh_tokens: Vec<String>,
    /// Of grants without.
    pub(crate) plain_refresh_tokens: Vec<String>,
}

/// The operations of the bare server.
pub(crate) fn of_bare(address: SocketAddr) -> [Operation; 2] {
    let get = Request::new("GET", address, "/bare", ADDRESS);
    let patch =
        Request::new("PATCH", address, "/bare", ADDRESS).body("application/json", new_name());
    [
        Operation::new(BARE_GET, address, [get], "\"text\""),
        Operation::new(BARE_PATCH, address, [patch], "\"name\""),
    ]
}

/// The operation of the signing server.
pub(crate) fn of_signing(address: SocketAddr) -> Operation {
    let request = token_request(
        address,
        "/token",
        "baseline",
        "a-secret-of-a-usual-length-0123456789",
    );
    Operation::new(SIGNING, address, [request], "access_token")
}

/// The operations of Meibo: by the machine application `client_id`, over the users `ids`, and with what people were
/// given.
pub(crate) fn of_meibo(
    address: SocketAddr,
    client_id: &str,
    client_secret: &str,
    access_token: &str,
    ids: &[String],
    people: &PeoplesTokens,
) -> [Operation; 9] {
    let get = |path| Request::new("GET", address, path, ADDRESS);
    let of_user = |method: &str, id: &String| {
        Request::new(method, address, &format!("/api/users/{id}"), ADDRESS).bearer(access_token)
    };
    let patches = ids
        .iter()
        .map(|id| of_user("PATCH", id).body("application/json", new_name()));
    [
        Operation::new(
            DISCOVERY,
            address,
            [get("/oidc/.well-known/openid-configuration")],
            "\"issuer\"",
        ),
        Operation::new(JWKS, address, [get("/oidc/jwks")], "\"keys\""),
        Operation::new(
            TOKEN,
            address,
            [token_request(
                address,
                "/oidc/token",
                client_id,
                client_secret,
            )],
            "access_token",
        ),
        Operation::new(
            GET_USER,
            address,
            ids.iter().map(|id| of_user("GET", id)),
            "\"username\"",
        ),
        Operation::new(PATCH_USER, address, patches, "\"username\""),
        Operation::new(
            USERINFO,
            address,
            people
                .access_tokens
                .iter()
                .map(|token| get("/oidc/me").bearer(token)),
            "\"sub\"",
        ),
        Operation::new(
            INTROSPECTION,
            address,
            people.access_tokens.iter().map(|token| {
                Request::new("POST", address, "/oidc/token/introspection", ADDRESS)
                    .basic(client_id, client_secret)
                    .form(&[("token", token)])
            }),
            "\"active\":true",
        ),
        refresh(REFRESH, address, &people.client_id, "access_token")
            .with_chains(people.plain_refresh_tokens.clone()),
        refresh(REFRESH_ID_TOKEN, address, &people.client_id, "id_token")
            .with_chains(people.refresh_tokens.clone()),
    ]
}

/// A public application's refresh, which rotates at each use.
fn refresh(
    name: &'static str,
    address: SocketAddr,
    client_id: &str,
    contains: &'static str,
) -> Operation {
    let request = Request::new("POST", address, "/oidc/token", ADDRESS).form(&[
        ("grant_type", "refresh_token"),
        ("client_id", client_id),
        ("refresh_token", REFRESH_TOKEN),
    ]);
    Operation::new(name, address, [request], contains)
}

/// A client_credentials request for the Management API.
pub(crate) fn token_request(
    address: SocketAddr,
    path: &str,
    client_id: &str,
    client_secret: &str,
) -> Request {
    Request::new("POST", address, path, ADDRESS).form(&[
        ("grant_type", "client_credentials"),
        ("client_id", client_id),
        ("client_secret", client_secret),
        ("resource", MANAGEMENT_API),
        ("scope", "all"),
    ])
}

fn new_name() -> String {
    format!(r#"{{"name":"Name {SERIAL}"}}"#)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const NOWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

    fn people() -> PeoplesTokens {
        let one = |text: &str| vec![text.repeat(43)];
        PeoplesTokens {
            client_id: "spa".to_owned(),
            access_tokens: one("a"),
            refresh_tokens: one("r"),
            plain_refresh_tokens: one("p"),
        }
    }

    #[test]
    fn each_refresh_token_is_used_once_and_its_successor_next() {
        let [.., plain, _] = of_meibo(NOWHERE, "id", "secret", "token", &[], &people());
        let mut request = Vec::new();
        let used = plain.write_next(&mut request);
        assert_eq!(used.as_deref(), Some(&*"p".repeat(43)));
        let text = String::from_utf8(request.clone()).unwrap();
        assert!(text.ends_with(&"p".repeat(43)), "{text}");
        let next = "n".repeat(43);
        plain.answered(used, format!(r#"{{"refresh_token":"{next}"}}"#).as_bytes());
        let used = plain.write_next(&mut request);
        assert_eq!(used.as_deref(), Some(&*next));
        plain.answered(used, b"refused");
        assert_eq!(
            plain.write_next(&mut request),
            Some(next),
            "kept after a failure"
        );
        assert_eq!(plain.write_next(&mut request), None, "one at a time");
    }

    #[test]
    fn users_take_turns_and_no_patch_repeats_a_name() {
        let ids = ["a".to_owned(), "b".to_owned()];
        let [_, _, _, _, patch, ..] = of_meibo(NOWHERE, "id", "secret", "token", &ids, &people());
        let mut request = Vec::new();
        let seen: Vec<String> = (0..4)
            .map(|_| {
                patch.write_next(&mut request);
                let text = String::from_utf8(request.clone()).unwrap();
                format!(
                    "{} {}",
                    text.lines().next().unwrap(),
                    text.lines().last().unwrap()
                )
            })
            .collect();
        let expected = [("a", 0), ("b", 1), ("a", 2), ("b", 3)].map(|(id, serial)| {
            format!(r#"PATCH /api/users/{id} HTTP/1.1 {{"name":"Name {serial:08}"}}"#)
        });
        assert_eq!(seen, expected);
    }

    #[test]
    fn every_comparison_names_operations_that_exist() {
        let bare = of_bare(NOWHERE);
        let baselines: Vec<_> = bare
            .iter()
            .map(|operation| operation.name)
            .chain([SIGNING])
            .collect();
        let ours = of_meibo(NOWHERE, "", "", "", &[], &people()).map(|operation| operation.name);
        for comparison in COMPARISONS {
            assert!(baselines.contains(&comparison.baseline), "{comparison:?}");
        }
        let [compared @ .., apart] = ours;
        assert_eq!(COMPARISONS.map(|comparison| comparison.operation), compared);
        assert_eq!(apart, REFRESH_ID_TOKEN);
    }
}
