//! What is measured: requests that are alike, where they go, and what they are compared with.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, ensure};

use crate::http::Connection;
use crate::http::request::{ADDRESS, Request, SERIAL, Template};

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
        }
    }

    /// Replaces `into` by the next request; the templates take turns.
    pub(crate) fn write_next(&self, into: &mut Vec<u8>) {
        let serial = self.next.fetch_add(1, Ordering::Relaxed);
        let turn = serial
            .checked_rem(self.templates.len() as u64)
            .unwrap_or_default();
        if let Some(template) = self.templates.get(turn as usize) {
            template.fill(serial, into);
        }
    }

    /// Sends one request and looks at the answer before anything is measured.
    ///
    /// # Errors
    /// The answer is not the right one: its status and the beginning of its body.
    pub(crate) async fn try_once(&self) -> Result<()> {
        let mut request = Vec::new();
        self.write_next(&mut request);
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

/// What each of Meibo's operations may cost.
pub(crate) const COMPARISONS: [Comparison; 5] = [
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
];

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

/// The operations of Meibo: by the machine application `client_id`, over the users `ids`.
pub(crate) fn of_meibo(
    address: SocketAddr,
    client_id: &str,
    client_secret: &str,
    access_token: &str,
    ids: &[String],
) -> [Operation; 5] {
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
    ]
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

    #[test]
    fn users_take_turns_and_no_patch_repeats_a_name() {
        let ids = ["a".to_owned(), "b".to_owned()];
        let [.., patch] = of_meibo(NOWHERE, "id", "secret", "token", &ids);
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
        let ours = of_meibo(NOWHERE, "", "", "", &[]).map(|operation| operation.name);
        for comparison in COMPARISONS {
            assert!(baselines.contains(&comparison.baseline), "{comparison:?}");
        }
        assert_eq!(COMPARISONS.map(|comparison| comparison.operation), ours);
    }
}
