//! The database beside the service: what no use case does, such as an unverified address.

use tokio_postgres::NoTls;

use super::server::TestServer;

impl TestServer {
    /// Runs SQL statements on the service's database.
    pub(crate) async fn execute_sql(&self, sql: &str) {
        if let Some(path) = self.database_url.strip_prefix("sqlite:") {
            let connection = rusqlite::Connection::open(path).unwrap();
            connection
                .busy_timeout(std::time::Duration::from_secs(10))
                .unwrap();
            connection.execute_batch(sql).unwrap();
            return;
        }
        let (client, connection) = tokio_postgres::connect(&self.database_url, NoTls)
            .await
            .unwrap();
        let driver = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
        drop(client);
        driver.await.unwrap().unwrap();
    }
}
