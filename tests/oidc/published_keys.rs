//! Keys that a client publishes at its own address (`jwksUri`): OpenID Connect Core section 10.1.1.

use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use futures_util::future::join_all;
use http::{StatusCode, header};
use meibo_crypto::signing_key::{SigningAlgorithm, SigningKey};
use meibo_domain::application::ApplicationType;
use serde_json::{Value, json};
use tokio::{sync::RwLock, task::JoinHandle};

use crate::{
    each_setup,
    support::{
        answer::Answer,
        assertion::{SigningClient, key_set},
        fixtures::new_application,
        process::until,
        server::TestServer,
    },
};

const MINUTE: Duration = Duration::from_secs(60);

/// A client's own server, which publishes what it is told to and counts who asks.
#[derive(Clone)]
struct KeyServer {
    address: SocketAddr,
    answer: Arc<Mutex<(StatusCode, String)>>,
    asked: Arc<AtomicUsize>,
    /// It answers while nobody writes here.
    gate: Arc<RwLock<()>>,
}

impl KeyServer {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let this = Self {
            address: listener.local_addr().unwrap(),
            answer: Arc::new(Mutex::new((StatusCode::NOT_FOUND, String::new()))),
            asked: Arc::default(),
            gate: Arc::default(),
        };
        let router = Router::new()
            .route("/jwks", get(Self::jwks))
            .with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        this
    }

    async fn jwks(State(this): State<Self>) -> impl IntoResponse {
        this.asked.fetch_add(1, Ordering::SeqCst);
        let _open = this.gate.read().await;
        let (status, body) = this.answer.lock().unwrap().clone();
        (status, [(header::LOCATION, "/jwks")], body)
    }

    fn publish(&self, keys: &[&SigningKey]) {
        self.answers(200, &Value::Object(key_set(keys)).to_string());
    }

    fn answers(&self, status: u16, body: &str) {
        *self.answer.lock().unwrap() = (StatusCode::from_u16(status).unwrap(), body.to_owned());
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A machine that publishes its key, and where.
async fn client(server: &TestServer) -> (SigningClient, KeyServer) {
    let keys = KeyServer::start().await;
    let key = Arc::new(SigningKey::generate(SigningAlgorithm::Es256).unwrap());
    keys.publish(&[&key]);
    let mut new = new_application(ApplicationType::MachineToMachine);
    new.oidc.jwks_uri = Some(format!("http://{}/jwks", keys.address));
    (server.signing_client_of(new, key).await, keys)
}

/// Asks each node once; are all of them content?
async fn are_content(server: &TestServer, client: &SigningClient, key: &SigningKey) -> bool {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let mut content = Vec::new();
    for _ in 0..nodes(server) {
        let jti = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
        let assertion = SigningClient::sign_with(key, "JWT", &client.claims(&jti));
        let answer = client.ask(server, &assertion).await;
        if answer.status != 200 {
            assert_eq!(answer.clone().expect(401).json()["error"], "invalid_client");
        }
        content.push(answer.status == 200);
    }
    assert!(content.iter().all(|one| *one == content[0]), "{content:?}");
    content[0]
}

fn nodes(server: &TestServer) -> usize {
    server.apps().count()
}

each_setup! {
    async fn oidc_core_10_1_1_a_published_set_is_read_once_and_kept_for_ten_minutes(server: TestServer) {
        let (client, keys) = client(&server).await;
        let asks = (0..20).map(|number| {
            let (server, client) = (server.clone(), client.clone());
            tokio::spawn(async move { client.ask(&server, &client.assertion(&format!("first {number}"))).await })
        });
        for answer in join_all(asks).await {
            answer.unwrap().expect(200);
        }
        assert_eq!(keys.asked(), nodes(&server), "one request at a time asks");
        server.wait(10 * MINUTE - Duration::from_millis(1));
        assert!(are_content(&server, &client, &client.key).await);
        assert_eq!(keys.asked(), nodes(&server));
        server.wait(Duration::from_millis(1));
        assert!(are_content(&server, &client, &client.key).await);
        assert_eq!(keys.asked(), 2 * nodes(&server));
    }
}

/// One request to each node.
fn ask_each(server: &TestServer, client: &SigningClient, name: &str) -> Vec<JoinHandle<Answer>> {
    let asks = (0..nodes(server)).map(|number| {
        let (server, client) = (server.clone(), client.clone());
        let assertion = client.assertion(&format!("{name} {number}"));
        tokio::spawn(async move { client.ask(&server, &assertion).await })
    });
    asks.collect()
}

each_setup! {
    async fn who_goes_away_has_asked_for_the_others(server: TestServer) {
        let (client, keys) = client(&server).await;
        let closed = Arc::clone(&keys.gate).write_owned().await;
        let leaving = ask_each(&server, &client, "leaving");
        until("each node asks", async || keys.asked() == nodes(&server)).await;
        for ask in leaving {
            ask.abort();
            assert!(ask.await.unwrap_err().is_cancelled());
        }
        let staying = ask_each(&server, &client, "staying");
        drop(closed);
        for answer in join_all(staying).await {
            answer.unwrap().expect(200);
        }
        assert_eq!(keys.asked(), nodes(&server), "its answer was not lost");
    }
}

each_setup! {
    async fn oidc_core_10_1_1_an_unknown_key_is_looked_for_every_half_minute(server: TestServer) {
        let (client, keys) = client(&server).await;
        assert!(are_content(&server, &client, &client.key).await);
        let next = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
        keys.publish(&[&client.key, &next]);
        assert!(!are_content(&server, &client, &next).await, "asked a moment ago");
        server.wait(Duration::from_secs(30));
        assert!(are_content(&server, &client, &next).await);
        assert!(are_content(&server, &client, &client.key).await);
        let asked = keys.asked();
        assert_eq!(asked, 2 * nodes(&server));
        // A stranger's keys are not looked for without end.
        let stranger = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        for _ in 0..3 {
            assert!(!are_content(&server, &client, &stranger).await);
        }
        assert_eq!(keys.asked(), asked);
        // What is taken away ends with the next look.
        keys.publish(&[&next]);
        server.wait(10 * MINUTE);
        assert!(!are_content(&server, &client, &client.key).await);
        assert!(are_content(&server, &client, &next).await);
    }
}

each_setup! {
    async fn while_the_address_does_not_answer_the_last_set_counts_for_a_day(server: TestServer) {
        let (client, keys) = client(&server).await;
        assert!(are_content(&server, &client, &client.key).await);
        keys.answers(503, "");
        for _ in 0..3 {
            server.wait(7 * 60 * MINUTE);
            assert!(are_content(&server, &client, &client.key).await);
        }
        server.wait(3 * 60 * MINUTE);
        assert!(!are_content(&server, &client, &client.key).await);
        keys.publish(&[&client.key]);
        server.wait(MINUTE);
        assert!(are_content(&server, &client, &client.key).await);
    }
}

each_setup! {
    async fn what_is_no_key_set_is_not_taken(server: TestServer) {
        let (client, keys) = client(&server).await;
        let good = Value::Object(key_set(&[&client.key]));
        let mut many = good.clone();
        many["keys"] = json!(vec![good["keys"][0].clone(); 51]);
        let mut long = good.clone();
        long["more"] = json!("x".repeat(64 * 1024));
        for (status, body) in [
            (404, good.to_string()),
            (500, good.to_string()),
            (302, good.to_string()),
            (200, String::new()),
            (200, "<html>".to_owned()),
            (200, "[]".to_owned()),
            (200, r#"{"keys": 1}"#.to_owned()),
            (200, r#"{"keys": []}"#.to_owned()),
            (200, many.to_string()),
            (200, long.to_string()),
        ] {
            keys.answers(status, &body);
            assert!(!are_content(&server, &client, &client.key).await, "{status} {body:.40}");
            server.wait(MINUTE);
        }
        keys.publish(&[&client.key]);
        assert!(are_content(&server, &client, &client.key).await);
    }
}

each_setup! {
    async fn an_address_in_the_operators_network_is_not_asked(server: TestServer) {
        let key = Arc::new(SigningKey::generate(SigningAlgorithm::Es256).unwrap());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        // The tests' servers allow 127/8 and ::1; what leads there by another name is not allowed with them.
        for host in ["0.0.0.0", "[::ffff:0.0.0.0]"] {
            let mut new = new_application(ApplicationType::MachineToMachine);
            new.oidc.jwks_uri = Some(format!("https://{host}:{port}/jwks"));
            let client = server.signing_client_of(new, Arc::clone(&key)).await;
            assert!(!are_content(&server, &client, &key).await, "{host}");
            let came = listener.accept().map_err(|error| error.kind());
            assert_eq!(came.unwrap_err(), ErrorKind::WouldBlock, "{host}");
            drop(std::net::TcpStream::connect(format!("{host}:{port}")).unwrap());
            listener.accept().expect("the address leads to the listener");
        }
    }
}
