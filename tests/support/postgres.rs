//! Fresh PostgreSQL databases, one a test, copied from a template that is migrated once.
//!
//! `scripts/with-postgres` starts one cluster for a whole run and names it in `MEIBO_TEST_POSTGRES`. Without that
//! variable this process starts its own, which takes a second more for each test.

use std::env;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio, id};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio_postgres::{Client, NoTls};
use url::Url;

const SETTING: &str = "MEIBO_TEST_POSTGRES";

/// A running cluster whose superuser we are.
pub(crate) struct PostgresCluster {
    url: Url,
    /// Holds the pipe that keeps an own cluster alive: it ends when this process does.
    _own: Option<Child>,
}

impl PostgresCluster {
    /// The cluster of this run, or one of our own, started at the first call.
    pub(crate) fn shared() -> &'static Self {
        static CLUSTER: OnceLock<PostgresCluster> = OnceLock::new();
        CLUSTER.get_or_init(|| match env::var(SETTING) {
            Ok(url) => Self {
                url: parse(&url),
                _own: None,
            },
            Err(_) => Self::start(),
        })
    }

    fn start() -> Self {
        eprintln!(
            "{SETTING} is not set: starting a PostgreSQL for this test alone (see scripts/with-postgres)"
        );
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/with-postgres");
        let mut own = Command::new(script)
            .args([
                "sh",
                "-c",
                &format!("echo \"${SETTING}\"; exec cat >/dev/null"),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/with-postgres can be started");
        let mut url = String::new();
        let stdout = own.stdout.take().expect("standard output is piped");
        BufReader::new(stdout)
            .read_line(&mut url)
            .expect("the cluster's URL can be read");
        Self {
            url: parse(url.trim()),
            _own: Some(own),
        }
    }

    /// The URL of the database `name`.
    fn url_of(&self, name: &str) -> String {
        let mut url = self.url.clone();
        url.set_path(name);
        url.into()
    }

    async fn connect(&self) -> Client {
        connect(self.url.as_str()).await
    }

    /// A database of this test alone, with the schema that `migrate` makes of an empty one.
    ///
    /// `migrate` gets the URL of the template and closes its connections before it returns. It runs once for each
    /// `schema`, whichever process comes first: name the schema by its content ([`schema_key`]).
    pub(crate) async fn fresh_database(
        &'static self,
        schema: &str,
        migrate: impl AsyncFnOnce(&str),
    ) -> TestDatabase {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let admin = self.connect().await;
        let template = format!("meibo_template_{schema}");
        self.make_template(&admin, &template, migrate).await;

        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("the clock is after 1970");
        let name = format!("meibo_test_{}_{count}_{}", id(), since.as_nanos());
        run(
            &admin,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        TestDatabase {
            url: self.url_of(&name),
            name,
            cluster: self,
        }
    }

    /// Under a lock of the cluster: a template that is marked as such is complete, any other is left of a crash.
    async fn make_template(&self, admin: &Client, name: &str, migrate: impl AsyncFnOnce(&str)) {
        let lock = number_of(name);
        run(admin, &format!("SELECT pg_advisory_lock({lock})")).await;
        let complete = "SELECT 1 FROM pg_database WHERE datistemplate AND datname = $1";
        let is_complete = admin
            .query_opt(complete, &[&name])
            .await
            .expect("templates can be listed");
        if is_complete.is_none() {
            run(
                admin,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            )
            .await;
            run(admin, &format!("CREATE DATABASE {name}")).await;
            migrate(&self.url_of(name)).await;
            run(
                admin,
                &format!("ALTER DATABASE {name} IS_TEMPLATE true ALLOW_CONNECTIONS false"),
            )
            .await;
            // A pool that is closed may still hang up; a template with a connection cannot be copied.
            let hang_up =
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
            admin
                .query(hang_up, &[&name])
                .await
                .expect("connections can be ended");
        }
        run(admin, &format!("SELECT pg_advisory_unlock({lock})")).await;
    }
}

/// A database that is dropped with this value.
pub(crate) struct TestDatabase {
    url: String,
    name: String,
    cluster: &'static PostgresCluster,
}

impl TestDatabase {
    /// `postgres://…`, for any number of connections.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    /// As well as it goes: the cluster ends with the run anyway.
    fn drop(&mut self) {
        let drop_it = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let url = self.cluster.url.to_string();
        // The test's own runtime may be shutting down, and a drop cannot wait on it.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let Ok(runtime) = runtime {
                runtime.block_on(async { run(&connect(&url).await, &drop_it).await });
            }
        });
        if dropping.join().is_err() {
            eprintln!("the database {} could not be dropped", self.name);
        }
    }
}

/// A short name for a schema, the same in every process, from the texts that make it.
pub(crate) fn schema_key<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = DefaultHasher::new();
    for text in texts {
        text.hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn number_of(name: &str) -> i64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish().cast_signed()
}

fn parse(url: &str) -> Url {
    Url::parse(url).unwrap_or_else(|why| panic!("{SETTING}={url} is no URL: {why}"))
}

/// A client whose connection is driven by the current runtime.
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .unwrap_or_else(|why| panic!("cannot connect to {url}: {why}"));
    tokio::spawn(connection);
    client
}

async fn run(client: &Client, statement: &str) {
    if let Err(why) = client.batch_execute(statement).await {
        panic!("{statement}: {why:?}");
    }
}

/// Four databases asked for at once: one migration, and none sees another's rows.
#[tokio::test(flavor = "multi_thread")]
async fn databases_share_a_template_and_nothing_else() {
    static MIGRATIONS: AtomicU64 = AtomicU64::new(0);
    async fn migrate(url: &str) {
        MIGRATIONS.fetch_add(1, Ordering::SeqCst);
        run(&connect(url).await, "CREATE TABLE notes (text TEXT)").await;
    }
    let cluster = PostgresCluster::shared();
    let own_schema = schema_key([id().to_string().as_str(), "CREATE TABLE notes"]);
    let fresh = || cluster.fresh_database(&own_schema, migrate);
    let databases: [TestDatabase; 4] = tokio::join!(fresh(), fresh(), fresh(), fresh()).into();
    assert_eq!(MIGRATIONS.load(Ordering::SeqCst), 1);

    for database in &databases {
        let client = connect(database.url()).await;
        run(&client, "INSERT INTO notes VALUES ('mine')").await;
        let rows = client.query("SELECT text FROM notes", &[]).await.unwrap();
        assert_eq!(rows.len(), 1);
    }
    let names = databases
        .each_ref()
        .map(|database| database.name.clone())
        .to_vec();
    drop(databases);
    let admin = cluster.connect().await;
    let left = "SELECT datname FROM pg_database WHERE datname = ANY($1)";
    assert!(admin.query(left, &[&names]).await.unwrap().is_empty());
    let template = format!("meibo_template_{own_schema}");
    run(
        &admin,
        &format!("ALTER DATABASE {template} IS_TEMPLATE false"),
    )
    .await;
    run(&admin, &format!("DROP DATABASE {template}")).await;
}
