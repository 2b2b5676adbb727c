//! Whole sign-ins beside what Argon2id alone reaches, in turns.

use std::time::Duration;

use anyhow::{Context as _, Result};

use super::Plan;
use crate::hashing;
use crate::http::Connection;
use crate::http::request;
use crate::meibo::{Meibo, Seeded};
use crate::operation::DISCOVERY;
use crate::process::{self, Server};
use crate::report::{Bound, Report, SignInRow, Target};
use crate::sign_in::SignIn;
use crate::statistics::Spread;
use crate::storm::{self, Force, Storm};
use crate::tell;

/// As many sign-ins at once.
const CONCURRENCY: usize = 32;
const WARM_UP: Duration = Duration::from_secs(2);
const HASHING: Duration = Duration::from_secs(3);
/// Of Argon2id alone.
const SHARE: f64 = 0.8;
/// Of discovery during the storm, in milliseconds.
const DISCOVERY_P99_MS: f64 = 20.0;

/// Measures against `server`, which may use all cores.
///
/// # Errors
/// Nobody can sign in, or a storm does not end: with the answer that says why.
pub(super) fn measure(
    server: &Server,
    meibo: &Meibo,
    seeded: &Seeded,
    plan: &Plan,
    report: &mut Report,
) -> Result<()> {
    try_once(server, seeded).context("the first sign-in")?;
    let discovery = meibo
        .operations(seeded)
        .into_iter()
        .find(|operation| operation.name == DISCOVERY);
    let discovery = discovery.context("no discovery to ask for")?;
    let force = Force {
        concurrency: CONCURRENCY,
        warm_up: WARM_UP,
        length: plan.storm,
    };
    let (mut one_thread, mut two_threads, mut storms) =
        (Vec::new(), Vec::new(), Vec::<Storm>::new());
    for round in 1..=plan.rounds {
        one_thread.push(hashing::hashes_per_second(1, HASHING)?);
        let alone = hashing::hashes_per_second(2, HASHING)?;
        two_threads.push(alone);
        let storm = storm::blow(server, &seeded.crowd, &discovery, force)?;
        let rate = storm.per_second;
        tell(&format!(
            "round {round} of {}: {rate:.0} sign-ins/s; Argon2id alone {alone:.0}/s",
            plan.rounds
        ));
        storms.push(storm);
    }

    let spread = |figure: &dyn Fn(&Storm) -> f64| {
        Spread::of(storms.iter().map(figure)).context("no sign-in succeeded")
    };
    let row = SignInRow {
        hashes_one_thread: Spread::of(one_thread).context("no hash was counted")?,
        hashes_two_threads: Spread::of(two_threads.iter().copied())
            .context("no hash was counted")?,
        per_second: spread(&|storm| storm.per_second)?,
        p50_ms: spread(&|storm| storm.latencies.percentile_ms(0.5))?,
        p99_ms: spread(&|storm| storm.latencies.percentile_ms(0.99))?,
        cpu_ms: spread(&|storm| storm.cpu_ms)?,
        failures: storms.iter().map(|storm| storm.failures).sum(),
        first_failure: storms.iter().find_map(|storm| storm.first_failure.clone()),
        discovery_p50_ms: spread(&|storm| storm.bystander.percentile_ms(0.5))?,
        discovery_p99_ms: spread(&|storm| storm.bystander.percentile_ms(0.99))?,
        discovery_failures: storms.iter().map(|storm| storm.bystander_failures).sum(),
    };
    let shares = storms
        .iter()
        .zip(&two_threads)
        .map(|(storm, alone)| storm.per_second / alone);
    let share = Spread::of(shares).context("no share")?;
    report.targets.extend([
        Target::new(
            "Sign-ins / Argon2id alone",
            "times",
            share,
            Bound::AtLeast,
            SHARE,
            row.failures,
        ),
        Target::new(
            "Discovery p99 during the sign-ins",
            "ms",
            row.discovery_p99_ms,
            Bound::AtMost,
            DISCOVERY_P99_MS,
            row.discovery_failures,
        ),
    ]);
    report.sign_ins = Some(row);
    Ok(())
}

fn try_once(server: &Server, seeded: &Seeded) -> Result<()> {
    let crowd = &seeded.crowd;
    let sign_in = SignIn {
        server: server.address,
        client_id: &crowd.client_id,
        identifier: crowd.usernames.first().context("nobody to sign in")?,
        password: &crowd.password,
        from: &request::address(0),
    };
    process::runtime()?.block_on(async {
        sign_in
            .run(&mut Connection::open(server.address).await?)
            .await
    })
}
