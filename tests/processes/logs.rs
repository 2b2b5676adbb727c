//! What is logged and measured: each request by its id, and never a secret.

use http::{Method, header};
use serde_json::{Value, json};

use crate::support::{
    browser::{VERIFIER, parameter},
    fixtures::PASSWORD,
    process::{Installation, Process, SECRET_KEY, Visitor, free_port, until},
    tokens::text,
};

/// The log line of a request, once it is written.
async fn line_of(process: &Process, request_id: &str) -> Value {
    let find = || {
        let log = process.log();
        let mut lines = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.find(|line| line["request_id"] == request_id && line.get("status").is_some())
    };
    until("the request is logged", async || find().is_some()).await;
    find().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_found_in_the_log_by_the_id_in_its_answer() {
    let process = Installation::sqlite()
        .serve(&["--trusted-proxies", "192.0.2.1"])
        .await;
    let answer = process
        .remote
        .get("/api/users/nobody?search=s3cret")
        .await
        .unwrap()
        .expect(401);
    let line = line_of(&process, answer.header("x-request-id")).await;
    assert_eq!(line["level"], "INFO");
    assert_eq!(
        (&line["method"], &line["status"]),
        (&json!("GET"), &json!(401))
    );
    assert_eq!(line["route"], "/api/users/{userId}");
    assert!(
        line["micros"].is_u64() && !line.to_string().contains("s3cret"),
        "{line}"
    );

    // Only a trusted proxy may choose the id.
    let request = process
        .remote
        .request(Method::GET, "/api/users")
        .header("x-request-id", "chosen-1");
    let answer = request.send().await.unwrap();
    assert_ne!(answer.headers()["x-request-id"], "chosen-1");
    drop(process);
    let process = Installation::sqlite()
        .serve(&["--trusted-proxies", "127.0.0.1"])
        .await;
    let request = process
        .remote
        .request(Method::GET, "/api/users")
        .header("x-request-id", "chosen-2");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["x-request-id"], "chosen-2");
    assert_eq!(line_of(&process, "chosen-2").await["status"], 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_have_a_listener_of_their_own() {
    let address = format!("127.0.0.1:{}", free_port());
    let installation = Installation::sqlite();
    let process = installation.serve(&["--metrics-listen", &address]).await;
    process.remote.get("/api/users").await.unwrap().expect(401);
    process.remote.get("/metrics").await.unwrap().expect(404);
    let url = format!("http://{address}/metrics");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(&url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()[header::CONTENT_TYPE]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    let text = answer.text().await.unwrap();
    let counted = |line: &str| {
        line.starts_with("http_") && line.contains("/api/users") && line.contains("401")
    };
    assert!(text.lines().any(counted), "{text}");
    assert!(
        text.lines()
            .any(|line| line.starts_with("process_resident_memory_bytes ")),
        "{text}"
    );
    // Nothing else is served there.
    let other = client
        .get(format!("http://{address}/api/status"))
        .send()
        .await
        .unwrap();
    assert_eq!(other.status(), 404);
}

/// Everything that somebody could use when it stood in a log: each with a name for the test's message.
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn keep(&mut self, name: &'static str, value: impl Into<String>) {
        let value = value.into();
        assert!(value.len() >= 16, "{name} is too short to be looked for");
        self.0.push((name, value));
    }
}

async fn nothing_secret_is_logged(installation: Installation, secret_key: String) {
    let process = installation.serve(&["--log-level", "trace"]).await;
    let mut secrets = Secrets(vec![("digest of a password", "$argon2".to_owned())]);
    secrets.keep("secret key", secret_key);
    secrets.keep("password", PASSWORD);
    secrets.keep("code verifier", VERIFIER);

    let machine = installation.create_application("machine-to-machine", &["--management-api"]);
    let client = installation.create_application("spa", &[]);
    installation.create_user("sakura", PASSWORD);
    secrets.keep("application secret", machine.secret.clone().unwrap());
    let mut visitor = Visitor::new(&[&process.remote]);
    let (path, _) = visitor.authorize(&client).await.unwrap().page();
    let wrong = [("identifier", "sakura"), ("password", "a wrong password")];
    visitor
        .request(Method::POST, &path, &wrong)
        .await
        .unwrap()
        .expect(422);
    secrets.keep("wrong password", "a wrong password");
    let back = visitor.sign_in(&client, "sakura").await.unwrap();
    for value in visitor.cookie_values().filter(|value| value.len() >= 16) {
        secrets.keep("cookie", value);
    }
    let code = parameter(&back, "code").unwrap();
    let tokens = process
        .remote
        .redeem(&client, &code)
        .await
        .unwrap()
        .expect(200)
        .json();
    secrets.keep("code", code);
    let refresh_token = text(&tokens, "refresh_token");
    let refreshed = process
        .remote
        .refresh(&client, refresh_token)
        .await
        .unwrap()
        .expect(200)
        .json();
    for (name, body) in [("first tokens", &tokens), ("next tokens", &refreshed)] {
        for member in ["access_token", "refresh_token", "id_token"] {
            secrets.keep(name, text(body, member));
        }
    }
    let access_token = text(&refreshed, "access_token");
    process
        .remote
        .get_as(access_token, "/oidc/me")
        .await
        .unwrap()
        .expect(200);

    let admin = process.remote.admin_token(&machine).await;
    let claims = process
        .remote
        .get_as(access_token, "/oidc/me")
        .await
        .unwrap()
        .expect(200)
        .json();
    let user = format!("/api/users/{}", text(&claims, "sub"));
    process
        .remote
        .call(&admin, Method::PATCH, &user, &json!({"name": "桜"}))
        .await
        .unwrap()
        .expect(200);
    let password = json!({"password": "another fine password"});
    process
        .remote
        .call(
            &admin,
            Method::PATCH,
            &format!("{user}/password"),
            &password,
        )
        .await
        .unwrap()
        .expect(200);
    secrets.keep("new password", "another fine password");
    // Refused bodies and malformed requests are logged with a reason, never with their content.
    let bad = json!({"password": {"s": "a misplaced password"}});
    process
        .remote
        .call(&admin, Method::PATCH, &format!("{user}/password"), &bad)
        .await
        .unwrap()
        .expect(400);
    secrets.keep("misplaced password", "a misplaced password");
    process
        .remote
        .redeem(&client, "an-unknown-authorization-code")
        .await
        .unwrap()
        .expect(400);
    secrets.keep("unknown code", "an-unknown-authorization-code");
    secrets.keep("machine token", admin);

    let mut process = process;
    process.terminate();
    assert!(process.ended().await.success());
    let log = process.log();
    assert!(
        log.lines()
            .any(|line| line.contains("\"TRACE\"") || line.contains("\"DEBUG\"")),
        "nothing was looked at"
    );
    assert!(
        log.contains("/oidc/token"),
        "the requests are not in the log"
    );
    let said = process.said();
    for (name, secret) in &secrets.0 {
        let line = log
            .lines()
            .chain(said.lines())
            .find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "the {name} was logged");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_secret_is_logged_even_at_trace_on_sqlite() {
    let installation = Installation::sqlite();
    installation.run(&["migrate"]).succeeded();
    installation.run(&["user", "list"]).succeeded();
    let secret_key = std::fs::read_to_string(installation.data_dir().join("secret.key")).unwrap();
    nothing_secret_is_logged(installation, secret_key.trim().to_owned()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_secret_is_logged_even_at_trace_on_postgres() {
    nothing_secret_is_logged(Installation::postgres().await, SECRET_KEY.to_owned()).await;
}
