//! Changes that meet, on two nodes over one PostgreSQL (and on the others, which must not differ).

use futures_util::future::join_all;
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{answer::Answer, browser::parameter, client::ApiClient, server::TestServer},
};

/// Patches at the same time, each from its own task.
async fn patch_at_once(admin: &ApiClient, changes: Vec<(String, Value)>) -> Vec<Answer> {
    let calls = changes.into_iter().map(|(path, body)| {
        let admin = admin.clone();
        tokio::spawn(async move { admin.patch(&path, body).await })
    });
    join_all(calls)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

fn count(answers: &[Answer], status: StatusCode) -> usize {
    answers
        .iter()
        .filter(|answer| answer.status == status)
        .count()
}

each_setup! {
    async fn changes_of_different_members_of_a_user_are_all_kept(server: TestServer) {
        let admin = server.admin().await;
        let made = admin.post("/api/users", json!({})).await.expect(200).json();
        let path = format!("/api/users/{}", made["id"].as_str().unwrap());
        for round in 0..10 {
            let answers = patch_at_once(&admin, vec![
                (path.clone(), json!({"name": format!("n{round}")})),
                (path.clone(), json!({"username": format!("u{round}")})),
                (path.clone(), json!({"avatar": format!("https://a.example/{round}")})),
                (format!("{path}/profile"), json!({"profile": {"nickname": format!("k{round}")}})),
                (format!("{path}/profile"), json!({"profile": {"givenName": format!("g{round}")}})),
                (format!("{path}/custom-data"), json!({"customData": {format!("a{round}"): round}})),
                (format!("{path}/custom-data"), json!({"customData": {format!("b{round}"): round}})),
            ]).await;
            assert_eq!(count(&answers, StatusCode::OK), 7, "{answers:?}");
            let user = admin.get(&path).await.expect(200).json();
            assert_eq!(user["name"], format!("n{round}"));
            assert_eq!(user["username"], format!("u{round}"));
            assert_eq!(user["avatar"], format!("https://a.example/{round}"));
            assert_eq!(user["profile"], json!({"nickname": format!("k{round}"), "givenName": format!("g{round}")}));
            assert_eq!(user["customData"].as_object().unwrap().len(), 2 * (round + 1));
        }
    }
}

each_setup! {
    async fn changes_of_different_members_of_a_resource_or_scope_are_all_kept(server: TestServer) {
        let admin = server.admin().await;
        let resource = admin.post("/api/resources", json!({"name": "R", "indicator": "urn:r"})).await.expect(201).json();
        let path = format!("/api/resources/{}", resource["id"].as_str().unwrap());
        let scope = admin.post(&format!("{path}/scopes"), json!({"name": "s"})).await.expect(201).json();
        let scope_path = format!("{path}/scopes/{}", scope["id"].as_str().unwrap());
        for round in 0..10 {
            let answers = patch_at_once(&admin, vec![
                (path.clone(), json!({"name": format!("R{round}")})),
                (path.clone(), json!({"accessTokenTtl": 100 + round})),
                (scope_path.clone(), json!({"name": format!("s{round}")})),
                (scope_path.clone(), json!({"description": format!("d{round}")})),
            ]).await;
            assert_eq!(count(&answers, StatusCode::OK), 4, "{answers:?}");
            let resource = admin.get(&path).await.expect(200).json();
            assert_eq!((&resource["name"], &resource["accessTokenTtl"]), (&json!(format!("R{round}")), &json!(100 + round)));
            let scope = admin.get(&format!("{path}/scopes")).await.expect(200).json()[0].clone();
            assert_eq!((&scope["name"], &scope["description"]), (&json!(format!("s{round}")), &json!(format!("d{round}"))));
        }
    }
}

each_setup! {
    async fn changes_of_different_members_of_an_application_are_all_kept(server: TestServer) {
        let admin = server.admin().await;
        let path = format!("/api/applications/{}", server.spa().await.id);
        for round in 0..10 {
            let answers = patch_at_once(&admin, vec![
                (path.clone(), json!({"name": format!("n{round}")})),
                (path.clone(), json!({"description": format!("d{round}")})),
                (format!("{path}/custom-data"), json!({format!("a{round}"): round})),
                (format!("{path}/custom-data"), json!({format!("b{round}"): round})),
            ]).await;
            assert_eq!(count(&answers, StatusCode::OK), 4, "{answers:?}");
            let application = admin.get(&path).await.expect(200).json();
            assert_eq!(application["name"], format!("n{round}"));
            assert_eq!(application["description"], format!("d{round}"));
            assert_eq!(application["customData"].as_object().unwrap().len(), 2 * (round + 1));
        }
    }
}

each_setup! {
    async fn of_fifty_creations_of_one_username_one_succeeds(server: TestServer) {
        let admin = server.admin().await;
        for body in [
            json!({"username": "one"}), json!({"primaryEmail": "one@example.com"}), json!({"primaryPhone": "819012345678"}),
        ] {
            let calls = (0..50).map(|_| {
                let (admin, body) = (admin.clone(), body.clone());
                tokio::spawn(async move { admin.post("/api/users", body).await })
            });
            let answers: Vec<Answer> = join_all(calls).await.into_iter().map(Result::unwrap).collect();
            assert_eq!(count(&answers, StatusCode::OK), 1, "{body}");
            assert_eq!(count(&answers, StatusCode::UNPROCESSABLE_ENTITY), 49, "{body}");
        }
        assert_eq!(admin.get("/api/users").await.header("total-number"), "3");
    }
}

each_setup! {
    async fn a_user_that_is_changed_and_deleted_at_once_is_gone(server: TestServer) {
        let admin = server.admin().await;
        for _ in 0..10 {
            let made = admin.post("/api/users", json!({"username": "met"})).await.expect(200).json();
            let path = format!("/api/users/{}", made["id"].as_str().unwrap());
            let deletion = {
                let (admin, path) = (admin.clone(), path.clone());
                tokio::spawn(async move { admin.delete(&path).await })
            };
            let changes = patch_at_once(&admin, vec![
                (path.clone(), json!({"name": "a"})), (path.clone(), json!({"username": "met"})),
                (format!("{path}/is-suspended"), json!({"isSuspended": true})),
            ]).await;
            deletion.await.unwrap().expect(204);
            for answer in changes {
                assert!([200, 404].contains(&answer.status.as_u16()), "{answer:?}");
            }
            admin.get(&path).await.expect(404);
        }
        assert_eq!(admin.get("/api/users").await.header("total-number"), "0");
    }
}

each_setup! {
    async fn no_token_outlives_a_suspension(server: TestServer) {
        let admin = server.admin().await;
        let client = server.spa().await;
        let person = server.person("sakura").await;
        let path = format!("/api/users/{}/is-suspended", person.id);
        for _ in 0..5 {
            admin.patch(&path, json!({"isSuspended": false})).await.expect(200);
            let back = server.browser().sign_in(&client, "sakura", &[]).await;
            let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
            let token = tokens["refresh_token"].as_str().unwrap().to_owned();
            let refreshing = {
                let (server, client) = (server.clone(), client.clone());
                tokio::spawn(async move { server.refresh(&client, &token, &[]).await })
            };
            let suspending = {
                let (admin, path) = (admin.clone(), path.clone());
                tokio::spawn(async move { admin.patch(&path, json!({"isSuspended": true})).await })
            };
            suspending.await.unwrap().expect(200);
            let refreshed = refreshing.await.unwrap();
            let mut access_tokens = vec![tokens["access_token"].clone()];
            let mut refresh_tokens = vec![tokens["refresh_token"].clone()];
            if refreshed.status == StatusCode::OK {
                access_tokens.push(refreshed.json()["access_token"].clone());
                refresh_tokens.push(refreshed.json()["refresh_token"].clone());
            } else {
                assert_eq!(refreshed.expect(400).json()["error"], "invalid_grant");
            }
            for token in access_tokens {
                server.bearer(token.as_str().unwrap()).get("/oidc/me").await.expect(401);
            }
            for token in refresh_tokens {
                let refused = server.refresh(&client, token.as_str().unwrap(), &[]).await.expect(400);
                assert_eq!(refused.json()["error"], "invalid_grant");
            }
        }
    }
}

each_setup! {
    async fn no_token_outlives_its_application(server: TestServer) {
        let admin = server.admin().await;
        for _ in 0..10 {
            let machine = server.machine(true).await;
            let asking = {
                let (server, machine) = (server.clone(), machine.clone());
                tokio::spawn(async move {
                    let fields = [
                        ("grant_type", "client_credentials"), ("client_id", machine.id.as_str()),
                        ("client_secret", machine.secret()), ("resource", "https://default.logto.app/api"), ("scope", "all"),
                    ];
                    server.post_form("/oidc/token", &fields).await
                })
            };
            admin.delete(&format!("/api/applications/{}", machine.id)).await.expect(204);
            let answer = asking.await.unwrap();
            if answer.status == StatusCode::OK {
                let token = answer.json()["access_token"].as_str().unwrap().to_owned();
                server.bearer(token).get("/api/users").await.expect(401);
            } else {
                assert_eq!(answer.expect(401).json()["error"], "invalid_client");
            }
        }
    }
}

each_setup! {
    async fn of_resources_made_the_default_at_once_one_is(server: TestServer) {
        let admin = server.admin().await;
        let mut paths = Vec::new();
        for number in 0..4 {
            let body = json!({"name": "R", "indicator": format!("urn:r{number}")});
            let made = admin.post("/api/resources", body).await.expect(201).json();
            paths.push(format!("/api/resources/{}/is-default", made["id"].as_str().unwrap()));
        }
        for _ in 0..10 {
            let changes = paths.iter().map(|path| (path.clone(), json!({"isDefault": true}))).collect();
            let answers = patch_at_once(&admin, changes).await;
            assert_eq!(count(&answers, StatusCode::OK), 4, "{answers:?}");
            let listed = admin.get("/api/resources").await.expect(200).json();
            let defaults = listed.as_array().unwrap().iter().filter(|one| one["isDefault"] == true).count();
            assert_eq!(defaults, 1);
            for path in &paths {
                admin.patch(path, json!({"isDefault": false})).await.expect(200);
            }
        }
    }
}

each_setup! {
    async fn of_secrets_made_with_one_name_at_once_one_is(server: TestServer) {
        let admin = server.admin().await;
        let path = format!("/api/applications/{}/secrets", server.machine(false).await.id);
        let calls = (0..20).map(|_| {
            let (admin, path) = (admin.clone(), path.clone());
            tokio::spawn(async move { admin.post(&path, json!({"name": "one"})).await })
        });
        let answers: Vec<Answer> = join_all(calls).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(count(&answers, StatusCode::CREATED), 1);
        assert_eq!(count(&answers, StatusCode::UNPROCESSABLE_ENTITY), 19);
        assert_eq!(admin.get(&path).await.json().as_array().unwrap().len(), 2);
    }
}
