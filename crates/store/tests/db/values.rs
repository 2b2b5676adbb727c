//! Every value comes back as it went in, from its own placeholder.

use meibo_store::db::{Batch, DbError, Sql, Table, Value};
use meibo_store::values;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::place::{Place, on_both_engines};

on_both_engines!(
    every_value_comes_back,
    placeholders_are_numbers,
    nul_and_wrong_counts_are_refused,
    rows_name_the_wrong_column,
);

async fn every_value_comes_back(place: Place) {
    let db = place.prepared().await;
    let long = "名".repeat(100_000);
    let texts = [
        None,
        Some(""),
        Some(" 'quoted' \"twice\" \\ $1 ?1 % _ "),
        Some("é e\u{301} \u{10FFFF} \u{FEFF}\u{202E} 👩‍👩‍👧 \r\n\t\u{1}"),
        Some(&long),
    ];
    let numbers = [None, Some(0), Some(-1), Some(i64::MIN), Some(i64::MAX)];
    let insert = Sql::from("INSERT INTO scopes (id, name, number) VALUES ($1, $2, $3)");
    let mut batch = Batch::new();
    for (index, (text, number)) in texts.iter().zip(numbers).enumerate() {
        let id = index.to_string();
        batch = batch.expect(1, Table::Scopes, &insert, values![id, *text, number]);
    }
    db.commit(batch).await.unwrap();

    let select = Sql::from("SELECT name, number FROM scopes ORDER BY id");
    let rows = db.query(&select, &[]).await.unwrap();
    assert_eq!(rows.len(), texts.len());
    for (row, (text, number)) in rows.iter().zip(texts.iter().zip(numbers)) {
        assert_eq!(row.opt_str(0).unwrap(), *text);
        assert_eq!(row.opt_int(1).unwrap(), number);
    }

    let echo = Sql::from("SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT)");
    let strategy = (any::<Option<String>>(), any::<Option<i64>>());
    let strategy = strategy.prop_filter("no text column takes NUL", |(text, _)| {
        !text.as_ref().is_some_and(|text| text.contains('\0'))
    });
    let runtime = tokio::runtime::Handle::current();
    let echoed = tokio::task::spawn_blocking(move || {
        TestRunner::new(Config::with_cases(200)).run(&strategy, |(text, number)| {
            let params = [Value::Text(text.clone()), Value::Int(number)];
            let rows = runtime.block_on(db.query(&echo, &params)).unwrap();
            prop_assert_eq!(rows[0].opt_text(0).unwrap(), text);
            prop_assert_eq!(rows[0].opt_int(1).unwrap(), number);
            Ok(())
        })
    });
    echoed.await.unwrap().unwrap();
}

async fn placeholders_are_numbers(place: Place) {
    let db = place.prepared().await;
    let swapped = Sql::from("SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)");
    let row = db
        .query_opt(&swapped, &values!["one", "two"])
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        [row.str(0), row.str(1), row.str(2)],
        [Ok("two"), Ok("one"), Ok("two")]
    );

    let insert = Sql::from(
        "INSERT INTO users (name, username_key, version, id) VALUES ($4, $3, $2, $1) \
         RETURNING id, version, username_key, name",
    );
    let batch = Batch::new().expect(1, Table::Users, &insert, values!["id", 2, "key", "name"]);
    let committed = db.commit(batch).await.unwrap();
    let row = committed.first(0).unwrap();
    assert_eq!(
        [row.str(0), row.str(2), row.str(3)],
        [Ok("id"), Ok("key"), Ok("name")]
    );
    assert_eq!(row.int(1), Ok(2));
}

async fn nul_and_wrong_counts_are_refused(place: Place) {
    let db = place.prepared().await;
    let select = Sql::from("SELECT name FROM users WHERE id = $1 AND version = $2");
    let wrong = [values!["a\0b", 1], values!["a"], values!["a", 1, 2]];
    for params in wrong {
        let read = db.query(&select, &params).await.map(drop);
        assert!(
            matches!(read, Err(DbError::Invalid { .. })),
            "{read:?} for {params:?}"
        );
        let written = db
            .commit(Batch::new().run(Table::Users, &select, params))
            .await;
        assert_eq!(written.map(drop), Err(read.unwrap_err().into()));
    }
    assert_eq!(db.query(&select, &values!["a", 1]).await.unwrap().len(), 0);
}

async fn rows_name_the_wrong_column(place: Place) {
    let db = place.prepared().await;
    let two = Sql::from("SELECT 'a' AS x, CAST(7 AS BIGINT) AS y UNION ALL SELECT 'b', 8");
    let rows = db.query(&two, &[]).await.unwrap();
    let error = rows[0].int(0).unwrap_err().to_string();
    assert!(
        error.contains("column 0 holds TEXT where BIGINT belongs"),
        "{error}"
    );
    let error = db.query_opt(&two, &[]).await.unwrap_err();
    assert!(
        matches!(&error, DbError::Invalid { reason } if reason.contains("2 rows")),
        "{error}"
    );

    // A type that the store does not have: a fraction on SQLite, NUMERIC on PostgreSQL.
    let fraction = Sql::from("SELECT 'a' AS x, 1.5 AS y");
    let error = db.query(&fraction, &[]).await.unwrap_err();
    assert!(
        matches!(&error, DbError::Corrupt { reason } if reason.contains("column 1")),
        "{error}"
    );
}
