//! PostgreSQL is stopped and started again while the service runs.

mod own_cluster;

use self::own_cluster::OwnCluster;
use super::refusals::UnderWay;
use crate::support::{process::until, server::TestServer};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_database_is_503_until_it_is_back() {
    let mut cluster = OwnCluster::start().await;
    let server = TestServer::on(&cluster.url).await;
    let mut under_way = UnderWay::begin(&server).await;
    server.get("/readyz").await.expect(200);

    cluster.stop();
    under_way.writes_are_refused().await;
    let not_ready = server.get("/readyz").await.expect(503);
    assert!(!not_ready.header("retry-after").is_empty());
    under_way.reads_are_refused().await;
    server.get("/healthz").await.expect(200);
    // What needs no database goes on.
    server
        .get("/oidc/.well-known/openid-configuration")
        .await
        .expect(200);
    server.get("/oidc/jwks").await.expect(200);

    cluster.start_again().await;
    until("the server is ready", async || {
        server.get("/readyz").await.status == 200
    })
    .await;
    under_way.everything_works_again().await;
}
