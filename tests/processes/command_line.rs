//! `meibo user` and `meibo app` beside a running server: what they make is there at once.

use http::Method;
use serde_json::{Value, json};

use crate::support::{
    browser::parameter,
    fixtures::{Client, PASSWORD, REDIRECT_URI},
    process::{Installation, Process, Visitor},
    tokens::text,
};

/// Runs a test body on both databases, with a server that runs.
macro_rules! beside_a_server {
    ($(#[$meta:meta])* async fn $name:ident($installation:ident: Installation, $process:ident: Process) $body:block) => {
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn story($installation: Installation) {
                let $process = $installation.serve(&[]).await;
                $body
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story(Installation::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                story(Installation::postgres().await).await;
            }
        }
    };
}

/// Posts the sign-in page as somebody, and gives the status of what follows.
async fn sign_in(process: &Process, client: &Client, identifier: &str, password: &str) -> u16 {
    let mut visitor = Visitor::new(&[&process.remote]);
    let (path, _) = visitor.authorize(client).await.unwrap().page();
    let fields = [("identifier", identifier), ("password", password)];
    visitor
        .request(Method::POST, &path, &fields)
        .await
        .unwrap()
        .status
        .as_u16()
}

beside_a_server! {
    async fn people_made_by_command_can_sign_in(installation: Installation, process: Process) {
        let client = installation.create_application("spa", &[]);
        let given = ["user", "create", "--username", "sakura", "--name", "桜", "--password-stdin", "--json"];
        let made = installation.run_with_input(&given, &format!("{PASSWORD}\n")).succeeded().json();
        assert_eq!(made["username"], "sakura");
        assert_eq!((&made["primaryEmail"], &made["password"]), (&Value::Null, &Value::Null));
        assert_eq!(sign_in(&process, &client, "sakura", PASSWORD).await, 303);

        let generated = ["user", "create", "--email", "kaede@example.com", "--json"];
        let made = installation.run(&generated).succeeded().json();
        let password = text(&made, "password");
        assert_eq!(sign_in(&process, &client, "kaede@example.com", password).await, 303);

        let changed = installation.run(&["user", "set-password", "kaede@example.com", "--json"]).succeeded().json();
        assert_eq!(changed["id"], made["id"]);
        assert_eq!(sign_in(&process, &client, "kaede@example.com", text(&changed, "password")).await, 303);
        assert_eq!(sign_in(&process, &client, "kaede@example.com", password).await, 422);

        let listed = installation.run(&["user", "list", "--json", "--page-size", "1"]).succeeded().json();
        assert_eq!(listed.as_array().unwrap().len(), 1);
        let member = &listed[0];
        assert_eq!((&member["id"], &member["primaryEmail"]), (&made["id"], &json!("kaede@example.com")));
        assert!(member["lastSignInAt"].as_i64() >= member["createdAt"].as_i64(), "{member}");
        let found = installation.run(&["user", "list", "--json", "--search", "sakur"]).succeeded().json();
        assert_eq!(found[0]["name"], "桜");
    }
}

beside_a_server! {
    async fn applications_made_by_command_work_at_once(installation: Installation, process: Process) {
        installation.create_user("sakura", PASSWORD);
        for (kind, has_secret) in [("traditional", true), ("spa", false), ("native", false)] {
            // Nobody knows it yet, and that must not be remembered.
            let unknown = Client { id: format!("{kind}-app"), secret: None };
            let mut visitor = Visitor::new(&[&process.remote]);
            assert_eq!(visitor.authorize(&unknown).await.unwrap().page().1.status, 400, "{kind}");

            let client = installation.create_application(kind, &["--id", &unknown.id]);
            assert_eq!((client.id.as_str(), client.secret.is_some()), (unknown.id.as_str(), has_secret));
            let back = visitor.sign_in(&client, "sakura").await.unwrap();
            assert!(back.as_str().starts_with(REDIRECT_URI), "{back}");
            process.remote.redeem(&client, &parameter(&back, "code").unwrap()).await.unwrap().expect(200);
        }
        let machine = installation.create_application("machine-to-machine", &["--management-api"]);
        let token = process.remote.admin_token(&machine).await;
        let listed = process.remote.get_as(&token, "/api/applications").await.unwrap().expect(200).json();
        assert_eq!(listed.as_array().unwrap().len(), 4);
        assert_eq!(listed[0]["id"], machine.id.as_str());

        let powerless = installation.create_application("machine-to-machine", &[]);
        let token = process.remote.admin_token(&powerless).await;
        process.remote.get_as(&token, "/api/applications").await.unwrap().expect(403);
    }
}

beside_a_server! {
    async fn the_json_of_an_application_is_its_id_and_its_secret(installation: Installation, process: Process) {
        let create = |kind: &str| {
            let line = ["app", "create", "--type", kind, "--name", "N", "--redirect-uri", REDIRECT_URI, "--json"];
            installation.run(&line).succeeded()
        };
        let traditional = create("traditional");
        assert_eq!(traditional.stdout.lines().count(), 1);
        let traditional = traditional.json();
        let members: Vec<&String> = traditional.as_object().unwrap().keys().collect();
        assert_eq!(members, ["id", "secret"]);
        assert!(text(&traditional, "secret").len() >= 32);
        let spa = create("spa").json();
        assert_eq!(spa, json!({"id": text(&spa, "id"), "secret": null}));
        // The server has not been told, and knows.
        let client = Client { id: text(&spa, "id").to_owned(), secret: None };
        let (path, _) = Visitor::new(&[&process.remote]).authorize(&client).await.unwrap().page();
        assert!(path.starts_with("/sign-in?"), "{path}");
    }
}

#[test]
fn what_cannot_be_made_is_said_and_not_made() {
    let installation = Installation::sqlite();
    installation.create_user("sakura", PASSWORD);
    installation.create_application("spa", &["--id", "taken"]);
    for (line, expected) in [
        (
            &["user", "create", "--username", "sakura", "--json"][..],
            "username",
        ),
        (&["user", "create", "--username", "7sakura"], "username"),
        (&["user", "create", "--email", "nobody"], "email"),
        (&["user", "set-password", "nobody"], "nobody"),
        (
            &[
                "app", "create", "--type", "spa", "--name", "N", "--id", "taken",
            ],
            "id",
        ),
        (
            &[
                "app",
                "create",
                "--type",
                "spa",
                "--name",
                "N",
                "--management-api",
            ],
            "machine",
        ),
        (
            &[
                "app",
                "create",
                "--type",
                "spa",
                "--name",
                "N",
                "--redirect-uri",
                "https://*.example/",
            ],
            "redirect",
        ),
        (&["app", "create", "--type", "spa", "--name", ""], "name"),
    ] {
        let ran = installation.run(line).failed(1);
        assert!(
            ran.stderr.to_lowercase().contains(expected),
            "{line:?}: {}",
            ran.stderr
        );
        assert_eq!(ran.stdout, "");
    }
    let weak = ["user", "create", "--username", "kaede", "--password-stdin"];
    let ran = installation.run_with_input(&weak, "kaede1").failed(1);
    assert!(
        ran.stderr.contains("fewer than 8") && !ran.stderr.contains("kaede1"),
        "{}",
        ran.stderr
    );
    for (line, expected) in [
        (
            &["app", "create", "--type", "web", "--name", "N"][..],
            "machine-to-machine",
        ),
        (&["app", "create", "--type", "spa"], "--name"),
        (&["user", "create"], "--username"),
        (
            &["user", "create", "--username", "a", "--colour", "red"],
            "--colour",
        ),
    ] {
        let ran = installation.run(line).failed(2);
        assert!(ran.stderr.contains(expected), "{line:?}: {}", ran.stderr);
    }
    let users = installation
        .run(&["user", "list", "--json"])
        .succeeded()
        .json();
    assert_eq!(users.as_array().unwrap().len(), 1);
    let applications = installation
        .run(&["app", "list", "--json"])
        .succeeded()
        .json();
    assert_eq!(applications.as_array().unwrap().len(), 1);
}
