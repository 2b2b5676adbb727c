//! `meibo secret-key rotate` beside a running server: what was given before still works, and so does what comes after.

use std::{fs, os::unix::fs::PermissionsExt as _};

use http::Method;
use meibo_domain::ids::ApplicationId;
use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::parameter,
        fixtures::{Client, PASSWORD},
        process::{Installation, Process, SECRET_KEY, Visitor},
        server::{TestServer, operator},
        tokens::text,
    },
};

/// What was given before a rotation.
struct Given {
    machine: Client,
    admin_token: String,
    application: Client,
    refresh_token: String,
    access_token: String,
}

impl Given {
    async fn before(installation: &Installation, process: &Process) -> Self {
        let machine = installation.create_application("machine-to-machine", &["--management-api"]);
        let application = installation.create_application("spa", &[]);
        installation.create_user("sakura", PASSWORD);
        let back = Visitor::new(&[&process.remote])
            .sign_in(&application, "sakura")
            .await
            .unwrap();
        let code = parameter(&back, "code").unwrap();
        let tokens = process
            .remote
            .redeem(&application, &code)
            .await
            .unwrap()
            .expect(200)
            .json();
        Self {
            admin_token: process.remote.admin_token(&machine).await,
            refresh_token: text(&tokens, "refresh_token").to_owned(),
            access_token: text(&tokens, "access_token").to_owned(),
            machine,
            application,
        }
    }

    /// All of it still works, and new secrets can be made and read.
    async fn still_works(&mut self, process: &Process, name: &str) {
        let remote = &process.remote;
        remote
            .get_as(&self.access_token, "/oidc/me")
            .await
            .unwrap()
            .expect(200);
        let tokens = remote
            .refresh(&self.application, &self.refresh_token)
            .await
            .unwrap()
            .expect(200)
            .json();
        text(&tokens, "refresh_token").clone_into(&mut self.refresh_token);
        remote
            .get_as(&self.admin_token, "/api/users")
            .await
            .unwrap()
            .expect(200);
        remote.admin_token(&self.machine).await;

        let path = format!("/api/applications/{}/secrets", self.machine.id);
        let made = remote
            .call(
                &self.admin_token,
                Method::POST,
                &path,
                &json!({"name": name}),
            )
            .await
            .unwrap();
        let made = text(&made.expect(201).json(), "value").to_owned();
        remote
            .admin_token(&Client {
                id: self.machine.id.clone(),
                secret: Some(made.clone()),
            })
            .await;
        let listed = remote
            .get_as(&self.admin_token, &path)
            .await
            .unwrap()
            .expect(200)
            .json();
        let values: Vec<&str> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|secret| text(secret, "value"))
            .collect();
        assert!(
            values.contains(&self.machine.secret()) && values.contains(&made.as_str()),
            "{listed}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_data_key_is_taken_up_by_a_running_server() {
    let installation = Installation::sqlite();
    let process = installation.serve(&[]).await;
    let mut given = Given::before(&installation, &process).await;
    for name in ["first", "second"] {
        let ran = installation.run(&["secret-key", "rotate"]).succeeded();
        assert!(
            ran.stdout.contains("sealed anew") && !ran.stdout.contains("restart"),
            "{ran:?}"
        );
        given.still_works(&process, name).await;
    }
    drop(process);
    let process = installation.serve(&[]).await;
    given.still_works(&process, "third").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_secret_key_takes_the_place_of_the_file() {
    let installation = Installation::sqlite();
    let process = installation.serve(&[]).await;
    let mut given = Given::before(&installation, &process).await;
    let file = installation.data_dir().join("secret.key");
    let former = fs::read_to_string(&file).unwrap();
    let new = installation
        .run(&["secret-key", "generate"])
        .succeeded()
        .stdout;
    let new_file = installation.path("new.key");
    fs::write(&new_file, &new).unwrap();

    let rotate = [
        "secret-key",
        "rotate",
        "--new-secret-key-file",
        new_file.to_str().unwrap(),
    ];
    let ran = installation.run(&rotate).succeeded();
    assert!(ran.stdout.contains("restart"), "{ran:?}");
    assert!(!format!("{ran:?}").contains(new.trim()), "{ran:?}");
    assert_eq!(fs::read_to_string(&file).unwrap().trim(), new.trim());
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    given.still_works(&process, "before the restart").await;
    drop(process);
    let process = installation.serve(&[]).await;
    given.still_works(&process, "after the restart").await;
    drop(process);

    fs::write(&file, former).unwrap();
    let refused = installation
        .run(&["serve", "--listen", "127.0.0.1:0"])
        .failed(1);
    assert!(refused.stderr.contains("secret-key"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_on_postgres_are_restarted_with_the_new_key() {
    let installation = Installation::postgres().await;
    let process = installation.serve(&[]).await;
    let mut given = Given::before(&installation, &process).await;
    let new = installation
        .run(&["secret-key", "generate"])
        .succeeded()
        .stdout
        .trim()
        .to_owned();
    installation
        .run(&["secret-key", "rotate", "--new-secret-key", &new])
        .succeeded();
    given.still_works(&process, "before the restart").await;
    drop(process);

    for command in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["user", "list"],
        &["check"],
    ] {
        let refused = installation.run(command).failed(1);
        let said = format!("{}{}", refused.stdout, refused.stderr);
        assert!(
            said.contains("secret-key") && !said.contains(SECRET_KEY),
            "{refused:?}"
        );
    }
    let process = installation
        .variable("MEIBO_SECRET_KEY", &new)
        .serve(&[])
        .await;
    given.still_works(&process, "after the restart").await;
}

each_setup! {
    /// The nodes hold the former data key in memory, and it is deleted at the end of the rotation.
    async fn secrets_made_during_a_rotation_stay_readable(server: TestServer) {
        let mut applications = Vec::new();
        let mut expected = Vec::new();
        for _ in 0..8 {
            let machine = server.machine(false).await;
            applications.push(ApplicationId::parse(machine.id.as_str()).unwrap());
            expected.push(machine.secret().to_owned());
        }
        let rotation = server.app().rotate_data_key();
        let making = async {
            let mut made = Vec::new();
            for number in 0..40 {
                for (node, app) in server.apps().enumerate() {
                    let name = format!("made-{number}-{node}");
                    let id = &applications[number % applications.len()];
                    made.push(app.create_secret(&operator(), id, name, None).await.unwrap().value);
                }
            }
            made
        };
        let (report, made) = tokio::join!(rotation, making);
        assert_eq!(report.unwrap().removed_keys, 1);
        let late = server.apps().last().unwrap().create_secret(&operator(), &applications[0], "late".to_owned(), None).await;
        expected.extend(made);
        expected.push(late.unwrap().value);
        for node in server.apps().chain(server.restarted().await.apps()) {
            let mut values = Vec::new();
            for id in &applications {
                let listed = node.list_secrets(&operator(), id).await.unwrap();
                values.extend(listed.into_iter().map(|secret| secret.value));
            }
            assert_eq!(values.len(), expected.len());
            values.retain(|value| !expected.contains(value));
            assert_eq!(values, [""; 0]);
        }
    }
}
