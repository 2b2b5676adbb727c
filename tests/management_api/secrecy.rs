//! What is secret is nowhere in the database in clear, and in no answer but the one that gives it.

use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::parameter,
        fixtures::PASSWORD,
        postgres::connect,
        server::{Setup, TestServer},
    },
};

/// Everything that the database holds, as bytes.
pub(super) async fn everything(server: &TestServer) -> Vec<u8> {
    if server.setup == Setup::Sqlite {
        let file = server.database_url.strip_prefix("sqlite:").unwrap();
        let mut bytes = std::fs::read(file).unwrap();
        bytes.extend(std::fs::read(format!("{file}-wal")).unwrap());
        return bytes;
    }
    let client = connect(&server.database_url).await;
    let tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'";
    let mut bytes = Vec::new();
    for table in client.query(tables, &[]).await.unwrap() {
        let table: String = table.get(0);
        for row in client
            .query(&format!("SELECT t::text FROM {table} t"), &[])
            .await
            .unwrap()
        {
            bytes.extend(row.get::<_, String>(0).into_bytes());
            bytes.push(b'\n');
        }
    }
    bytes
}

pub(super) fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

each_setup! {
    async fn no_secret_lies_in_the_database(server: TestServer) {
        let admin = server.admin().await;
        let client = server.traditional().await;
        let person = server.person("sakura").await;
        let path = format!("/api/users/{}", person.id);
        let mut browser = server.browser();
        let back = browser.sign_in(&client, "sakura", &[]).await;
        let code = parameter(&back, "code").unwrap();
        let tokens = server.redeem(&client, &code, &[]).await.expect(200).json();
        let refreshed = server.refresh(&client, tokens["refresh_token"].as_str().unwrap(), &[]).await.expect(200).json();
        let made = admin.post(&format!("/api/applications/{}/secrets", client.id), json!({"name": "s2"})).await.expect(201).json();
        admin.patch(&format!("{path}/password"), json!({"password": "another secret word"})).await.expect(200);
        let failed = [("identifier", "sakura"), ("password", "a wrong guess at it")];
        let mut other = server.browser();
        let (page, _) = other.authorize(&client, &[]).await.page();
        other.post(&page, &failed).await.expect(422);
        for app in server.apps() {
            app.flush_activity().await;
        }

        let bytes = everything(&server).await;
        assert!(contains(&bytes, "sakura@example.com"), "what is no secret is found");
        let mut secrets = vec![
            PASSWORD.to_owned(), "another secret word".to_owned(), "a wrong guess at it".to_owned(),
            client.secret().to_owned(), made["value"].as_str().unwrap().to_owned(), code,
        ];
        for tokens in [&tokens, &refreshed] {
            for name in ["access_token", "refresh_token", "id_token"] {
                secrets.push(tokens[name].as_str().unwrap().to_owned());
            }
        }
        secrets.extend(browser.cookies.iter().filter(|(name, _)| !name.contains("language")).map(|(_, value)| value.clone()));
        assert!(secrets.len() > 12);
        for secret in secrets {
            assert!(secret.len() > 10 && !contains(&bytes, &secret), "{secret} is in the database");
        }
        assert!(!contains(&bytes, "PRIVATE KEY") && !contains(&bytes, "\"d\":\""), "a private key is in the database");
    }
}

each_setup! {
    async fn no_password_is_in_an_answer(server: TestServer) {
        let admin = server.admin().await;
        let client = server.traditional().await;
        let made = admin.post("/api/users", json!({"username": "ken", "password": PASSWORD})).await.expect(200);
        let path = format!("/api/users/{}", made.json()["id"].as_str().unwrap());
        for answer in [
            made,
            admin.get(&path).await,
            admin.get("/api/users").await,
            admin.patch(&path, json!({"name": "Ken"})).await,
            admin.patch(&format!("{path}/password"), json!({"password": PASSWORD})).await,
            admin.patch(&path, json!({"name": 5, "password": PASSWORD})).await,
            admin.post("/api/users", json!({"username": "ken", "password": PASSWORD})).await,
            admin.post("/api/users", json!({"password": [PASSWORD]})).await,
            admin.post("/api/users", json!({"password": format!("{PASSWORD}\0")})).await,
            admin.post(&format!("{path}/password/verify"), json!({"password": format!("{PASSWORD} ")})).await,
            admin.get(&format!("/api/applications/{}", client.id)).await,
        ] {
            let text = answer.text();
            assert!(!text.contains(PASSWORD) && !text.contains("argon2"), "{text}");
            assert!(!text.contains(client.secret()), "{text}");
        }
    }
}
