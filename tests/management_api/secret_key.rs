//! Rotation of the secret key: everything stays readable, and the former keys go.

use meibo_app::{App, StartError};
use meibo_crypto::seal::MasterKey;
use meibo_store::db::Sql;
use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::parameter,
        server::{SECRET_KEY, TestServer},
    },
};

const NEW_KEY: &str = "YW5vdGhlciBrZXksIG5vdCBhIHNlY3JldCBlaXRoZXI=";

/// The ids of the data keys and of the keys that values are sealed with.
async fn key_ids(app: &App) -> (Vec<String>, Vec<String>) {
    let keys = app
        .database()
        .query(&Sql::from("SELECT id FROM data_keys ORDER BY id"), &[])
        .await
        .unwrap();
    let sealed = "SELECT private_sealed FROM signing_keys UNION ALL SELECT sealed FROM application_secrets \
        UNION ALL SELECT value FROM settings WHERE key LIKE 'sealed.%'";
    let sealed = app.database().query(&Sql::from(sealed), &[]).await.unwrap();
    let mut used: Vec<String> = sealed
        .iter()
        .map(|row| {
            meibo_crypto::seal::sealed_key_id(&row.text(0).unwrap())
                .unwrap()
                .to_owned()
        })
        .collect();
    used.sort_unstable();
    used.dedup();
    (keys.iter().map(|row| row.text(0).unwrap()).collect(), used)
}

each_setup! {
    async fn a_rotation_keeps_every_value_readable_and_removes_the_old_key(server: TestServer) {
        let admin = server.admin().await;
        let client = server.traditional().await;
        server.person("sakura").await;
        let secrets = format!("/api/applications/{}/secrets", client.id);
        let before = admin.get(&secrets).await.expect(200).json();
        let back = server.browser().sign_in(&client, "sakura", &[]).await;
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let jwks = server.get("/oidc/jwks").await.expect(200).json();
        let (old, used) = key_ids(server.app()).await;
        assert_eq!((old.len(), &used), (1, &old));

        let report = server.app().rotate_data_key().await.unwrap();
        assert_eq!(report.removed_keys, 1);
        assert!(report.resealed >= 4, "{report:?}");
        let (new, used) = key_ids(server.app()).await;
        assert_eq!((new.len(), &used), (1, &new));
        assert_ne!(new, old);

        // On each node, twice: what was sealed before, and what is sealed anew.
        for number in 0..2 * server.apps().count() {
            assert_eq!(admin.get(&secrets).await.expect(200).json(), before);
            let made = admin.post(&secrets, json!({"name": format!("s{number}")})).await.expect(201).json();
            let listed = admin.get(&secrets).await.expect(200).json();
            assert!(listed.as_array().unwrap().contains(&made));
            admin.delete(&format!("{secrets}/s{number}")).await.expect(204);
            server.machine_token(&server.machine(true).await, "all").await;
            server.refresh(&client, tokens["refresh_token"].as_str().unwrap(), &[]).await.expect(200);
        }
        assert_eq!(server.get("/oidc/jwks").await.expect(200).json(), jwks);
        server.reopen(SECRET_KEY).await.unwrap().close().await;
    }
}

each_setup! {
    async fn a_new_secret_key_replaces_the_former_one(server: TestServer) {
        let admin = server.admin().await;
        let machine = server.machine(false).await;
        let secrets = format!("/api/applications/{}/secrets", machine.id);
        let before = admin.get(&secrets).await.expect(200).json();
        server.app().exchange_secret_key(&MasterKey::parse(NEW_KEY).unwrap()).await.unwrap();
        for _ in 0..2 {
            assert_eq!(admin.get(&secrets).await.expect(200).json(), before, "running nodes go on");
        }
        assert!(matches!(server.reopen(SECRET_KEY).await, Err(StartError::WrongSecretKey)));
        let reopened = server.reopen(NEW_KEY).await.unwrap();
        let id = meibo_domain::ids::ApplicationId::parse(machine.id.as_str()).unwrap();
        let listed = reopened.list_secrets(&crate::support::server::operator(), &id).await.unwrap();
        assert_eq!(listed[0].value, machine.secret());
        reopened.close().await;
    }
}

each_setup! {
    async fn another_secret_key_is_refused_by_the_name_of_its_setting(server: TestServer) {
        let Err(error) = server.reopen(NEW_KEY).await else { panic!("it started") };
        let text = error.to_string();
        assert!(matches!(error, StartError::WrongSecretKey), "{text}");
        assert!(text.contains("MEIBO_SECRET_KEY") && text.contains("--secret-key") && !text.contains(NEW_KEY), "{text}");
        server.get("/readyz").await.expect(200);
    }
}
