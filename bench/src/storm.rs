//! The storm: many people sign in at once, while somebody else only wants a quick answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::task::JoinSet;
use tokio::time;

use crate::clock;
use crate::http::Connection;
use crate::http::request;
use crate::operation::Operation;
use crate::process::{self, Server};
use crate::procfs;
use crate::sign_in::SignIn;
use crate::statistics::Latencies;

/// How long sign-ins may be overdue at the end before the storm is given up.
const PATIENCE: Duration = Duration::from_secs(60);
/// The bystander's requests: 50 a second.
const BYSTANDER_INTERVAL: Duration = Duration::from_millis(20);

/// Who signs in: all have one password, and each sign-in comes from another address.
#[derive(Debug)]
pub(crate) struct Crowd {
    pub(crate) usernames: Vec<String>,
    pub(crate) password: String,
    /// The public application that they sign in to.
    pub(crate) client_id: String,
    next: AtomicU64,
}

/// How hard the storm blows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Force {
    pub(crate) concurrency: usize,
    /// Sign-ins that end in this time are not counted.
    pub(crate) warm_up: Duration,
    pub(crate) length: Duration,
}

/// What one storm measured.
#[derive(Debug)]
pub(crate) struct Storm {
    /// Whole sign-ins that ended in the measured time.
    pub(crate) per_second: f64,
    pub(crate) latencies: Latencies,
    /// Of the whole storm.
    pub(crate) failures: u64,
    pub(crate) first_failure: Option<String>,
    /// Milliseconds of server CPU for each sign-in.
    pub(crate) cpu_ms: f64,
    /// The bystander's: counted from when a request was due, so that a wait behind a slow one counts.
    pub(crate) bystander: Latencies,
    pub(crate) bystander_failures: u64,
}

/// When counting begins and when it ends.
#[derive(Clone, Copy)]
struct Window {
    begin: Instant,
    end: Instant,
}

#[derive(Default)]
struct Tally {
    /// Nanoseconds of each sign-in that ended in the window.
    latencies: Vec<u32>,
    failures: u64,
    first_failure: Option<String>,
}

impl Crowd {
    pub(crate) fn new(usernames: Vec<String>, password: String, client_id: String) -> Self {
        Self {
            usernames,
            password,
            client_id,
            next: AtomicU64::new(0),
        }
    }
}

impl Window {
    fn holds(&self, instant: Instant) -> bool {
        (self.begin..self.end).contains(&instant)
    }
}

/// Lets the crowd loose on `server`, with the bystander's `operation` beside it.
///
/// # Errors
/// The server cannot be reached, or sign-ins do not end.
pub(crate) fn blow(
    server: &Server,
    crowd: &Arc<Crowd>,
    operation: &Operation,
    force: Force,
) -> Result<Storm> {
    let begin = clock::now() + force.warm_up;
    let window = Window {
        begin,
        end: begin + force.length,
    };
    thread::scope(|scope| {
        // A thread of its own: the bystander does not wait for the crowd's turn in the tool.
        let bystander = scope.spawn(|| process::runtime()?.block_on(stand_by(operation, window)));
        let crowd = process::runtime()?.block_on(rush(server, crowd, force.concurrency, window));
        let Ok(bystander) = bystander.join() else {
            bail!("the bystander's thread ended by a panic")
        };
        let ((tally, cpu), bystander) = (crowd?, bystander.context("the bystander of the storm")?);
        let sign_ins = tally.latencies.len() as f64;
        Ok(Storm {
            per_second: sign_ins / force.length.as_secs_f64(),
            latencies: Latencies::new(tally.latencies),
            failures: tally.failures,
            first_failure: tally.first_failure.or(bystander.first_failure),
            cpu_ms: cpu.as_secs_f64() * 1e3 / sign_ins,
            bystander: Latencies::new(bystander.latencies),
            bystander_failures: bystander.failures,
        })
    })
}

/// The crowd: `concurrency` browsers, each signing in again as soon as it has its tokens. Also gives
/// the CPU time of the server within the window.
async fn rush(
    server: &Server,
    crowd: &Arc<Crowd>,
    concurrency: usize,
    window: Window,
) -> Result<(Tally, Duration)> {
    let mut browsers = JoinSet::new();
    for _ in 0..concurrency {
        let connection = Connection::open(server.address)
            .await
            .context("the storm cannot connect")?;
        browsers.spawn(sign_in_again_and_again(
            Arc::clone(crowd),
            server.address,
            connection,
            window,
        ));
    }
    time::sleep_until(window.begin.into()).await;
    let cpu_before = procfs::cpu_time(server.pid())?;
    time::sleep_until(window.end.into()).await;
    let cpu_after = procfs::cpu_time(server.pid())?;
    let tallies = time::timeout(PATIENCE, browsers.join_all())
        .await
        .with_context(|| format!("sign-ins are overdue by {} s", PATIENCE.as_secs()))?;
    let mut all = Tally::default();
    for tally in tallies {
        all.latencies.extend(tally.latencies);
        all.failures += tally.failures;
        all.first_failure = all.first_failure.or(tally.first_failure);
    }
    Ok((all, cpu_after.saturating_sub(cpu_before)))
}

async fn sign_in_again_and_again(
    crowd: Arc<Crowd>,
    server: std::net::SocketAddr,
    mut connection: Connection,
    window: Window,
) -> Tally {
    let mut tally = Tally::default();
    loop {
        let start = clock::now();
        if start >= window.end {
            return tally;
        }
        let serial = crowd.next.fetch_add(1, Ordering::Relaxed);
        let turn = serial
            .checked_rem(crowd.usernames.len() as u64)
            .unwrap_or_default();
        let Some(identifier) = crowd.usernames.get(turn as usize) else {
            return tally;
        };
        let from = request::address(serial);
        let sign_in = SignIn {
            server,
            client_id: &crowd.client_id,
            identifier,
            password: &crowd.password,
            from: &from,
        };
        let result = sign_in.run(&mut connection).await;
        let end = clock::now();
        match result {
            Ok(()) if window.holds(end) => {
                tally.latencies.push(nanoseconds(end.duration_since(start)));
            }
            Ok(()) => {}
            Err(error) => {
                tally.failures += 1;
                tally
                    .first_failure
                    .get_or_insert_with(|| format!("{error:#}"));
                // The failure may have left half an answer on the connection.
                match Connection::open(server).await {
                    Ok(fresh) => connection = fresh,
                    Err(_) => return tally,
                }
            }
        }
    }
}

/// Sends `operation` at fixed times within the window, one after the other.
async fn stand_by(operation: &Operation, window: Window) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut connection = Connection::open(operation.address).await?;
    let mut request = Vec::new();
    let mut due = window.begin;
    while due < window.end {
        time::sleep_until(due.into()).await;
        operation.write_next(&mut request);
        let failure = match connection.exchange(&request).await {
            Ok(answer) if answer.is_success() => None,
            Ok(answer) => Some(answer.describe()),
            Err(error) => {
                connection = Connection::open(operation.address).await?;
                Some(error.to_string())
            }
        };
        match failure {
            None => tally.latencies.push(nanoseconds(due.elapsed())),
            Some(what) => {
                tally.failures += 1;
                tally.first_failure.get_or_insert(what);
            }
        }
        due += BYSTANDER_INTERVAL;
    }
    Ok(tally)
}

fn nanoseconds(length: Duration) -> u32 {
    u32::try_from(length.as_nanos()).unwrap_or(u32::MAX)
}
