//! SIGTERM: requests under way are answered, then the process ends with 0.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use crate::support::{
    client::form,
    fixtures::Client,
    process::{Installation, until},
};

/// A token request that has been begun: the server has read its head and asks for its body.
fn begin_token_request(address: &str, body: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).unwrap();
    connection
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let head = format!(
        "POST /oidc/token HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).unwrap();
    let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut line = vec![0; go_on.len()];
    connection.read_exact(&mut line).unwrap();
    assert_eq!(line, go_on);
    connection
}

fn token_request(machine: &Client) -> String {
    form(&[
        ("grant_type", "client_credentials"),
        ("client_id", &machine.id),
        ("client_secret", machine.secret()),
        ("resource", "https://default.logto.app/api"),
        ("scope", "all"),
    ])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_under_way_is_answered_before_the_end() {
    let installation = Installation::sqlite();
    let machine = installation.create_application("machine-to-machine", &["--management-api"]);
    let mut process = installation.serve(&[]).await;
    let address = installation.public_url().replace("http://", "");
    let body = token_request(&machine);
    let mut connection = begin_token_request(&address, &body);

    process.terminate();
    until("nobody listens any longer", async || {
        TcpStream::connect(&address).is_err()
    })
    .await;
    connection.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\"access_token\""), "{answer}");
    assert_eq!(process.ended().await.code(), Some(0));
    assert!(process.log().contains("SIGTERM"), "{}", process.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_never_ends_is_cut_off() {
    let installation = Installation::sqlite();
    let machine = installation.create_application("machine-to-machine", &[]);
    let mut process = installation.serve(&["--shutdown-timeout", "0"]).await;
    let address = installation.public_url().replace("http://", "");
    let mut connection = begin_token_request(&address, &token_request(&machine));
    process.terminate();
    assert_eq!(process.ended().await.code(), Some(0));
    let mut rest = Vec::new();
    // Closed or reset: there is no answer.
    let _ = connection.read_to_end(&mut rest);
    assert_eq!(String::from_utf8_lossy(&rest), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_do_not_hold_up_the_end() {
    let installation = Installation::sqlite();
    let mut process = installation.serve(&[]).await;
    let address = installation.public_url().replace("http://", "");
    // One that has said nothing, and the kept one of the client that asked whether the server is ready.
    let _silent = TcpStream::connect(&address).unwrap();
    process.remote.get("/healthz").await.unwrap().expect(200);
    process.terminate();
    assert_eq!(process.ended().await.code(), Some(0));
    assert!(!process.log().contains("cut off"), "{}", process.log());
}

/// What waits to be written when the signal comes is written before the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buffered_activity_is_written_before_the_end() {
    let installation = Installation::sqlite();
    let machine = installation.create_application("machine-to-machine", &["--management-api"]);
    let mut process = installation.serve(&[]).await;
    for _ in 0..5 {
        process.remote.admin_token(&machine).await;
    }
    process.terminate();
    assert_eq!(process.ended().await.code(), Some(0));
    let database = rusqlite::Connection::open(installation.data_dir().join("meibo.db")).unwrap();
    let count: i64 = database
        .query_row("SELECT count(*) FROM activity_log", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 5);
}
