//! A PostgreSQL for tests: the one that `MEIBO_TEST_POSTGRES` names (a URL of a superuser,
//! whatever its database), or one started here and shared by the tests of this process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};

use tempfile::TempDir;
use tokio_postgres::NoTls;

/// Starts as `postgres` (the server refuses root), says `ready`, and stops when its standard input
/// is closed, which happens also when the test process is killed.
const SCRIPT: &str = r#"
    set -e
    trap '' INT
    folder=$1 bin=$2 port=$3 settings=$4
    as() { if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; else "$@"; fi; }
    if [ "$(id -u)" = 0 ]; then chown -R postgres "$folder"; fi
    cd "$folder"
    as "$bin/initdb" -D data -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >log
    as "$bin/pg_ctl" -D data -l server.log -w \
        -o "-p $port -k $folder -h 127.0.0.1 -F -N 200 $settings" start >>log
    echo ready
    read -r _ || true
    as "$bin/pg_ctl" -D data -w -m immediate stop >>log
"#;

/// A running server. It ends when this is dropped.
pub struct Server {
    url: String,
    own: Option<Own>,
    databases: AtomicU32,
}

struct Own {
    process: Child,
    folder: TempDir,
}

/// A database of its own on a server.
pub struct Database {
    /// `postgres://…/NAME`.
    pub url: String,
    server: Arc<Server>,
}

static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());

impl Server {
    /// The server that all tests of this process share.
    pub fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap();
        if let Some(running) = shared.upgrade() {
            return running;
        }
        #[allow(
            clippy::disallowed_methods,
            reason = "the test runner says where it started one"
        )]
        let given = std::env::var("MEIBO_TEST_POSTGRES").ok();
        let server = match given {
            Some(url) => {
                let server: Vec<&str> = url.split('/').take(3).collect();
                let url = server.join("/");
                Self {
                    url,
                    own: None,
                    databases: AtomicU32::new(0),
                }
            }
            None => Self::start("", |_| ()),
        };
        let server = Arc::new(server);
        *shared = Arc::downgrade(&server);
        server
    }

    /// A server with `settings` of its own, given as command line options. `prepare` may put files
    /// into its folder first.
    pub fn start(settings: &str, prepare: impl FnOnce(&Path)) -> Self {
        let folder = TempDir::new_in(fast_folder()).unwrap();
        prepare(folder.path());
        let port = free_port();
        let mut process = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(folder.path())
            .arg(programs())
            .args([&port.to_string(), settings])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut said)
            .unwrap();
        let log = fs::read_to_string(folder.path().join("server.log")).unwrap_or_default();
        assert_eq!(said, "ready\n", "PostgreSQL did not start: {log}");
        let url = format!("postgres://postgres@127.0.0.1:{port}");
        Self {
            url,
            own: Some(Own { process, folder }),
            databases: AtomicU32::new(0),
        }
    }

    /// Where the server is, without a database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Makes an empty database.
    pub async fn database(self: &Arc<Self>) -> Database {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let server = Arc::clone(self);
        let database = Database {
            url: format!("{}/{name}", self.url),
            server,
        };
        database
            .maintain(&format!("DROP DATABASE IF EXISTS {name}"))
            .await;
        database.maintain(&format!("CREATE DATABASE {name}")).await;
        database
    }
}

impl Database {
    /// Makes an empty database on the shared server.
    pub async fn new() -> Self {
        Server::shared().database().await
    }

    /// A plain connection, for what the storage API does not do.
    pub async fn connect(&self) -> tokio_postgres::Client {
        connect(&self.url).await
    }

    /// Runs a statement from outside this database.
    pub async fn maintain(&self, sql: &str) {
        let url = format!("{}/postgres", self.server.url);
        connect(&url).await.batch_execute(sql).await.unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(Own { process, folder }) = &mut self.own {
            drop(process.stdin.take());
            let ended = process.wait();
            assert!(
                ended.is_ok(),
                "the server in {} did not stop",
                folder.path().display()
            );
        }
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Memory where there is some, so that tests do not wait for a disk.
pub fn fast_folder() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    }
}

/// Debian keeps the server's programs out of `PATH`, a folder for each version.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is not installed: apt-get install postgresql")
        .map(|entry| entry.unwrap().path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().expect("no initdb below /usr/lib/postgresql")
}
