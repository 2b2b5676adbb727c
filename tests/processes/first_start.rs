//! The first start: the administrator's link, and who may read the files that it makes.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use http::Method;

use crate::support::{
    fixtures::PASSWORD,
    process::{Installation, Process, Visitor, until},
};

/// The path of the link that a start printed.
async fn setup_path(installation: &Installation, process: &Process) -> String {
    let begin = format!("{}/setup/", installation.public_url());
    until("the link is printed", async || {
        process.said().contains(&begin)
    })
    .await;
    let said = process.said();
    let links: Vec<&str> = said
        .split_whitespace()
        .filter(|word| word.starts_with(&begin))
        .collect();
    assert_eq!(links.len(), 1, "{said}");
    links[0]
        .strip_prefix(&installation.public_url())
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_link_makes_one_administrator_and_no_second() {
    let installation = Installation::sqlite();
    let process = installation.serve(&[]).await;
    let former = setup_path(&installation, &process).await;
    drop(process);

    // Nobody has used it, so that the next start prints another, and only that one works.
    let process = installation.serve(&[]).await;
    let path = setup_path(&installation, &process).await;
    let mut visitor = Visitor::new(&[&process.remote]);
    visitor
        .request(Method::GET, &former, &[])
        .await
        .unwrap()
        .expect(404);
    let page = visitor
        .request(Method::GET, &path, &[])
        .await
        .unwrap()
        .expect(200);
    assert!(page.text().contains("name=\"password\""), "{}", page.text());

    let weak = [("username", "owner"), ("password", "owner")];
    visitor
        .request(Method::POST, &path, &weak)
        .await
        .unwrap()
        .expect(422);
    let fields = [("username", "owner"), ("password", PASSWORD)];
    visitor
        .request(Method::POST, &path, &fields)
        .await
        .unwrap()
        .expect(200);
    let second = [("username", "second"), ("password", PASSWORD)];
    visitor
        .request(Method::POST, &path, &second)
        .await
        .unwrap()
        .expect(404);
    visitor
        .request(Method::GET, &path, &[])
        .await
        .unwrap()
        .expect(404);
    assert!(
        !process.log().contains(path.rsplit('/').next().unwrap()),
        "the log holds the link's token"
    );

    let client = installation.create_application("spa", &[]);
    visitor.sign_in(&client, "owner").await.unwrap();
    let users = installation
        .run(&["user", "list", "--json"])
        .succeeded()
        .json();
    assert_eq!(users.as_array().unwrap().len(), 1, "{users}");

    process.terminate();
    let mut process = process;
    assert!(process.ended().await.success());
    drop(process);
    let mut process = installation.serve(&[]).await;
    process.terminate();
    assert!(process.ended().await.success());
    let said = process.said();
    assert!(
        said.contains(&installation.public_url()) && !said.contains("/setup/"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_owner_may_read_the_files() {
    let installation = Installation::sqlite();
    let _process = installation.serve(&[]).await;
    installation.create_user("sakura", PASSWORD);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&installation.data_dir()), 0o700);
    let mut names = Vec::new();
    for entry in fs::read_dir(installation.data_dir()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(
        names,
        ["meibo.db", "meibo.db-shm", "meibo.db-wal", "secret.key"]
    );
}
