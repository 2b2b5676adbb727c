//! SIGKILL under load: whatever was acknowledged is found by the next process.

mod ledger;
mod messages;
mod writers;

use self::writers::{Kind, Register};
use crate::support::process::Installation;

/// How often a register's server is killed.
const KILLS: usize = 20;

/// Everything that writers did, summed up at the end: a test in which nothing was acknowledged proves nothing.
#[derive(Debug, Default)]
struct Acknowledged {
    users: usize,
    names: usize,
    codes: usize,
    rotations: usize,
}

/// Twenty times: writers of every kind work until some number of their writes was acknowledged, the server is killed
/// with their next requests under way, and the next server is asked for each of those writes.
async fn nothing_acknowledged_is_lost(installation: Installation) {
    let register = Register::prepare(&installation).await;
    let mut sum = Acknowledged::default();
    let mut process = register.serve(&installation).await;
    for round in 0..KILLS {
        let load = register.write(&process.remote, round);
        // At a different depth each time: a moment after the first of a kind, or well under way.
        load.until_acknowledged(Kind::ALL[round % 3], 1 + (round * 7) % 40)
            .await;
        process.kill();
        let ledgers = load.ended().await;
        process = register.serve(&installation).await;
        // Refresh tokens first, while their predecessors may still be repeated.
        for rotated in &ledgers.rotations {
            sum.rotations += rotated.check(&process.remote, &register).await;
        }
        for redeemed in &ledgers.codes {
            sum.codes += redeemed.check(&process.remote, &register).await;
        }
        for created in &ledgers.users {
            sum.names += created.check(&process.remote, &register).await;
            sum.users += 1;
        }
    }
    let all = register.count_users(&process.remote).await;
    assert!(all >= sum.users, "{all} users are there of {sum:?}");
    assert!(
        sum.users >= KILLS && sum.names >= KILLS && sum.codes >= KILLS && sum.rotations >= KILLS,
        "too little was written: {sum:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_under_eight_writers_lose_nothing_on_sqlite() {
    nothing_acknowledged_is_lost(Installation::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_under_eight_writers_lose_nothing_on_postgres() {
    nothing_acknowledged_is_lost(Installation::postgres().await).await;
}
