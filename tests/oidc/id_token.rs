//! The ID token: OpenID Connect Core sections 2, 3.1.3.6 and 5.

use meibo_domain::{
    application::{ApplicationType, CustomClientMetadata},
    custom_data::CustomData,
    email::EmailAddress,
    phone::PhoneNumber,
    profile::{Address, Profile},
    user::NewUser,
    username::Username,
};
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        fixtures::PASSWORD,
        server::{START, TestServer, operator},
        tokens::text,
    },
};

/// Every scope that gives claims.
const ALL: (&str, &str) = (
    "scope",
    "openid profile email phone address custom_data roles",
);

/// Somebody of whom everything is known.
async fn full_person(server: &TestServer) -> String {
    let text = |value: &str| Some(value.to_owned());
    let custom_data = json!({"plan": "gold"}).as_object().unwrap().clone();
    let new = NewUser {
        username: Some(Username::parse("sakura").unwrap()),
        primary_email: Some(EmailAddress::parse("sakura@example.com").unwrap()),
        primary_phone: Some(PhoneNumber::parse("819012345678").unwrap()),
        name: text("桜井さくら"),
        avatar: text("https://img.example/sakura.png"),
        profile: Profile {
            family_name: text("桜井"),
            given_name: text("さくら"),
            gender: text("female"),
            birthdate: text("1990-04-01"),
            zoneinfo: text("Asia/Tokyo"),
            locale: text("ja-JP"),
            address: Some(Address {
                postal_code: text("100-0001"),
                locality: text("千代田区"),
                ..Address::default()
            }),
            ..Profile::default()
        },
        custom_data: CustomData::parse(custom_data).unwrap(),
    };
    let user = server
        .app()
        .create_user(&operator(), new, Some(PASSWORD.to_owned()))
        .await
        .unwrap();
    user.id.to_string()
}

each_setup! {
    async fn oidc_core_5_4_claims_are_those_of_the_scopes(server: TestServer) {
        let id = full_person(&server).await;
        let client = server.traditional().await;
        let tokens = server.tokens(&client, "sakura", &[ALL, ("nonce", "n-0S6_WzA2Mj")]).await;
        let token = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await;
        assert_eq!(token.header["typ"], "JWT");
        assert_eq!(token.header["alg"], "RS256");
        let mut claims = token.claims;
        let sid = claims.remove("sid").unwrap();
        assert!(!sid.as_str().unwrap().is_empty());
        assert_eq!(
            Value::Object(claims),
            json!({
                "sub": id,
                "name": "桜井さくら",
                "family_name": "桜井",
                "given_name": "さくら",
                "preferred_username": "sakura",
                "picture": "https://img.example/sakura.png",
                "gender": "female",
                "birthdate": "1990-04-01",
                "zoneinfo": "Asia/Tokyo",
                "locale": "ja-JP",
                "username": "sakura",
                "updated_at": START.millis(),
                "created_at": START.millis(),
                "email": "sakura@example.com",
                "email_verified": true,
                "phone_number": "819012345678",
                "phone_number_verified": true,
                "address": {"locality": "千代田区", "postal_code": "100-0001"},
                "roles": [],
                "nonce": "n-0S6_WzA2Mj",
                "auth_time": START.seconds(),
                "amr": ["pwd"], "acr": "urn:meibo:acr:1",
                "aud": client.id,
                "exp": START.seconds() + 3600,
                "iat": START.seconds(),
                "iss": "http://id.example/oidc",
            })
        );

        // Userinfo says the same of the person, and has the custom data.
        let userinfo = server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200).json();
        assert_eq!(userinfo["custom_data"], json!({"plan": "gold"}));
        assert_eq!(userinfo["address"], json!({"locality": "千代田区", "postal_code": "100-0001"}));
        assert_eq!(userinfo["phone_number"], "819012345678");
    }
}

each_setup! {
    async fn oidc_core_5_3_2_what_is_unset_is_left_out_and_never_null(server: TestServer) {
        let new = NewUser { username: Some(Username::parse("kaede").unwrap()), ..NewUser::default() };
        server.app().create_user(&operator(), new, Some(PASSWORD.to_owned())).await.unwrap();
        let client = server.spa().await;
        let tokens = server.tokens(&client, "kaede", &[ALL]).await;
        let token = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await;
        let names: Vec<&str> = token.claims.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "sub", "preferred_username", "username", "updated_at", "created_at", "roles", "sid", "auth_time", "amr", "acr",
                "aud", "exp", "iat", "iss"
            ]
        );
        assert!(token.claims.values().all(|value| !value.is_null()));
        let userinfo = server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200).json();
        assert!(userinfo.as_object().unwrap().values().all(|value| !value.is_null()), "{userinfo}");
        assert_eq!(userinfo.get("email_verified"), None);
    }
}

each_setup! {
    async fn oidc_core_3_1_2_1_without_openid_there_is_no_id_token(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[("scope", "profile offline_access")]).await;
        assert_eq!(tokens.get("id_token"), None);
        let answer = server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(403);
        assert_eq!(answer.json()["error"], "insufficient_scope");
        assert!(answer.header("www-authenticate").contains("insufficient_scope"));
    }
}

each_setup! {
    async fn an_application_chooses_algorithm_and_life(server: TestServer) {
        server.person("sakura").await;
        let custom = CustomClientMetadata {
            id_token_signed_response_alg: Some("ES256".to_owned()),
            id_token_ttl: Some(300),
            ..CustomClientMetadata::default()
        };
        let client = server.application(ApplicationType::Spa, custom).await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let token = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await;
        assert_eq!(token.header["alg"], "ES256");
        assert_eq!(token.claims["exp"], START.seconds() + 300);
    }
}
