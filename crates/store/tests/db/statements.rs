//! Preparing every statement finds those that one of the engines would refuse or read otherwise.

use meibo_store::db::{DbError, Engine, Sql};

use crate::place::{Place, on_both_engines};

on_both_engines!(good_statements_prepare, bad_statements_are_named);

async fn good_statements_prepare(place: Place) {
    let db = place.prepared().await;
    let statements = [
        (
            "GET",
            Sql::from("SELECT id, version FROM users WHERE id = $1 AND version > $2"),
        ),
        ("COUNT", Sql::from("SELECT count(*) FROM users")),
        (
            "PAGE",
            Sql::from("SELECT id FROM users ORDER BY id LIMIT $1 OFFSET $2"),
        ),
        (
            "DELETE",
            Sql::from("DELETE FROM grants WHERE user_id = $1 RETURNING id"),
        ),
    ];
    let named: Vec<_> = statements.iter().map(|(name, sql)| (*name, sql)).collect();
    db.prepare_all(&named).await.unwrap();
}

async fn bad_statements_are_named(place: Place) {
    let db = place.prepared().await;
    let mut statements = vec![
        Sql::from("SELECT nothing FROM users"),
        Sql::from("SELECT id FROM missing"),
        Sql::from("SELEKT 1"),
    ];
    match db.engine() {
        Engine::Sqlite => statements.push(Sql::from("SELECT id FROM users WHERE version = $2")),
        Engine::Postgres => statements.push(Sql::from("SELECT version + 1.5 FROM users")),
    }
    for sql in &statements {
        let error = db.prepare_all(&[("WRONG", sql)]).await.unwrap_err();
        assert!(
            matches!(&error, DbError::Invalid { reason } if reason.contains("WRONG")),
            "{sql}"
        );
    }
}
