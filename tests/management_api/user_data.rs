//! `/api/users/{userId}/custom-data` and `/profile`: merged by their own routes.

use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{client::ApiClient, server::TestServer},
};

async fn path_of_new(admin: &ApiClient, body: Value) -> String {
    let made = admin.post("/api/users", body).await.expect(200).json();
    format!("/api/users/{}", made["id"].as_str().unwrap())
}

each_setup! {
    async fn custom_data_is_merged_at_its_first_level(server: TestServer) {
        let admin = server.admin().await;
        let path = path_of_new(&admin, json!({"name": "n", "customData": {"a": {"x": 1}, "b": 2}})).await;
        let data = format!("{path}/custom-data");
        assert_eq!(admin.get(&data).await.expect(200).json(), json!({"a": {"x": 1}, "b": 2}));
        let body = json!({"customData": {"a": {"y": [1, {}]}, "c": null}, "ignored": 1});
        let merged = admin.patch(&data, body).await.expect(200).json();
        assert_eq!(merged, json!({"a": {"y": [1, {}]}, "b": 2, "c": null}));
        assert_eq!(admin.get(&data).await.expect(200).json(), merged);
        let user = admin.get(&path).await.expect(200).json();
        assert_eq!((&user["customData"], &user["name"]), (&merged, &json!("n")));
        assert_eq!(admin.patch(&data, json!({"customData": {}})).await.expect(200).json(), merged);
    }
}

each_setup! {
    async fn custom_data_keeps_its_bounds_when_it_grows(server: TestServer) {
        let admin = server.admin().await;
        let path = path_of_new(&admin, json!({"customData": {"a": "x".repeat(60_000)}})).await;
        let data = format!("{path}/custom-data");
        let before = admin.get(&data).await.json();
        let body = json!({"customData": {"b": "x".repeat(10_000)}});
        let error = admin.patch(&data, body).await.expect(400).json();
        assert!(error["details"].as_str().unwrap().starts_with("Error in key path \"customData\": (too_long)"));
        assert_eq!(admin.get(&data).await.json(), before);
        for body in [json!({}), json!({"customData": null}), json!({"customData": [1]}), json!({"customData": "{}"})] {
            let error = admin.patch(&data, body).await.expect(400).json();
            assert!(error["details"].as_str().unwrap().starts_with("Error in key path \"customData\""), "{error}");
        }
    }
}

each_setup! {
    async fn numbers_in_custom_data_stay_what_they_are(server: TestServer) {
        let admin = server.admin().await;
        let path = path_of_new(&admin, json!({})).await;
        let body = r#"{"customData":{"big":18446744073709551615,"low":-9223372036854775808,"half":0.5,"tiny":1e-7,"one":1.0}}"#;
        admin.call(http::Method::PATCH, &format!("{path}/custom-data"), Some(body.to_owned())).await.expect(200);
        let text = admin.get(&format!("{path}/custom-data")).await.expect(200).text();
        for part in ["\"big\":18446744073709551615", "\"low\":-9223372036854775808", "\"half\":0.5", "\"one\":1.0"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}

each_setup! {
    async fn a_profile_is_merged_at_its_first_level(server: TestServer) {
        let admin = server.admin().await;
        let path = path_of_new(&admin, json!({
            "profile": {"nickname": "n", "gender": "x", "address": {"country": "JP", "locality": "Tokyo"}},
        })).await;
        let profile = format!("{path}/profile");
        let body = json!({"profile": {"givenName": "G", "gender": "", "address": {"locality": "Kyoto"}, "other": 1}});
        let merged = admin.patch(&profile, body).await.expect(200).json();
        assert_eq!(merged, json!({"nickname": "n", "givenName": "G", "address": {"locality": "Kyoto"}}));
        assert_eq!(admin.get(&path).await.json()["profile"], merged);
        let cleared = admin.patch(&profile, json!({"profile": {"address": null, "nickname": null}})).await.expect(200);
        assert_eq!(cleared.json(), json!({"givenName": "G"}));
        let error = admin.patch(&profile, json!({"profile": {"birthdate": "15 May"}})).await.expect(400).json();
        assert!(error["details"].as_str().unwrap().starts_with("Error in key path \"profile.birthdate\": (date)"), "{error}");
        for body in [json!({}), json!({"profile": null}), json!({"profile": ["a"]})] {
            let error = admin.patch(&profile, body).await.expect(400).json();
            assert!(error["details"].as_str().unwrap().starts_with("Error in key path \"profile\""), "{error}");
        }
    }
}
