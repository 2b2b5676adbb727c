//! The service in this process: the real router on a real database, with a clock that stands and
//! randomness from a seed. One node on SQLite, one on PostgreSQL, or two on one PostgreSQL that take
//! alternate requests.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use meibo_app::{App, AppConfig, SecretKeySource, SignInRate, StartError};
use meibo_crypto::{
    entropy::Entropy,
    password::{PasswordHasherConfig, PasswordParams},
    seal::MasterKey,
};
use meibo_domain::{
    actor::{Actor, Subject},
    message_limits::MessageLimits,
    password::PasswordPolicy,
    session::SessionLimits,
    time::{Clock, Timestamp},
};
use meibo_outbound::{OutboundAllow, OutboundConfig};
use meibo_store::{
    db::{DatabaseConfig, FaultInjection},
    migrations::MIGRATIONS,
};
use meibo_web::WebConfig;
use tower::ServiceExt as _;
use url::Url;

use super::{
    answer::Answer,
    postgres::{PostgresCluster, TestDatabase, schema_key},
};

/// Where every test's clock stands at first: 2026-01-02T03:04:05Z.
pub(crate) const START: Timestamp = Timestamp(1_767_323_045_000);

/// The address that the service believes to be reached by.
pub(crate) const PUBLIC_URL: &str = "http://id.example";

/// The secret key of every test's register, so that registers can be copied from a template.
pub(crate) const SECRET_KEY: &str = "dGVzdHMgaGF2ZSBubyBzZWNyZXRzIGF0IGFsbC4uLi4=";

/// The database behind the nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setup {
    Sqlite,
    Postgres,
    TwoNodes,
}

