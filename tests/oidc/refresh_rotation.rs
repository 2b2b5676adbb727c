//! Rotation of refresh tokens: RFC 9700 section 4.14.2.

use std::{collections::BTreeSet, time::Duration};

use futures_util::future::join_all;
use meibo_domain::application::{ApplicationType, CustomClientMetadata};

use crate::{
    each_setup,
    support::{server::TestServer, tokens::text},
};

const DAY: Duration = Duration::from_secs(86_400);

each_setup! {
    async fn rfc9700_4_14_2_a_public_clients_token_has_one_successor(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let first = server.tokens(&client, "sakura", &[]).await;
        let token = text(&first, "refresh_token");
        let second = server.refresh(&client, token, &[]).await.expect(200).json();
        let successor = text(&second, "refresh_token");
        assert_ne!(successor, token);
        server.wait(Duration::from_millis(9_999));
        let again = server.refresh(&client, token, &[]).await.expect(200).json();
        assert_eq!(text(&again, "refresh_token"), successor);
        assert_ne!(again["access_token"], second["access_token"]);
        // The successor works, and its own successor is another.
        let third = server.refresh(&client, successor, &[]).await.expect(200).json();
        assert_ne!(text(&third, "refresh_token"), successor);
    }
}

each_setup! {
    async fn rfc9700_4_14_2_reuse_revokes_the_whole_grant(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let first = server.tokens(&client, "sakura", &[]).await;
        let second = server.refresh(&client, text(&first, "refresh_token"), &[]).await.expect(200).json();
        let elsewhere = server.tokens(&client, "sakura", &[]).await;
        server.wait(Duration::from_secs(10));
        let answer = server.refresh(&client, text(&first, "refresh_token"), &[]).await.expect(400);
        assert_eq!(answer.json()["error"], "invalid_grant");
        for tokens in [&first, &second] {
            server.refresh(&client, text(tokens, "refresh_token"), &[]).await.expect(400);
            server.bearer(text(tokens, "access_token")).get("/oidc/me").await.expect(401);
        }
        // The same person's other grant has nothing to do with it.
        server.refresh(&client, text(&elsewhere, "refresh_token"), &[]).await.expect(200);
    }
}

each_setup! {
    async fn fifty_refreshes_at_once_have_one_distinct_successor(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let mut token = text(&server.tokens(&client, "sakura", &[]).await, "refresh_token").to_owned();
        for round in 0..3 {
            let tries = (0..50).map(|_| {
                let (server, client, token) = (server.clone(), client.clone(), token.clone());
                tokio::spawn(async move { server.refresh(&client, &token, &[]).await })
            });
            let answers: Vec<_> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
            let mut successors = BTreeSet::new();
            for answer in answers {
                let tokens = answer.expect(200).json();
                successors.insert(text(&tokens, "refresh_token").to_owned());
                server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200);
            }
            assert_eq!(successors.len(), 1, "round {round}");
            token = successors.pop_first().unwrap();
        }
    }
}

each_setup! {
    async fn a_confidential_clients_token_rotates_after_seven_tenths_of_its_life(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let first = server.tokens(&client, "sakura", &[]).await;
        let token = text(&first, "refresh_token");
        // 9.8 of 14 days.
        server.wait(9 * DAY + DAY * 8 / 10 - Duration::from_millis(1));
        for _ in 0..2 {
            let same = server.refresh(&client, token, &[]).await.expect(200).json();
            assert_eq!(text(&same, "refresh_token"), token);
        }
        server.wait(Duration::from_millis(1));
        let next = server.refresh(&client, token, &[]).await.expect(200).json();
        assert_ne!(text(&next, "refresh_token"), token);
        // The successor has a life of its own.
        server.wait(13 * DAY);
        server.refresh(&client, text(&next, "refresh_token"), &[]).await.expect(200);
    }
}

each_setup! {
    async fn rotation_can_be_turned_off_for_a_confidential_client(server: TestServer) {
        server.person("sakura").await;
        let custom = CustomClientMetadata { rotate_refresh_token: Some(false), ..Default::default() };
        let client = server.application(ApplicationType::Traditional, custom).await;
        let first = server.tokens(&client, "sakura", &[]).await;
        server.wait(13 * DAY);
        let same = server.refresh(&client, text(&first, "refresh_token"), &[]).await.expect(200).json();
        assert_eq!(same["refresh_token"], first["refresh_token"]);
        server.wait(DAY);
        server.refresh(&client, text(&first, "refresh_token"), &[]).await.expect(400);
    }
}

each_setup! {
    async fn successors_survive_a_restart(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let first = server.tokens(&client, "sakura", &[]).await;
        let second = server.refresh(&client, text(&first, "refresh_token"), &[]).await.expect(200).json();
        let server = server.restarted().await;
        let again = server.refresh(&client, text(&first, "refresh_token"), &[]).await.expect(200).json();
        assert_eq!(again["refresh_token"], second["refresh_token"]);
        server.refresh(&client, text(&second, "refresh_token"), &[]).await.expect(200);
    }
}
