//! Two processes on one PostgreSQL that are asked for the same thing at the same moment.

use std::{
    collections::BTreeSet,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use futures_util::future::join_all;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use super::two_nodes::is_refused_within_the_bound;
use crate::support::{
    answer::Answer,
    browser::parameter,
    fixtures::{Client, PASSWORD},
    process::{Installation, Process, Remote, Visitor, free_port},
    tokens::text,
};

/// Requests at once, half of them to each node.
const AT_ONCE: usize = 40;

/// More uses than fit into the time of one change.
const MOST_USES: usize = 2_000;

struct Nodes {
    installation: Installation,
    first: Process,
    second: Process,
}

impl Nodes {
    async fn start() -> Self {
        let installation = Installation::postgres().await;
        let first = installation.serve(&[]).await;
        let second = installation.serve_at(free_port(), &[]).await;
        installation.create_user("sakura", PASSWORD);
        Self {
            installation,
            first,
            second,
        }
    }

    fn both(&self) -> [&Remote; 2] {
        [&self.first.remote, &self.second.remote]
    }

    async fn code(&self, client: &Client) -> String {
        let back = Visitor::new(&self.both())
            .sign_in(client, "sakura")
            .await
            .unwrap();
        parameter(&back, "code").unwrap()
    }

    async fn tokens(&self, client: &Client) -> Value {
        let code = self.code(client).await;
        let answer = self.second.remote.redeem(client, &code).await.unwrap();
        answer.expect(200).json()
    }

    async fn admin(&self) -> String {
        let machine = self
            .installation
            .create_application("machine-to-machine", &["--management-api"]);
        self.first.remote.admin_token(&machine).await
    }

    /// The answers to one request that is sent to both nodes many times at once.
    async fn all_at_once<F>(&self, ask: impl Fn(Remote) -> F) -> Vec<Answer>
    where
        F: Future<Output = reqwest::Result<Answer>> + Send + 'static,
    {
        let nodes = self.both();
        let asked = (0..AT_ONCE).map(|number| tokio::spawn(ask(nodes[number % 2].clone())));
        let asked: Vec<_> = asked.collect();
        join_all(asked)
            .await
            .into_iter()
            .map(|answer| answer.unwrap().unwrap())
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rfc6749_10_5_a_code_that_two_processes_are_asked_for_has_one_success() {
    let nodes = Nodes::start().await;
    let client = nodes.installation.create_application("spa", &[]);
    for round in 0..3 {
        let code = nodes.code(&client).await;
        let answers = nodes
            .all_at_once(|node| {
                let (client, code) = (client.clone(), code.clone());
                async move { node.redeem(&client, &code).await }
            })
            .await;
        let (won, lost): (Vec<&Answer>, Vec<&Answer>) =
            answers.iter().partition(|answer| answer.status == 200);
        assert_eq!((won.len(), lost.len()), (1, AT_ONCE - 1), "round {round}");
        for answer in lost {
            assert_eq!(answer.json()["error"], "invalid_grant", "{}", answer.text());
        }
        // Every loser was a second use: what the winner got is gone, on both nodes.
        let tokens = won[0].json();
        for node in nodes.both() {
            let refused = node
                .get_as(text(&tokens, "access_token"), "/oidc/me")
                .await
                .unwrap();
            refused.expect(401);
            let refused = node
                .refresh(&client, text(&tokens, "refresh_token"))
                .await
                .unwrap();
            refused.expect(400);
            node.redeem(&client, &code).await.unwrap().expect(400);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rfc9700_4_14_2_a_refresh_token_that_two_processes_get_has_one_successor() {
    let nodes = Nodes::start().await;
    let client = nodes.installation.create_application("spa", &[]);
    let mut token = text(&nodes.tokens(&client).await, "refresh_token").to_owned();
    for round in 0..3 {
        let answers = nodes
            .all_at_once(|node| {
                let (client, token) = (client.clone(), token.clone());
                async move { node.refresh(&client, &token).await }
            })
            .await;
        let mut successors = BTreeSet::new();
        for answer in answers {
            successors.insert(text(&answer.expect(200).json(), "refresh_token").to_owned());
        }
        assert_eq!(successors.len(), 1, "round {round}");
        let successor = successors.pop_first().unwrap();
        assert_ne!(successor, token);
        token = successor;
    }
    // The chain goes on.
    let last = nodes.first.remote.refresh(&client, &token).await.unwrap();
    last.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_use_succeeds_once_a_revocation_was_answered() {
    let nodes = Nodes::start().await;
    let client = nodes.installation.create_application("spa", &[]);
    for _ in 0..3 {
        let tokens = nodes.tokens(&client).await;
        let refresh_token = text(&tokens, "refresh_token").to_owned();
        no_use_succeeds_after(uses(&nodes, &client, &tokens), async {
            let answer = nodes.first.remote.revoke(&client, &refresh_token).await;
            answer.unwrap().expect(200);
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_use_succeeds_once_a_suspension_was_answered() {
    let nodes = Nodes::start().await;
    let client = nodes.installation.create_application("traditional", &[]);
    let admin = nodes.admin().await;
    let tokens = nodes.tokens(&client).await;
    let claims = nodes
        .first
        .remote
        .get_as(text(&tokens, "access_token"), "/oidc/me");
    let id = text(&claims.await.unwrap().expect(200).json(), "sub").to_owned();
    let path = format!("/api/users/{id}/is-suspended");
    for _ in 0..3 {
        let tokens = nodes.tokens(&client).await;
        no_use_succeeds_after(uses(&nodes, &client, &tokens), async {
            let body = json!({"isSuspended": true});
            let answer = nodes.first.remote.call(&admin, Method::PATCH, &path, &body);
            answer.await.unwrap().expect(200);
        })
        .await;
        let body = json!({"isSuspended": false});
        let answer = nodes
            .second
            .remote
            .call(&admin, Method::PATCH, &path, &body);
        answer.await.unwrap().expect(200);
        // What ended stays ended.
        let again = nodes
            .second
            .remote
            .refresh(&client, text(&tokens, "refresh_token"));
        again.await.unwrap().expect(400);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_use_succeeds_once_the_deletion_of_the_application_was_answered() {
    let nodes = Nodes::start().await;
    let admin = nodes.admin().await;
    for _ in 0..3 {
        let client = nodes.installation.create_application("spa", &[]);
        let machine = nodes
            .installation
            .create_application("machine-to-machine", &["--management-api"]);
        let tokens = nodes.tokens(&client).await;
        let machine_token = nodes.second.remote.admin_token(&machine).await;

        let mut all = uses(&nodes, &client, &tokens);
        all.push(bearer(
            &nodes.first.remote,
            &machine_token,
            "/api/applications",
        ));
        no_use_succeeds_after(all, async {
            for gone in [&client, &machine] {
                let (path, nothing) = (format!("/api/applications/{}", gone.id), json!({}));
                let node = &nodes.first.remote;
                let answer = node.call(&admin, Method::DELETE, &path, &nothing).await;
                answer.unwrap().expect(204);
            }
        })
        .await;
        // Applications are configuration, which another node may know for two seconds more.
        let deleted_at = Instant::now();
        let asked = nodes.first.remote.machine_token(&machine).await.unwrap();
        asked.expect(401);
        let other = &nodes.second.remote;
        is_refused_within_the_bound(deleted_at, async || {
            let asked = other.machine_token(&machine).await.unwrap();
            let used = other.get_as(&machine_token, "/api/applications").await;
            asked.status == 401 && used.unwrap().status == 401
        })
        .await;
    }
}

/// One way to use something, as often as wanted.
type Use = Box<dyn Fn() -> Pin<Box<dyn Future<Output = StatusCode> + Send>> + Send>;

/// Userinfo and a refresh, on each node.
fn uses(nodes: &Nodes, client: &Client, tokens: &Value) -> Vec<Use> {
    let mut all = Vec::new();
    for node in nodes.both() {
        all.push(bearer(node, text(tokens, "access_token"), "/oidc/me"));
        let (node, client) = (node.clone(), client.clone());
        let token = text(tokens, "refresh_token").to_owned();
        all.push(Box::new(move || {
            let (node, client, token) = (node.clone(), client.clone(), token.clone());
            Box::pin(async move { node.refresh(&client, &token).await.unwrap().status })
        }));
    }
    all
}

fn bearer(node: &Remote, token: &str, path: &'static str) -> Use {
    let (node, token) = (node.clone(), token.to_owned());
    Box::new(move || {
        let (node, token) = (node.clone(), token.clone());
        Box::pin(async move { node.get_as(&token, path).await.unwrap().status })
    })
}

/// Uses everything again and again while `change` is made. Each use works before; one that began after the change was
/// answered is refused; one that was under way meanwhile is answered or refused, and nothing else.
async fn no_use_succeeds_after(uses: Vec<Use>, change: impl Future<Output = ()>) {
    for one in &uses {
        assert_eq!(one().await, 200);
    }
    let is_answered = Arc::new(AtomicBool::new(false));
    let start = Arc::new(Barrier::new(uses.len() + 1));
    let using = uses.into_iter().map(|one| {
        let (is_answered, start) = (is_answered.clone(), start.clone());
        tokio::spawn(async move {
            start.wait().await;
            for _ in 0..MOST_USES {
                let is_after = is_answered.load(Ordering::SeqCst);
                let status = one().await;
                assert!(
                    status.is_client_error() || (status == 200 && !is_after),
                    "{status}, after the change: {is_after}"
                );
                if is_after {
                    return;
                }
            }
            panic!("the change was not answered in the time of {MOST_USES} uses");
        })
    });
    let using: Vec<_> = using.collect();
    start.wait().await;
    change.await;
    is_answered.store(true, Ordering::SeqCst);
    for one in join_all(using).await {
        one.unwrap();
    }
}
