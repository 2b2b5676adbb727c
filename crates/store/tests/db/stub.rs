//! A peer that speaks just enough of PostgreSQL's protocol to fail in ways that a real server
//! cannot be made to: out of space, and gone in the middle of a commit.

use meibo_store::db::{Batch, CommitError, DatabaseConfig, Db, DbError, Sql, Table};
use meibo_store::values;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the peer does with the statements of a batch and with its COMMIT.
#[derive(Clone, Copy)]
enum Fault {
    /// Statements are answered 53100, disk full.
    StatementsOutOfSpace,
    /// Only COMMIT is answered 53100.
    CommitOutOfSpace,
    /// The connection ends when a statement comes.
    GoneAtStatement,
    /// The connection ends when COMMIT comes.
    GoneAtCommit,
}

async fn database(fault: Fault) -> Db {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, fault));
        }
    });
    let url = format!("postgres://m@127.0.0.1:{port}/m?sslmode=disable");
    Db::open(&DatabaseConfig::parse(&url).unwrap())
        .await
        .unwrap()
}

/// Answers until the other side, or the fault, ends it.
async fn serve(mut stream: TcpStream, fault: Fault) -> Option<()> {
    let length = stream.read_u32().await.ok()?;
    let mut startup = vec![0; length as usize - 4];
    stream.read_exact(&mut startup).await.ok()?;
    // AuthenticationOk, ReadyForQuery.
    stream
        .write_all(b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I")
        .await
        .ok()?;
    loop {
        let kind = stream.read_u8().await.ok()?;
        let length = stream.read_u32().await.ok()?;
        let mut body = vec![0; length as usize - 4];
        stream.read_exact(&mut body).await.ok()?;
        let answer = match (kind, fault) {
            (b'Q', Fault::GoneAtCommit) if body.starts_with(b"COMMIT") => return None,
            (b'Q', Fault::CommitOutOfSpace) if body.starts_with(b"COMMIT") => out_of_space(),
            (b'Q', _) => command_complete(),
            (b'S', Fault::GoneAtStatement) => return None,
            (b'S', Fault::StatementsOutOfSpace) => out_of_space(),
            // ParseComplete, BindComplete, NoData.
            (b'S', _) => [
                b"1\0\0\0\x042\0\0\0\x04n\0\0\0\x04".to_vec(),
                command_complete(),
            ]
            .concat(),
            _ => continue,
        };
        stream.write_all(&answer).await.ok()?;
    }
}

fn command_complete() -> Vec<u8> {
    b"C\0\0\0\x0dUPDATE 1\0Z\0\0\0\x05T".to_vec()
}

fn out_of_space() -> Vec<u8> {
    let fields = b"SERROR\0VERROR\0C53100\0Mcould not extend file \"base/1\"\0\0";
    let mut answer = vec![b'E'];
    answer.extend(u32::try_from(fields.len() + 4).unwrap().to_be_bytes());
    answer.extend(fields);
    answer.extend(b"Z\0\0\0\x05E");
    answer
}

async fn commit(db: &Db) -> (String, bool) {
    let update = Sql::from("UPDATE users SET name = $1");
    let batch = Batch::new()
        .expect(1, Table::Users, &update, values!["a"])
        .expect(1, Table::Grants, &update, values!["b"]);
    match db.commit(batch).await.unwrap_err() {
        CommitError::Db(DbError::Unavailable { reason, retryable }) => (reason, retryable),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn out_of_space_is_unavailable() {
    for fault in [Fault::StatementsOutOfSpace, Fault::CommitOutOfSpace] {
        let db = database(fault).await;
        let (reason, retryable) = commit(&db).await;
        assert!(reason.contains("53100"), "{reason}");
        assert!(retryable, "the server said that it did not commit");
    }
    let db = database(Fault::StatementsOutOfSpace).await;
    let alone = Batch::new().run(
        Table::Users,
        &Sql::from("UPDATE users SET name = 'a'"),
        values![],
    );
    let error = db.commit(alone).await.unwrap_err();
    assert!(matches!(
        &error,
        CommitError::Db(DbError::Unavailable {
            retryable: true,
            ..
        })
    ));
    let error = db.query(&Sql::from("SELECT 'a'"), &[]).await.unwrap_err();
    assert!(
        matches!(
            &error,
            DbError::Unavailable {
                retryable: true,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_connection_lost_before_commit_may_be_tried_again() {
    let db = database(Fault::GoneAtStatement).await;
    let (_, retryable) = commit(&db).await;
    assert!(retryable);
}

#[tokio::test]
async fn a_connection_lost_during_commit_is_an_unknown_outcome() {
    let db = database(Fault::GoneAtCommit).await;
    let (_, retryable) = commit(&db).await;
    assert!(!retryable);
}
