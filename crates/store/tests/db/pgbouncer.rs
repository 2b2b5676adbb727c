//! Behind PgBouncer in transaction mode, where two statements of one client meet the same server
//! connection only inside a transaction.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use futures_util::future::join_all;
use meibo_store::db::{Batch, CommitError, DatabaseConfig, Db, Sql, Table, Touch};
use meibo_store::values;
use tempfile::TempDir;

use crate::place::{INSERT_USER, Place, TABLES, names, number, user};
use crate::support::{fast_folder, free_port};

/// Runs in the foreground as a user that is not root, and ends with its standard input.
const SCRIPT: &str = r#"
    trap '' INT
    if [ "$(id -u)" = 0 ]; then
        chown -R postgres "$1"
        setpriv --reuid=postgres --regid=postgres --clear-groups -- \
            "$2" "$1/pgbouncer.ini" </dev/null 2>&1 &
    else
        "$2" "$1/pgbouncer.ini" </dev/null 2>&1 &
    fi
    read -r _ || true
    kill $!
"#;

struct Proxy {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Proxy {
    /// Two server connections for however many clients.
    fn before(url: &str) -> Self {
        let server: tokio_postgres::Config = url.parse().unwrap();
        let server_port = server.get_ports()[0];
        let folder = TempDir::new_in(fast_folder()).unwrap();
        let port = free_port();
        let users = folder.path().join("users.txt");
        fs::write(&users, "\"postgres\" \"\"\n").unwrap();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={server_port}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = trust\nauth_file = {}\npool_mode = transaction\ndefault_pool_size = 2\n",
            users.display()
        );
        fs::write(folder.path().join("pgbouncer.ini"), settings).unwrap();
        let mut process = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(folder.path())
            .arg("/usr/sbin/pgbouncer")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stdout.take().unwrap()).lines();
        let is_up = log.any(|line| line.unwrap().contains("process up"));
        assert!(is_up, "PgBouncer did not start");
        // Whoever reads its log no more would block it.
        std::thread::spawn(move || log.for_each(drop));
        Self {
            process,
            port,
            _folder: folder,
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn everything_works_behind_a_transaction_pool() {
    let place = Place::postgres().await;
    let direct = &place.postgres.as_ref().unwrap().url;
    let proxy = Proxy::before(direct);
    let name = direct.rsplit('/').next().unwrap();
    let url = format!(
        "postgres://postgres@127.0.0.1:{}/{name}?sslmode=disable",
        proxy.port
    );
    let config = DatabaseConfig::parse(&url).unwrap();
    let nodes = [
        Db::open(&config).await.unwrap(),
        Db::open(&config).await.unwrap(),
    ];

    let migrated = join_all(nodes.iter().map(|db| db.migrate(&[TABLES], 1))).await;
    assert_eq!(migrated.into_iter().flat_map(Result::unwrap).count(), 1);

    let grant = Sql::from("INSERT INTO grants (id, user_id) VALUES ($1, $1)");
    let writes = (0..60).map(|index| {
        let (db, id) = (nodes[index % 2].clone(), format!("u{index:02}"));
        let batch = Batch::new()
            .expect(1, Table::Users, &Sql::from(INSERT_USER), user(&id))
            .run(Table::Grants, &grant, values![&id]);
        tokio::spawn(async move { db.commit(batch).await })
    });
    for outcome in join_all(writes).await {
        outcome.unwrap().unwrap();
    }
    assert_eq!(names(&nodes[0]).await.len(), 60);

    let touch = |version| Touch {
        table: Table::Users,
        id: "u00".into(),
        version,
    };
    let rename = Sql::from("UPDATE users SET name = 'renamed' WHERE id = $1");
    let batch = |version| {
        Batch::new()
            .touch(touch(version))
            .run(Table::Users, &rename, values!["u01"])
    };
    nodes[0].commit(batch(1)).await.unwrap();
    let refused = nodes[1].commit(batch(2)).await.unwrap_err();
    assert_eq!(
        refused,
        CommitError::Conflict {
            guard: 0,
            label: None
        }
    );

    // The bound of a slow query must not stay behind on the connection it went through.
    let timeout = Sql::from("SELECT current_setting('statement_timeout')");
    let rows = nodes[0].query_slow(&timeout, &[]).await.unwrap();
    assert_eq!(rows[0].text(0).unwrap(), "10s");
    for _ in 0..10 {
        let sql = "SELECT CASE current_setting('statement_timeout') WHEN '0' THEN 0::bigint \
                   ELSE 1::bigint END";
        assert_eq!(number(&nodes[1], sql).await, 0);
    }
}
