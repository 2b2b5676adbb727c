//! Both engines have one schema, and every statement of the product prepares on both.

use std::collections::BTreeSet;

use http::Method;
use meibo_crypto::signing_key::SigningAlgorithm;
use meibo_domain::application::ApplicationType;
use meibo_store::{
    db::{Batch, Sql},
    jobs,
};
use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::{field_of, parameter},
        fixtures::PASSWORD,
        postgres::connect,
        relying_party::{Mood, RelyingParty},
        server::{PUBLIC_URL, START, Setup, TestServer, operator},
    },
};

/// `table.column type nullability` of every column.
async fn columns(server: &TestServer) -> BTreeSet<String> {
    if server.setup == Setup::Sqlite {
        let connection =
            rusqlite::Connection::open(server.database_url.strip_prefix("sqlite:").unwrap())
                .unwrap();
        let sql = "SELECT m.name || '.' || p.name || ' ' || lower(p.type) || CASE p.\"notnull\" WHEN 1 THEN '' ELSE ' null' END \
            FROM sqlite_schema m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
        let mut statement = connection.prepare(sql).unwrap();
        return statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
    }
    let sql = "SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN '' ELSE ' null' END \
        FROM information_schema.columns WHERE table_schema = 'public'";
    connect(&server.database_url)
        .await
        .query(sql, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect()
}

/// `table(columns)` of every index, those of keys included, marked when it is unique.
async fn indexes(server: &TestServer) -> BTreeSet<String> {
    if server.setup == Setup::Sqlite {
        let connection =
            rusqlite::Connection::open(server.database_url.strip_prefix("sqlite:").unwrap())
                .unwrap();
        let sql = "SELECT m.name || '(' || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) \
            || ')' || CASE i.\"unique\" WHEN 1 THEN ' unique' ELSE '' END \
            FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table'";
        let mut statement = connection.prepare(sql).unwrap();
        return statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
    }
    let sql = "SELECT t.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.place) \
            FROM unnest(i.indkey::int[]) WITH ORDINALITY k (number, place) \
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) \
            || ')' || CASE WHEN i.indisunique THEN ' unique' ELSE '' END \
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
        WHERE n.nspname = 'public'";
    connect(&server.database_url)
        .await
        .query(sql, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect()
}

/// `table(column) -> table, what a deletion does` of every foreign key.
async fn foreign_keys(server: &TestServer) -> BTreeSet<String> {
    if server.setup == Setup::Sqlite {
        let connection =
            rusqlite::Connection::open(server.database_url.strip_prefix("sqlite:").unwrap())
                .unwrap();
        let sql = "SELECT m.name || '(' || f.\"from\" || ') -> ' || f.\"table\" || ', ' || lower(f.on_delete) \
            FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
        let mut statement = connection.prepare(sql).unwrap();
        return statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
    }
    let sql = "SELECT t.relname || '(' || a.attname || ') -> ' || f.relname || ', ' || \
            CASE c.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' ELSE 'no action' END \
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid \
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'";
    connect(&server.database_url)
        .await
        .query(sql, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_have_the_same_columns_indexes_and_keys() {
    let sqlite = TestServer::start(Setup::Sqlite).await;
    let postgres = TestServer::start(Setup::Postgres).await;
    let found = columns(&sqlite).await;
    assert_eq!(found, columns(&postgres).await);
    assert!(found.len() > 100);
    for column in &found {
        let kind = column.split(' ').nth(1).unwrap();
        assert!(["text", "bigint"].contains(&kind), "{column}");
    }
    let found = indexes(&sqlite).await;
    assert_eq!(found, indexes(&postgres).await);
    assert!(found.len() > 40);
    let found = foreign_keys(&sqlite).await;
    assert_eq!(found, foreign_keys(&postgres).await);
    assert!(found.len() > 10);
}

each_setup! {
    async fn every_statement_prepares(server: TestServer) {
        let statements = meibo_store::statement_list::all();
        assert!(statements.len() > 80);
        let named: Vec<(&str, &Sql)> = statements.iter().map(|(name, sql)| (name.as_str(), sql)).collect();
        for app in server.apps() {
            app.database().prepare_all(&named).await.unwrap();
        }
    }
}

each_setup! {
    async fn every_column_is_written_by_what_people_and_machines_do(server: TestServer) {
        let admin = server.admin().await;
        let (client, person) = (server.traditional().await, server.person("sakura").await);
        let full = json!({
            "primaryPhone": "819012345678", "avatar": "https://img.example/a.png", "profile": {"nickname": "n"},
        });
        admin.patch(&format!("/api/users/{}", person.id), full).await.expect(200);
        let path = format!("/api/applications/{}", client.id);
        admin.patch(&path, json!({"description": "d"})).await.expect(200);
        admin.post(&format!("{path}/secrets"), json!({"name": "s", "expiresAt": START.0 + 1})).await.expect(201);
        let owner = meibo_store::roles::give_to_user(Batch::new(), &person.id, meibo_domain::role::OWNER_ROLE);
        server.app().database().commit(owner).await.unwrap();
        let spa = server.spa().await;
        for client in [&client, &spa] {
            let mut browser = server.browser();
            let (page, _) = browser.authorize(client, &[("nonce", "n")]).await.page();
            let fields = [("identifier", "sakura"), ("password", PASSWORD)];
            let named = [("origin", PUBLIC_URL), ("user-agent", "a browser")];
            let answer = browser.request_with(Method::POST, &page, &fields, &named).await;
            let back = browser.follow(page, answer).await.elsewhere();
            let tokens = server.redeem(client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
            server.refresh(client, tokens["refresh_token"].as_str().unwrap(), &[]).await.expect(200);
        }
        let now = json!({"rotationGracePeriod": 0});
        admin.post("/api/configs/oidc/private-keys/rotate", now).await.expect(200);
        let signing = server.signing_client(ApplicationType::MachineToMachine, SigningAlgorithm::Es256).await;
        let token = signing.machine_token(&server, "1").await;
        let revoked = [("token", token.as_str())];
        signing.post(&server, "/oidc/token/revocation", &revoked, &signing.assertion("2")).await.expect(200);
        let third = server.third_party().await;
        let mut browser = server.browser();
        let (page, shown) = browser.asked(&third, "sakura", &[]).await;
        browser.post(&page, &[("shown", &field_of(&shown, "shown")), ("decision", "allow")]).await.expect(303);
        // One went well and has not come back to the application yet; one failed after it.
        for (password, status) in [(PASSWORD, 303), ("wrong", 422)] {
            let mut browser = server.browser();
            let (page, _) = browser.authorize(&client, &[]).await.page();
            browser.post(&page, &[("identifier", "sakura"), ("password", password)]).await.expect(status);
        }
        // A code was sent to somebody who is still to type it.
        let inbox = server.with_inbox().await;
        let mut browser = server.browser();
        let page = browser.begin(&client, "sign-in/code").await;
        browser.ask_for_code(&page, "sakura@example.com").await;
        inbox.code_to("sakura@example.com").await;
        // Two notices of an ended session: one is refused, one is on its way.
        let relying_party = RelyingParty::start().await;
        relying_party.set_mood(Mood::Answering(400));
        let told = relying_party.application(&server).await;
        for username in ["ren", "yui"] {
            let person = server.person(username).await;
            server.browser().sign_in(&told, username, &[]).await;
            server.app().set_suspension(&operator(), &person.id, true).await.unwrap();
            if username == "ren" {
                server.app().run_due_jobs().await.unwrap();
            }
        }
        // A code that waits to be typed, and its message on its way.
        let _inbox = server.with_inbox().await;
        admin.post("/api/verification-codes", json!({"email": "ann@example.com"})).await.expect(204);
        let claimed = jobs::claim(server.app().database(), "node", 1, server.clock.now()).await.unwrap();
        assert_eq!(claimed.len(), 1);
        for app in server.apps() {
            app.flush_activity().await;
        }
        let mut empty = Vec::new();
        for column in columns(&server).await {
            let (table, name) = column.split(' ').next().unwrap().split_once('.').unwrap();
            // Only the demo writes it: flows::demo_inbox.
            if table == "inbox" {
                continue;
            }
            let sql = Sql::from(format!("SELECT COUNT({name}) FROM {table}"));
            if server.app().database().query(&sql, &[]).await.unwrap()[0].int(0).unwrap() == 0 {
                empty.push(format!("{table}.{name}"));
            }
        }
        assert!(empty.is_empty(), "written by nothing: {empty:?}");
    }
}
