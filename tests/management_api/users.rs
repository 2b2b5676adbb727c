//! `/api/users`: create, get, change, delete.

use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        browser::parameter,
        client::ApiClient,
        server::{START, TestServer},
    },
};

/// Creates a user and gives it as answered.
async fn create(admin: &ApiClient, body: Value) -> Value {
    admin.post("/api/users", body).await.expect(200).json()
}

fn path_of(user: &Value) -> String {
    format!("/api/users/{}", user["id"].as_str().unwrap())
}

each_setup! {
    async fn a_bare_user_is_all_nulls(server: TestServer) {
        let admin = server.admin().await;
        let answer = admin.post("/api/users", json!({})).await.expect(200);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        let made = answer.json();
        let id = made["id"].as_str().unwrap();
        assert!(id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{id}");
        let expected = json!({
            "id": id, "username": null, "primaryEmail": null, "primaryPhone": null, "name": null,
            "avatar": null, "customData": {}, "identities": {}, "lastSignInAt": null,
            "createdAt": START.0, "updatedAt": START.0, "profile": {}, "applicationId": null,
            "isSuspended": false, "hasPassword": false,
        });
        assert_eq!(made, expected);
        let got = admin.get(&path_of(&made)).await.expect(200);
        assert_eq!(got.json(), expected);
        assert!(got.header("etag").starts_with("W/\""), "{:?}", got.headers);
    }
}

each_setup! {
    async fn every_member_that_is_given_comes_back(server: TestServer) {
        let admin = server.admin().await;
        let given = json!({
            "username": "Sakura_1", "primaryEmail": "Sakura+x@Example.com", "primaryPhone": "819012345678",
            "name": "桜井さくら 👩‍👩‍👧 'q' \"d\" \\ $1 ?1 % _ <b>",
            "avatar": "https://img.example/桜.png?a=1&b=2",
            "customData": {"tier": 2, "tags": ["a", null, 1.5, true], "深い": {"x": {"y": {}}}, "": ""},
            "profile": {
                "familyName": "桜井", "givenName": "さくら", "middleName": "M.", "nickname": "さく",
                "preferredUsername": "sakura", "profile": "https://people.example/s",
                "website": "http://s.example/", "gender": "female", "birthdate": "1990-05-15",
                "zoneinfo": "Asia/Tokyo", "locale": "ja-JP",
                "address": {
                    "formatted": "千代田区\n東京", "streetAddress": "1-1\r\n2F", "locality": "千代田区",
                    "region": "東京都", "postalCode": "100-0001", "country": "日本",
                },
            },
            "password": "x",
        });
        let made = create(&admin, given.clone()).await;
        let mut expected = given;
        let members = expected.as_object_mut().unwrap();
        members.remove("password");
        let read_only = json!({
            "id": made["id"], "identities": {}, "lastSignInAt": null, "createdAt": START.0,
            "updatedAt": START.0, "applicationId": null, "isSuspended": false, "hasPassword": true,
        });
        members.extend(read_only.as_object().unwrap().clone());
        assert_eq!(made, expected);
        assert_eq!(admin.get(&path_of(&made)).await.expect(200).json(), expected);
        expected["ssoIdentities"] = json!([]);
        let path = format!("{}?includeSsoIdentities=true", path_of(&made));
        assert_eq!(admin.get(&path).await.expect(200).json(), expected);
    }
}

each_setup! {
    async fn an_empty_string_is_no_value(server: TestServer) {
        let admin = server.admin().await;
        let made = create(&admin, json!({
            "username": "", "primaryEmail": "", "primaryPhone": "", "name": "", "avatar": "",
            "profile": {"nickname": "", "address": {"country": ""}},
        })).await;
        for member in ["username", "primaryEmail", "primaryPhone", "name", "avatar"] {
            assert_eq!(made[member], Value::Null, "{member}");
        }
        assert_eq!(made["profile"], json!({}));
        create(&admin, json!({"username": "", "primaryEmail": "", "primaryPhone": ""})).await;
    }
}

each_setup! {
    async fn a_change_keeps_what_is_absent_and_clears_by_null_and_by_nothing(server: TestServer) {
        let admin = server.admin().await;
        let full = json!({
            "username": "ken", "primaryEmail": "ken@example.com", "primaryPhone": "819012345678",
            "name": "Ken", "avatar": "https://img.example/k.png",
        });
        let path = path_of(&create(&admin, full.clone()).await);
        let others = json!({
            "username": "ken2", "primaryEmail": "ken2@example.com", "primaryPhone": "819012345679",
            "name": "Ken 2", "avatar": "https://img.example/k2.png",
        });
        for member in full.as_object().unwrap().keys() {
            for clear in [json!(null), json!("")] {
                let set = admin.patch(&path, json!({member: others[member]})).await.expect(200).json();
                assert_eq!(set[member], others[member]);
                let cleared = admin.patch(&path, json!({member: clear})).await.expect(200).json();
                assert_eq!(cleared[member], Value::Null, "{member} by {clear}");
            }
            admin.patch(&path, json!({member: full[member]})).await.expect(200);
            let kept = admin.patch(&path, json!({})).await.expect(200).json();
            for (name, value) in full.as_object().unwrap() {
                assert_eq!(&kept[name], value, "{name} after changes of {member}");
            }
            assert_eq!(admin.get(&path).await.expect(200).json(), kept);
        }
    }
}

each_setup! {
    async fn a_change_moves_updated_at_and_nothing_else(server: TestServer) {
        let admin = server.admin().await;
        let made = create(&admin, json!({"name": "A", "customData": {"a": 1}})).await;
        server.wait(std::time::Duration::from_millis(1234));
        let changed = admin.patch(&path_of(&made), json!({"name": "B"})).await.expect(200).json();
        let mut expected = made;
        expected["name"] = json!("B");
        expected["updatedAt"] = json!(START.0 + 1234);
        assert_eq!(changed, expected);
    }
}

each_setup! {
    async fn profile_and_custom_data_are_replaced_by_a_change(server: TestServer) {
        let admin = server.admin().await;
        let made = create(&admin, json!({
            "profile": {"nickname": "n", "address": {"country": "JP"}}, "customData": {"a": 1, "b": {"c": 2}},
        })).await;
        let path = path_of(&made);
        let body = json!({"profile": {"givenName": "G"}, "customData": {"b": {"d": null}}});
        let changed = admin.patch(&path, body).await.expect(200).json();
        assert_eq!(changed["profile"], json!({"givenName": "G"}));
        assert_eq!(changed["customData"], json!({"b": {"d": null}}));
        let emptied = admin.patch(&path, json!({"profile": {}, "customData": {}})).await.expect(200).json();
        assert_eq!((&emptied["profile"], &emptied["customData"]), (&json!({}), &json!({})));
    }
}

each_setup! {
    async fn members_that_a_route_does_not_know_are_ignored(server: TestServer) {
        let admin = server.admin().await;
        let strangers = json!({
            "id": "chosen", "isSuspended": true, "createdAt": 1, "updatedAt": 1, "lastSignInAt": 1, "login_id": "x",
            "identities": {"x": {"userId": "y"}}, "hasPassword": true, "roles": ["owner"], "tenantId": "x", "version": 9,
        });
        let made = create(&admin, strangers.clone()).await;
        assert_ne!(made["id"], "chosen");
        assert_eq!(made["createdAt"], START.0);
        let mut body = strangers;
        body["password"] = json!("not here");
        let changed = admin.patch(&path_of(&made), body).await.expect(200).json();
        assert_eq!(changed, made);
        assert_eq!(changed["hasPassword"], false);
    }
}

each_setup! {
    async fn identifiers_belong_to_one_user(server: TestServer) {
        let admin = server.admin().await;
        let first = create(&admin, json!({
            "username": "Hanako", "primaryEmail": "Hanako@Example.com", "primaryPhone": "819012345678",
        })).await;
        let second = create(&admin, json!({"name": "second"})).await;
        for (body, code) in [
            (json!({"username": "Hanako"}), "user.username_already_in_use"),
            (json!({"username": "hANAKO"}), "user.username_already_in_use"),
            (json!({"primaryEmail": "hanako@EXAMPLE.com"}), "user.email_already_in_use"),
            (json!({"primaryPhone": "819012345678"}), "user.phone_already_in_use"),
            (json!({"primaryPhone": "+819012345678"}), "user.phone_already_in_use"),
        ] {
            let refused = admin.post("/api/users", body.clone()).await.expect(422);
            assert_eq!(refused.code(), code, "{body}");
            let refused = admin.patch(&path_of(&second), body.clone()).await.expect(422);
            assert_eq!(refused.code(), code, "{body}");
        }
        assert_eq!(admin.get(&path_of(&second)).await.json(), second, "a refused change changes nothing");

        // Their owner may write them otherwise, and whoever comes after a clearing may have them.
        let own = json!({"username": "HANAKO", "primaryEmail": "hanako@example.com", "primaryPhone": "+819012345678"});
        let kept = admin.patch(&path_of(&first), own).await.expect(200).json();
        assert_eq!(kept["primaryPhone"], "819012345678");
        assert_eq!((&kept["username"], &kept["primaryEmail"]), (&json!("HANAKO"), &json!("hanako@example.com")));
        admin.patch(&path_of(&first), json!({"username": null, "primaryEmail": ""})).await.expect(200);
        admin.delete(&path_of(&first)).await.expect(204);
        let all = json!({"username": "hanako", "primaryEmail": "hanako@example.com", "primaryPhone": "819012345678"});
        admin.patch(&path_of(&second), all).await.expect(200);
    }
}

each_setup! {
    async fn a_wrong_member_is_named(server: TestServer) {
        let admin = server.admin().await;
        let path = path_of(&create(&admin, json!({})).await);
        let long = |count: usize| "x".repeat(count);
        for (body, line) in [
            (json!({"username": "1a"}), "Error in key path \"username\": (username)"),
            (json!({"username": "名前"}), "Error in key path \"username\": (username)"),
            (json!({"username": long(129)}), "Error in key path \"username\": (username)"),
            (json!({"primaryEmail": "a@b"}), "Error in key path \"primaryEmail\": (email)"),
            (json!({"primaryEmail": "a@b.example\r\nBcc: c@d.example"}), "Error in key path \"primaryEmail\": (email)"),
            (json!({"primaryEmail": format!("{}@b.example", long(128))}), "Error in key path \"primaryEmail\": (email)"),
            (json!({"primaryPhone": "090-1234-5678"}), "Error in key path \"primaryPhone\": (phone)"),
            (json!({"name": long(129)}), "Error in key path \"name\": (too_long)"),
            (json!({"name": "a\u{7}"}), "Error in key path \"name\": (control_character)"),
            (json!({"avatar": "javascript:alert(1)"}), "Error in key path \"avatar\": (url)"),
            (json!({"avatar": "/a.png"}), "Error in key path \"avatar\": (url)"),
            (json!({"avatar": format!("https://a.example/{}", long(2048))}), "Error in key path \"avatar\": (too_long)"),
            (json!({"profile": {"birthdate": "1990-02-30"}}), "Error in key path \"profile.birthdate\": (date)"),
            (json!({"profile": {"website": "x"}}), "Error in key path \"profile.website\": (url)"),
            (json!({"profile": {"familyName": long(256)}}), "Error in key path \"profile.familyName\": (too_long)"),
            (json!({"profile": {"address": {"country": long(256)}}}), "Error in key path \"profile.address.country\": (too_long)"),
            (json!({"profile": {"address": "Tokyo"}}), "Error in key path \"profile.address\": (type) expected an object"),
            (json!({"customData": {"a": long(70_000)}}), "Error in key path \"customData\": (too_long)"),
            (json!({"customData": []}), "Error in key path \"customData\": (type)"),
        ] {
            for refused in [admin.post("/api/users", body.clone()).await, admin.patch(&path, body.clone()).await] {
                let error = refused.expect(400).json();
                assert_eq!(error["code"], "guard.invalid_input", "{body}");
                let details = error["details"].as_str().unwrap();
                assert!(details.starts_with(line), "{details}");
            }
        }
        let refused = admin.post("/api/users", json!({"primaryPhone": "1"})).await.expect(422);
        assert_eq!(refused.code(), "user.invalid_phone");
        let users = admin.get("/api/users").await.expect(200);
        assert_eq!(users.header("total-number"), "1", "nothing was made");
    }
}

each_setup! {
    async fn digests_are_neither_taken_nor_given(server: TestServer) {
        let admin = server.admin().await;
        for (body, status, code) in [
            (json!({"passwordDigest": "d", "password": "p"}), 400, "user.password_and_digest"),
            (json!({"passwordDigest": "d"}), 400, "user.password_algorithm_required"),
            (json!({"passwordDigest": "d", "passwordAlgorithm": "Bcrypt"}), 422, "user.password_digest_invalid"),
        ] {
            let refused = admin.post("/api/users", body).await.expect(status);
            assert_eq!(refused.code(), code);
        }
        let path = path_of(&create(&admin, json!({"password": "p"})).await);
        for path in [format!("{path}?includePasswordHash=true"), "/api/users?includePasswordHash=true".to_owned()] {
            assert_eq!(admin.get(&path).await.expect(403).code(), "auth.forbidden");
        }
    }
}

each_setup! {
    async fn a_deleted_user_is_gone_with_sessions_and_tokens(server: TestServer) {
        let admin = server.admin().await;
        let client = server.traditional().await;
        let person = server.person("sakura").await;
        let path = format!("/api/users/{}", person.id);
        let mut browser = server.browser();
        let back = browser.sign_in(&client, "sakura", &[]).await;
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let back = browser.authorize(&client, &[]).await.elsewhere();
        let unused_code = parameter(&back, "code").unwrap();

        let deleted = admin.delete(&path).await.expect(204);
        assert!(deleted.body.is_empty());
        for answer in [
            admin.get(&path).await,
            admin.patch(&path, json!({"name": "x"})).await,
            admin.delete(&path).await,
            admin.get(&format!("{path}/custom-data")).await,
            admin.patch(&format!("{path}/custom-data"), json!({"customData": {}})).await,
            admin.patch(&format!("{path}/profile"), json!({"profile": {}})).await,
            admin.patch(&format!("{path}/password"), json!({"password": "x"})).await,
            admin.post(&format!("{path}/password/verify"), json!({"password": "x"})).await,
            admin.get(&format!("{path}/has-password")).await,
            admin.patch(&format!("{path}/is-suspended"), json!({"isSuspended": true})).await,
        ] {
            assert_eq!(answer.expect(404).code(), "entity.not_exists_with_id");
        }
        assert_eq!(admin.get("/api/users").await.expect(200).json(), json!([]));

        server.bearer(tokens["access_token"].as_str().unwrap()).get("/oidc/me").await.expect(401);
        server.refresh(&client, tokens["refresh_token"].as_str().unwrap(), &[]).await.expect(400);
        server.redeem(&client, &unused_code, &[]).await.expect(400);
        let (page, _) = browser.authorize(&client, &[]).await.page();
        assert!(page.starts_with("/sign-in?"), "{page}");

        // The name is free, and its next holder is somebody else.
        let again = create(&admin, json!({"username": "sakura", "primaryEmail": "sakura@example.com"})).await;
        assert_ne!(again["id"], person.id.as_str());
    }
}

each_setup! {
    async fn a_sign_in_is_seen_in_the_user(server: TestServer) {
        let admin = server.admin().await;
        let client = server.traditional().await;
        let person = server.person("sakura").await;
        server.wait(std::time::Duration::from_secs(5));
        server.browser().sign_in(&client, "sakura", &[]).await;
        let user = admin.get(&format!("/api/users/{}", person.id)).await.expect(200).json();
        assert_eq!(user["lastSignInAt"], START.0 + 5000);
        assert_eq!(user["applicationId"], client.id);
    }
}

each_setup! {
    async fn what_was_read_before_is_not_sent_again(server: TestServer) {
        let admin = server.admin().await;
        let made = create(&admin, json!({"name": "A"})).await;
        let path = path_of(&made);
        let etag = admin.get(&path).await.header("etag").to_owned();
        let ask = || http::Request::get(&path).header("if-none-match", &etag);
        let unchanged = admin.send(ask(), "").await.expect(304);
        assert!(unchanged.body.is_empty());
        admin.patch(&path, json!({"name": "B"})).await.expect(200);
        assert_eq!(admin.send(ask(), "").await.expect(200).json()["name"], "B");
    }
}
