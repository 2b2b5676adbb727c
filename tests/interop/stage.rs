//! What a client needs to begin: a server, a person, a resource and applications.

use std::path::{Path, PathBuf};

use http::Method;
use serde_json::{Value, json};

use super::client::Client;
use crate::support::{
    fixtures::PASSWORD,
    process::{Installation, Process, free_port},
    tampering::{Defect, TamperingProxy},
    tokens::text,
};

/// The API that access tokens are asked for.
pub(super) const RESOURCE: &str = "https://shop.example/api";

/// The person who signs in.
pub(super) const USERNAME: &str = "sakura";

/// A server with a person and applications, and what a client is told of them.
pub(super) struct Stage {
    /// What a client reads from its standard input.
    pub(super) settings: Value,
    pub(super) process: Process,
    _installation: Installation,
}

/// The same behind a proxy that can spoil answers.
pub(super) struct TamperedStage {
    pub(super) stage: Stage,
    pub(super) proxy: TamperingProxy,
}

impl Stage {
    /// With a server of this installation at its public URL.
    pub(super) async fn new(installation: Installation) -> Self {
        let process = installation.serve(&[]).await;
        Self::with(installation, process).await
    }

    async fn with(installation: Installation, process: Process) -> Self {
        let person = ["--username", USERNAME, "--name", "桜", "--password-stdin"];
        let arguments = [&["user", "create"][..], &person].concat();
        installation
            .run_with_input(&arguments, PASSWORD)
            .succeeded();
        let machine = create(
            &installation,
            "machine-to-machine",
            &["--management-api"],
            &[],
        );
        let web_url = format!("http://127.0.0.1:{}", free_port());
        let web_redirect = format!("{web_url}/logto/sign-in-callback");
        let mut web = create(
            &installation,
            "traditional",
            &["--post-logout-redirect-uri", &web_url],
            &[&web_redirect],
        );
        web["url"] = json!(web_url.clone());
        web["redirectUri"] = json!(web_redirect);
        web["postLogoutUri"] = json!(web_url);
        // Another site than the server's, although both are this machine.
        let page_url = format!("http://localhost:{}", free_port());
        let page_redirect = format!("{page_url}/callback");
        let page_home = format!("{page_url}/");
        let mut page = create(
            &installation,
            "spa",
            &["--post-logout-redirect-uri", &page_home],
            &[&page_redirect],
        );
        page["url"] = json!(page_url);
        page["redirectUri"] = json!(page_redirect);
        // The port of a loopback address is the application's to choose (RFC 8252 section 7.3).
        let mut native = create(&installation, "native", &[], &["http://127.0.0.1/callback"]);
        native["redirectUri"] = json!("http://127.0.0.1:9/callback");
        let settings = json!({
            "issuer": format!("{}/oidc", installation.public_url()),
            "person": {"username": USERNAME, "password": PASSWORD},
            "machine": machine, "web": web, "page": page, "native": native,
            "resource": RESOURCE, "scope": "read:orders",
        });
        let stage = Self {
            settings,
            process,
            _installation: installation,
        };
        stage.create_resource().await;
        stage
    }

    async fn create_resource(&self) {
        let machine = &self.settings["machine"];
        let machine = crate::support::fixtures::Client {
            id: text(machine, "id").to_owned(),
            secret: Some(text(machine, "secret").to_owned()),
        };
        let remote = &self.process.remote;
        let token = remote.admin_token(&machine).await;
        let body = json!({"name": "Shop", "indicator": RESOURCE});
        let made = remote.call(&token, Method::POST, "/api/resources", &body);
        let made = made.await.unwrap().expect(201).json();
        let path = format!("/api/resources/{}/scopes", text(&made, "id"));
        let scope = json!({"name": "read:orders"});
        let made = remote.call(&token, Method::POST, &path, &scope);
        made.await.unwrap().expect(201);
    }

    /// A setting of an application, such as its `url`.
    pub(super) fn setting(&self, application: &str, name: &str) -> &str {
        text(&self.settings[application], name)
    }
}

impl TamperedStage {
    /// With the proxy at the public URL and a server of SQLite behind it. What a client notices does not depend on the
    /// database.
    pub(super) async fn new() -> Self {
        let installation = Installation::sqlite();
        let port = free_port();
        let process = installation.serve_at(port, &[]).await;
        let public_url = installation.public_url();
        let (_, public_port) = public_url.rsplit_once(':').unwrap();
        let behind = format!("http://127.0.0.1:{port}");
        let proxy = TamperingProxy::serve(public_port.parse().unwrap(), behind).await;
        let stage = Stage::with(installation, process).await;
        Self { stage, proxy }
    }

    /// Runs a client through the proxy: it succeeds while nothing is spoilt, and fails with its own error, which has
    /// the words of the row, for each defect.
    pub(super) async fn check_that_notices(&self, client: &Client, rows: &[(Defect, &str)]) {
        client.run(&self.stage.settings).await.succeeded();
        let mut offenders = Vec::new();
        for (defect, words) in rows {
            self.proxy.spoil(Some(*defect));
            let finished = client.run(&self.stage.settings).await;
            if !finished.failed_with(words) {
                offenders.push(format!(
                    "{defect:?}, {words:?} expected: {}",
                    finished.report()
                ));
            }
        }
        assert!(offenders.is_empty(), "{}", offenders.join("\n"));
    }
}

/// `meibo app create`: its id and its secret.
fn create(installation: &Installation, kind: &str, more: &[&str], redirect_uris: &[&str]) -> Value {
    let mut arguments = vec!["app", "create", "--json", "--name", "Shop", "--type", kind];
    arguments.extend(more);
    for uri in redirect_uris {
        arguments.extend(["--redirect-uri", uri]);
    }
    installation.run(&arguments).succeeded().json()
}

/// A path of the repository.
pub(super) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
