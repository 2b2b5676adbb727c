//! A Meibo of our own: its database in a directory of its own, driven by its command line and its API.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::http::Connection;
use crate::http::request::{self, Request};
use crate::operation::{self, Operation, PeoplesTokens};
use crate::process::{self, Server};
use crate::sign_in::{PLAIN_SCOPE, REDIRECT_URI, SCOPE, SignIn};
use crate::storm::Crowd;

/// One password for everybody who signs in; it exists only in a database that is deleted afterwards.
const PASSWORD: &str = "tidal-Heron-48-lantern";
/// Users are made by that many connections: few enough for the queue of the hashing threads.
const SEEDING_CONNECTIONS: usize = 8;

/// A server's binary, database and address. Its address stays the same when it starts again, because
/// tokens name it.
#[derive(Debug)]
pub(crate) struct Meibo {
    binary: PathBuf,
    directory: PathBuf,
    pub(crate) address: SocketAddr,
}

/// What is in the database after seeding.
#[derive(Debug)]
pub(crate) struct Seeded {
    machine: Application,
    access_token: String,
    /// Ids of users without a password, to be read and changed.
    ids: Vec<String>,
    pub(crate) crowd: Arc<Crowd>,
    people: PeoplesTokens,
}

/// What `meibo app create --json` prints.
#[derive(Debug, Deserialize)]
struct Application {
    id: String,
    secret: Option<String>,
}

impl Meibo {
    /// A server that keeps everything in `directory`; nothing is started yet.
    ///
    /// # Errors
    /// No port is free, or the directory cannot be written.
    pub(crate) fn new(binary: &Path, directory: &Path) -> Result<Self> {
        let binary = binary
            .canonicalize()
            .with_context(|| format!("there is no {}", binary.display()))?;
        fs::create_dir_all(directory.join("data"))
            .with_context(|| format!("cannot write {}", directory.display()))?;
        Ok(Self {
            binary,
            directory: directory.to_owned(),
            address: process::free_address()?,
        })
    }

    /// Starts it, on one core or on all.
    ///
    /// # Errors
    /// It does not become healthy.
    pub(crate) fn start(&self, core: Option<usize>) -> Result<Server> {
        let mut command = self.command(&["serve"]);
        let address = self.address;
        command
            .args(["--listen", &address.to_string()])
            .args(["--public-url", &format!("http://{address}")])
            .args(["--trusted-proxies", "127.0.0.1/32"]);
        Server::start("meibo", command, core, address, &self.directory)
    }

    /// Makes applications and users beside the running server: `users` to be read and changed,
    /// `people` who can sign in, and what `grants` sign-ins of theirs gave, with an ID token and without.
    ///
    /// # Errors
    /// Whatever command or request was refused, with its words.
    pub(crate) fn seed(&self, users: usize, people: usize, grants: usize) -> Result<Seeded> {
        let machine = self.create_application(&[
            "--type",
            "machine-to-machine",
            "--name",
            "bench",
            "--management-api",
        ])?;
        let spa = self.create_application(&[
            "--type",
            "spa",
            "--name",
            "bench",
            "--redirect-uri",
            REDIRECT_URI,
        ])?;
        process::runtime()?.block_on(async {
            let access_token = self
                .access_token(&machine)
                .await
                .context("the machine's access token")?;
            let reader = |serial: usize| {
                let name = format!("Person {serial}");
                json!({ "username": format!("bench_{serial:05}"), "name": name })
            };
            let ids = self.create_users(&access_token, users, reader).await?;
            let person =
                |serial: usize| json!({ "username": person(serial), "password": PASSWORD });
            self.create_users(&access_token, people, person).await?;
            let usernames: Vec<String> = (0..people).map(self::person).collect();
            let tokens = self
                .sign_in(&usernames, &spa.id, grants)
                .await
                .context("the tokens of people")?;
            let crowd = Arc::new(Crowd::new(usernames, PASSWORD.to_owned(), spa.id));
            Ok(Seeded {
                machine,
                access_token,
                ids,
                crowd,
                people: tokens,
            })
        })
    }

    /// The operations to measure.
    pub(crate) fn operations(&self, seeded: &Seeded) -> [Operation; 9] {
        let secret = seeded.machine.secret.as_deref().unwrap_or_default();
        operation::of_meibo(
            self.address,
            &seeded.machine.id,
            secret,
            &seeded.access_token,
            &seeded.ids,
            &seeded.people,
        )
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .arg("--database")
            .arg(format!(
                "sqlite:{}",
                self.directory.join("meibo.db").display()
            ))
            .arg("--data-dir")
            .arg(self.directory.join("data"))
            .current_dir(&self.directory);
        command
    }

