//! PostgreSQL is out of space: a loopback peer before the real server answers 53100 to every write.

mod front;

use self::front::Front;
use super::refusals::UnderWay;
use crate::support::{postgres::PostgresCluster, server::TestServer};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn out_of_space_is_503_everywhere_and_leaves_nothing() {
    let database = PostgresCluster::shared()
        .fresh_database("empty", async |_| {})
        .await;
    let front = Front::before(database.url()).await;
    let server = TestServer::on(&front.url).await;
    let mut under_way = UnderWay::begin(&server).await;
    front.fill();
    under_way.writes_are_refused().await;
    under_way.reads_go_on().await;
    assert!(front.refused() > 0);
    front.free();
    under_way.everything_works_again().await;
}
