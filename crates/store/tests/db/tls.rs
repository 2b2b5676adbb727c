//! `sslmode` is as strict as it says, towards a server whose certificate nobody vouches for.

use std::process::Command;
use std::sync::Arc;

use meibo_store::db::{DatabaseConfig, Db, Sql};

use crate::support::Server;

#[tokio::test]
async fn sslmode_decides_what_is_trusted() {
    let server = Server::start(
        "-c ssl=on -c ssl_cert_file=../c.pem -c ssl_key_file=../k.pem",
        |folder| {
            let made = Command::new("openssl")
                .args([
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                ])
                .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
                .args(["-addext", "subjectAltName=IP:127.0.0.1"])
                .args(["-keyout", "k.pem", "-out", "c.pem"])
                .current_dir(folder)
                .output()
                .unwrap();
            assert!(
                made.status.success(),
                "{}",
                String::from_utf8_lossy(&made.stderr)
            );
        },
    );
    let server = Arc::new(server);
    let open = async |mode: &str| {
        let url = format!("{}/postgres?sslmode={mode}", server.url());
        Db::open(&DatabaseConfig::parse(&url).unwrap()).await
    };
    let is_encrypted = Sql::from("SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    for (mode, expected) in [("disable", "false"), ("prefer", "true")] {
        let db = open(mode).await.unwrap();
        let row = db.query_opt(&is_encrypted, &[]).await.unwrap().unwrap();
        assert_eq!(row.text(0).unwrap(), expected, "{mode}");
    }
    let refused = open("require").await.err().unwrap().to_string();
    assert!(refused.contains("certificate"), "{refused}");
}