    fn create_application(&self, arguments: &[&str]) -> Result<Application> {
        let mut command = self.command(&["app", "create", "--json"]);
        let output = command
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .context("cannot run meibo app create")?;
        let words = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "meibo app create {}: {}: {words}",
            arguments.join(" "),
            output.status
        );
        serde_json::from_slice(&output.stdout).with_context(|| {
            format!(
                "meibo app create {} printed no id; it said: {words}",
                arguments.join(" ")
            )
        })
    }

    async fn access_token(&self, machine: &Application) -> Result<String> {
        let secret = machine
            .secret
            .as_deref()
            .context("the machine application has no secret")?;
        let request = operation::token_request(self.address, "/oidc/token", &machine.id, secret);
        let mut bytes = Vec::new();
        request::Template::new(request).fill(0, &mut bytes);
        let mut connection = Connection::open(self.address).await?;
        let answer = connection.exchange(&bytes).await?;
        let tokens: Value = serde_json::from_slice(answer.body).unwrap_or_default();
        let token = tokens.get("access_token").and_then(Value::as_str);
        token
            .map(str::to_owned)
            .with_context(|| format!("POST /oidc/token gave {}", answer.describe()))
    }

    /// Signs people in, `count` times with an ID token and as often without.
    async fn sign_in(
        &self,
        usernames: &[String],
        client_id: &str,
        count: usize,
    ) -> Result<PeoplesTokens> {
        let mut connection = Connection::open(self.address).await?;
        let mut people = PeoplesTokens {
            client_id: client_id.to_owned(),
            access_tokens: Vec::with_capacity(count),
            refresh_tokens: Vec::with_capacity(count),
            plain_refresh_tokens: Vec::with_capacity(count),
        };
        for (serial, identifier) in usernames.iter().cycle().take(count).enumerate() {
            let sign_in = SignIn {
                server: self.address,
                client_id,
                identifier,
                password: PASSWORD,
                from: &request::address(serial as u64),
            };
            let tokens = sign_in.tokens(&mut connection, SCOPE).await?;
            people.access_tokens.push(tokens.access_token);
            people.refresh_tokens.push(tokens.refresh_token);
            let plain = sign_in.tokens(&mut connection, PLAIN_SCOPE).await?;
            people.plain_refresh_tokens.push(plain.refresh_token);
        }
        Ok(people)
    }

    /// Makes `count` users by the API and gives their ids, in no order.
    async fn create_users(
        &self,
        access_token: &str,
        count: usize,
        body: impl Fn(usize) -> Value,
    ) -> Result<Vec<String>> {
        let mut makers = JoinSet::new();
        for maker in 0..SEEDING_CONNECTIONS {
            let requests: Vec<Vec<u8>> = (maker..count)
                .step_by(SEEDING_CONNECTIONS)
                .map(|serial| {
                    Request::new(
                        "POST",
                        self.address,
                        "/api/users",
                        &request::address(serial as u64),
                    )
                    .bearer(access_token)
                    .body("application/json", body(serial).to_string())
                    .encode()
                })
                .collect();
            let mut connection = Connection::open(self.address).await?;
            makers.spawn(async move {
                let mut ids = Vec::with_capacity(requests.len());
                for request in &requests {
                    let answer = connection.exchange(request).await?;
                    let user: Value = serde_json::from_slice(answer.body).unwrap_or_default();
                    let id = user
                        .get("id")
                        .and_then(Value::as_str)
                        .filter(|_| answer.is_success());
                    ids.push(
                        id.with_context(|| format!("POST /api/users gave {}", answer.describe()))?
                            .to_owned(),
                    );
                }
                Ok::<_, anyhow::Error>(ids)
            });
        }
        let mut ids = Vec::with_capacity(count);
        while let Some(made) = makers.join_next().await {
            ids.extend(made??);
        }
        Ok(ids)
    }
}

/// The time from exec to the first 200 on an existing database, once for each start.
///
/// # Errors
/// A start or a stop that fails.
pub(crate) fn measure_starts(meibo: &Meibo, starts: usize) -> Result<Vec<Duration>> {
    (0..starts)
        .map(|_| {
            let server = meibo.start(None)?;
            let started_in = server.started_in;
            server.stop()?;
            Ok(started_in)
        })
        .collect()
}

fn person(serial: usize) -> String {
    format!("person_{serial:05}")
}