/// Runs a test body on every setup: `each_setup!(name, |server| async { … })`.
#[macro_export]
macro_rules! each_setup {
    ($(#[$meta:meta])* async fn $name:ident($server:ident: $type:ty) $body:block) => {
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn story($server: $type) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story($crate::support::server::TestServer::start($crate::support::server::Setup::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                story($crate::support::server::TestServer::start($crate::support::server::Setup::Postgres).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn two_nodes() {
                story($crate::support::server::TestServer::start($crate::support::server::Setup::TwoNodes).await).await;
            }
        }
    };
}

/// The service under test. Clones share everything.
#[derive(Clone)]
pub(crate) struct TestServer {
    nodes: Arc<Vec<Node>>,
    turn: Arc<AtomicUsize>,
    pub(crate) clock: Clock,
    pub(crate) setup: Setup,
    pub(crate) database_url: String,
    /// Makes the SQLite writer fail on purpose.
    pub(crate) faults: FaultInjection,
    _database: Arc<Database>,
}

struct Node {
    app: App,
    router: Router,
}

impl Node {
    fn new(app: App, public_url: &str) -> Self {
        let config = WebConfig {
            trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
            public_url: Url::parse(public_url).unwrap(),
        };
        Self {
            router: meibo_web::router(app.clone(), config),
            app,
        }
    }
}

#[allow(dead_code, reason = "held until the test ends")]
enum Database {
    File(tempfile::TempDir),
    Postgres(TestDatabase),
    Elsewhere,
}

impl TestServer {
    pub(crate) async fn start(setup: Setup) -> Self {
        Self::start_at(setup, PUBLIC_URL).await
    }

    /// A service that believes to be reached at `public_url`.
    pub(crate) async fn start_at(setup: Setup, public_url: &str) -> Self {
        Self::start_with(setup, public_url, false).await
    }

    /// A service with the inbox of the demo.
    pub(crate) async fn start_demo(setup: Setup) -> Self {
        Self::start_with(setup, PUBLIC_URL, true).await
    }

    async fn start_with(setup: Setup, public_url: &str, has_inbox: bool) -> Self {
        let clock = Clock::manual(START);
        let faults = FaultInjection::default();
        let (database, url) = match setup {
            Setup::Sqlite => {
                let folder = tempfile::tempdir_in("/dev/shm").unwrap();
                let file = folder.path().join("meibo.db");
                std::fs::copy(sqlite_template().await, &file).unwrap();
                (Database::File(folder), format!("sqlite:{}", file.display()))
            }
            Setup::Postgres | Setup::TwoNodes => {
                let schema = schema_key(MIGRATIONS.iter().map(|migration| migration.sql));
                let database = PostgresCluster::shared()
                    .fresh_database(&schema, async |url| prepare(url).await)
                    .await;
                let url = database.url().to_owned();
                (Database::Postgres(database), url)
            }
        };
        let nodes = open_nodes(setup, &url, (public_url, has_inbox), &clock, &faults).await;
        Self {
            nodes: Arc::new(nodes),
            turn: Arc::default(),
            clock,
            setup,
            database_url: url,
            faults,
            _database: Arc::new(database),
        }
    }

    /// One node on a PostgreSQL database of the test's own, migrated when it is empty.
    pub(crate) async fn on(database_url: &str) -> Self {
        let (setup, clock, faults) = (
            Setup::Postgres,
            Clock::manual(START),
            FaultInjection::default(),
        );
        let nodes = open_nodes(setup, database_url, (PUBLIC_URL, false), &clock, &faults).await;
        Self {
            nodes: Arc::new(nodes),
            turn: Arc::default(),
            clock,
            setup,
            database_url: database_url.to_owned(),
            faults,
            _database: Arc::new(Database::Elsewhere),
        }
    }

    /// New nodes on the same database and clock, as after a restart.
    pub(crate) async fn restarted(&self) -> Self {
        let nodes = open_nodes(
            self.setup,
            &self.database_url,
            (PUBLIC_URL, false),
            &self.clock,
            &self.faults,
        )
        .await;
        Self {
            nodes: Arc::new(nodes),
            turn: Arc::default(),
            ..self.clone()
        }
    }

    /// New nodes on the same database and clock, with other limits of messages.
    pub(crate) async fn with_message_limits(&self, message_limits: MessageLimits) -> Self {
        let mut nodes = Vec::new();
        for _ in 0..self.nodes.len() {
            let (seed, cache_age) = (next_seed(), Duration::ZERO);
            let (url, reached, clock) = (&self.database_url, (PUBLIC_URL, false), &self.clock);
            let config = AppConfig {
                message_limits: message_limits.clone(),
                ..config(
                    url,
                    reached,
                    clock.clone(),
                    seed,
                    &self.faults,
                    SECRET_KEY,
                    cache_age,
                )
            };
            nodes.push(Node::new(App::open(config).await.unwrap(), PUBLIC_URL));
        }
        Self {
            nodes: Arc::new(nodes),
            turn: Arc::default(),
            ..self.clone()
        }
    }

    /// The use cases of the first node.
    pub(crate) fn app(&self) -> &App {
        &self.nodes[0].app
    }

    /// The use cases of every node.
    pub(crate) fn apps(&self) -> impl Iterator<Item = &App> {
        self.nodes.iter().map(|node| &node.app)
    }

    /// Another node on the same database, started with this secret key.
    pub(crate) async fn reopen(&self, secret_key: &str) -> Result<App, StartError> {
        try_open(
            &self.database_url,
            (PUBLIC_URL, false),
            self.clock.clone(),
            next_seed(),
            &self.faults,
            secret_key,
            Duration::ZERO,
        )
        .await
    }

    /// Another node on the same database and clock, whose cached configuration may be so old.
    pub(crate) async fn node_with_cache(&self, cache_age: Duration) -> App {
        let (url, clock) = (&self.database_url, self.clock.clone());
        let opened = try_open(
            url,
            (PUBLIC_URL, false),
            clock,
            next_seed(),
            &self.faults,
            SECRET_KEY,
            cache_age,
        );
        opened.await.unwrap()
    }

    /// Hashes made or checked by all nodes.
    pub(crate) fn hashes(&self) -> u64 {
        self.apps().map(App::hashes).sum()
    }

    /// Moves the clock of all nodes.
    pub(crate) fn wait(&self, duration: Duration) {
        self.clock.advance(duration);
    }

    /// Sends a request to the node whose turn it is, from 192.0.2.10 unless the request says
    /// otherwise by its own `ConnectInfo`.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        let turn = self.turn.fetch_add(1, Ordering::SeqCst) % self.nodes.len();
        if request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .is_none()
        {
            let peer: SocketAddr = "192.0.2.10:40000".parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let response = self.nodes[turn]
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap();
        Answer::read(response).await
    }
}

/// Somebody at the command line.
pub(crate) fn operator() -> Actor {
    Actor::new(Subject::Operator)
}

async fn open_nodes(
    setup: Setup,
    database_url: &str,
    (public_url, has_inbox): (&str, bool),
    clock: &Clock,
    faults: &FaultInjection,
) -> Vec<Node> {
    let count = if setup == Setup::TwoNodes { 2 } else { 1 };
    let mut nodes = Vec::new();
    for _ in 0..count {
        let reached = (public_url, has_inbox);
        let app = open(database_url, reached, clock.clone(), next_seed(), faults).await;
        nodes.push(Node::new(app, public_url));
    }
    nodes
}

/// Another seed for each node of this process, so that no two make the same ids.
fn next_seed() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1000);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

async fn open(
    url: &str,
    reached: (&str, bool),
    clock: Clock,
    seed: u64,
    faults: &FaultInjection,
) -> App {
    let cache_age = Duration::ZERO;
    try_open(url, reached, clock, seed, faults, SECRET_KEY, cache_age)
        .await
        .unwrap()
}

async fn try_open(
    url: &str,
    reached: (&str, bool),
    clock: Clock,
    seed: u64,
    faults: &FaultInjection,
    secret_key: &str,
    cache_age: Duration,
) -> Result<App, StartError> {
    App::open(config(
        url, reached, clock, seed, faults, secret_key, cache_age,
    ))
    .await
}

fn config(
    url: &str,
    (public_url, has_inbox): (&str, bool),
    clock: Clock,
    seed: u64,
    faults: &FaultInjection,
    secret_key: &str,
    cache_age: Duration,
) -> AppConfig {
    AppConfig {
        database: DatabaseConfig::parse(url)
            .unwrap()
            .with_faults(faults.clone()),
        secret_key: SecretKeySource::Given(MasterKey::parse(secret_key).unwrap()),
        public_url: Url::parse(public_url).unwrap(),
        clock,
        entropy: Entropy::seeded(seed),
        hashing: PasswordHasherConfig {
            threads: 2,
            params: PasswordParams::CHEAP,
            ..PasswordHasherConfig::default()
        },
        cache_age,
        password_policy: PasswordPolicy::default(),
        sign_in_rate: SignInRate {
            per_second: 1000,
            burst: 1000,
        },
        outbound: OutboundConfig {
            allow: OutboundAllow::loopback(),
            ..OutboundConfig::default()
        },
        session_limits: SessionLimits::default(),
        message_limits: MessageLimits::default(),
        has_inbox,
    }
}

/// A register with its keys and nothing else, made once for each schema and shared by all processes.
async fn sqlite_template() -> PathBuf {
    let schema = schema_key(MIGRATIONS.iter().map(|migration| migration.sql));
    let template = PathBuf::from(format!("/dev/shm/meibo-template-{schema}.db"));
    if template.exists() {
        return template;
    }
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let file = folder.path().join("template.db");
    prepare(&format!("sqlite:{}", file.display())).await;
    // Whoever comes second puts the same content in the same place.
    std::fs::rename(&file, &template).unwrap();
    template
}

async fn prepare(url: &str) {
    open(
        url,
        (PUBLIC_URL, false),
        Clock::manual(START),
        1,
        &FaultInjection::default(),
    )
    .await
    .close()
    .await;
}
