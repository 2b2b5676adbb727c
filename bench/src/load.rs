//! The load generator: one round of one operation, as many connections as asked, each one request at a time.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time;

use crate::clock;
use crate::http::Connection;
use crate::operation::Operation;
use crate::procfs;
use crate::statistics::Latencies;

/// How long after the last answer the server's CPU is read, so that work it put off is charged too.
const SETTLE: Duration = Duration::from_millis(300);
/// How long answers may be overdue at the end of a round before the round is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// How hard to press.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pressure {
    pub(crate) connections: usize,
    pub(crate) length: Duration,
}

/// What one round measured.
#[derive(Debug)]
pub(crate) struct Round {
    /// Answers of another status, and lost connections.
    pub(crate) failures: u64,
    /// What the first failure looked like.
    pub(crate) first_failure: Option<String>,
    pub(crate) elapsed: Duration,
    /// Of successful answers.
    pub(crate) latencies: Latencies,
    /// CPU time of the server in the round, when its process was given.
    pub(crate) server_cpu: Option<Duration>,
}

impl Round {
    /// Successful answers.
    pub(crate) fn successes(&self) -> u64 {
        self.latencies.len() as u64
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.successes() as f64 / self.elapsed.as_secs_f64()
    }

    /// Microseconds of server CPU for each answer, failures included: they cost as well.
    pub(crate) fn cpu_us(&self) -> Option<f64> {
        let answers = self.successes() + self.failures;
        let cpu = self.server_cpu.filter(|_| answers > 0)?;
        Some(cpu.as_secs_f64() * 1e6 / answers as f64)
    }
}

#[derive(Default)]
struct Tally {
    latencies: Vec<u32>,
    failures: u64,
    first_failure: Option<String>,
}

/// Runs one round. `server` is the process whose CPU time is charged.
///
/// # Errors
/// No connection, or answers that do not come.
pub(crate) async fn run(
    operation: &Arc<Operation>,
    pressure: Pressure,
    server: Option<u32>,
) -> Result<Round> {
    let ready = Arc::new(Barrier::new(pressure.connections + 1));
    let mut workers = JoinSet::new();
    for _ in 0..pressure.connections {
        let connection = Connection::open(operation.address)
            .await
            .with_context(|| format!("{}: cannot connect", operation.name))?;
        let worker = work(
            Arc::clone(operation),
            connection,
            Arc::clone(&ready),
            pressure.length,
        );
        workers.spawn(worker);
    }
    let cpu_before = server.map(procfs::cpu_time).transpose()?;
    ready.wait().await;
    let start = clock::now();
    let tallies = time::timeout(pressure.length + PATIENCE, workers.join_all())
        .await
        .with_context(|| {
            format!(
                "{}: answers are overdue by {} s",
                operation.name,
                PATIENCE.as_secs()
            )
        })?;
    let elapsed = start.elapsed();
    time::sleep(SETTLE).await;
    let cpu_after = server.map(procfs::cpu_time).transpose()?;

    let mut all = Tally::default();
    for tally in tallies {
        all.latencies.extend(tally.latencies);
        all.failures += tally.failures;
        all.first_failure = all.first_failure.or(tally.first_failure);
    }
    Ok(Round {
        failures: all.failures,
        first_failure: all.first_failure,
        elapsed,
        latencies: Latencies::new(all.latencies),
        server_cpu: cpu_before
            .zip(cpu_after)
            .map(|(before, after)| after.saturating_sub(before)),
    })
}

async fn work(
    operation: Arc<Operation>,
    mut connection: Connection,
    ready: Arc<Barrier>,
    length: Duration,
) -> Tally {
    let mut tally = Tally {
        latencies: Vec::with_capacity(64 * 1024),
        ..Tally::default()
    };
    let mut request = Vec::with_capacity(4 * 1024);
    ready.wait().await;
    let mut last = clock::now();
    let end = last + length;
    while last < end {
        let used = operation.write_next(&mut request);
        let failure = match connection.exchange(&request).await {
            Ok(answer) => {
                operation.answered(used, answer.body);
                (!answer.is_success()).then(|| (answer.describe(), false))
            }
            Err(error) => {
                operation.answered(used, &[]);
                Some((error.to_string(), true))
            }
        };
        let now = clock::now();
        match failure {
            None => {
                let nanoseconds = now.duration_since(last).as_nanos();
                tally
                    .latencies
                    .push(u32::try_from(nanoseconds).unwrap_or(u32::MAX));
            }
            Some((what, is_lost)) => {
                tally.failures += 1;
                tally.first_failure.get_or_insert(what);
                if is_lost {
                    match Connection::open(operation.address).await {
                        Ok(fresh) => connection = fresh,
                        Err(_) => break,
                    }
                }
            }
        }
        last = now;
    }
    tally
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::get;
    use tokio::net::{TcpListener, TcpSocket};

    use super::*;
    use crate::baseline::bare;
    use crate::http::request::{ADDRESS, Request};
    use crate::operation;

    const BRIEF: Pressure = Pressure {
        connections: 4,
        length: Duration::from_millis(50),
    };

    async fn serve(router: Router) -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    #[tokio::test]
    async fn a_round_counts_what_the_server_answered() {
        let address = serve(bare::router()).await;
        for operation in operation::of_bare(address) {
            operation.try_once().await.unwrap();
            let round = run(&Arc::new(operation), BRIEF, Some(std::process::id()))
                .await
                .unwrap();
            assert!(
                round.successes() >= 4,
                "each connection had at least one answer"
            );
            assert_eq!((round.failures, round.first_failure.as_deref()), (0, None));
            assert!(round.cpu_us().is_some());
        }
    }

    #[tokio::test]
    async fn refusals_are_failures_with_words() {
        let refuse = get(async || (StatusCode::TOO_MANY_REQUESTS, "slow\n  down"));
        let address = serve(Router::new().route("/", refuse)).await;
        let operation = Operation::new(
            "x",
            address,
            [Request::new("GET", address, "/", ADDRESS)],
            "slow",
        );
        let error = operation.try_once().await.unwrap_err().to_string();
        assert!(
            error.ends_with("but got status 429, body: slow down"),
            "{error}"
        );
        let round = run(&Arc::new(operation), BRIEF, None).await.unwrap();
        assert!(round.failures >= 4 && round.successes() == 0);
        assert_eq!(
            round.first_failure.as_deref(),
            Some("status 429, body: slow down")
        );
        assert_eq!(round.cpu_us(), None);
    }

    #[tokio::test]
    async fn nobody_there_is_an_error() {
        // Bound and never listening: the port stays ours, and refuses.
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = socket.local_addr().unwrap();
        let operation = Operation::new(
            "x",
            address,
            [Request::new("GET", address, "/", ADDRESS)],
            "",
        );
        let error = run(&Arc::new(operation), BRIEF, None)
            .await
            .unwrap_err()
            .to_string();
        assert_eq!(error, "x: cannot connect");
    }
}
