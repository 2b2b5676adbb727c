//! OpenID Connect Back-Channel Logout 1.0: every end of a session is told, once it is certain.

use std::{collections::BTreeSet, time::Duration};

use futures_util::future::join_all;
use http::Method;
use meibo_domain::{
    ids::{ApplicationId, UserId},
    job::{DEAD_DAYS, LOCK_TTL},
    time::days,
};
use meibo_store::{db::Sql, jobs};

use crate::{
    each_setup,
    support::{
        browser::{Browser, parameter},
        client::form,
        fixtures::{Client, PASSWORD, POST_LOGOUT_URI},
        process::until,
        relying_party::{Mood, RelyingParty},
        server::{TestServer, operator},
        tokens::{read_part, text},
    },
};

/// Without `offline_access`: what is granted ends with the session.
const ONLINE: [(&str, &str); 1] = [("scope", "openid profile")];

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

async fn sign_out(browser: &mut Browser, client: &Client) {
    let fields = [
        ("client_id", client.id.as_str()),
        ("post_logout_redirect_uri", POST_LOGOUT_URI),
    ];
    let path = format!("/oidc/session/end?{}", form(&fields));
    browser.get(&path).await.expect(303);
}

/// Every node does what is due.
async fn run_jobs(server: &TestServer) {
    let running = server.apps().map(|app| app.run_due_jobs());
    for done in join_all(running).await {
        done.unwrap();
    }
}

/// What the jobs say: tries, last error, given up?
async fn jobs_of(server: &TestServer) -> Vec<(i64, Option<String>, bool)> {
    let sql = Sql::from("SELECT attempts, last_error, failed_at FROM jobs ORDER BY id");
    let rows = server.app().database().query(&sql, &[]).await.unwrap();
    let read = rows.iter().map(|row| {
        let is_dead = row.opt_int(2).unwrap().is_some();
        (row.int(0).unwrap(), row.opt_text(1).unwrap(), is_dead)
    });
    read.collect()
}

each_setup! {
    async fn backchannel_logout_2_4_the_application_can_verify_its_token(server: TestServer) {
        let relying_party = RelyingParty::start().await;
        let client = relying_party.application(&server).await;
        let bystander = relying_party.application(&server).await;
        let person = server.person("sakura").await;
        let mut browser = server.browser();
        let back = browser.sign_in(&client, "sakura", &ONLINE).await;
        let code = parameter(&back, "code").unwrap();
        let tokens = server.redeem(&client, &code, &[]).await.expect(200).json();
        let id_token = read_part(text(&tokens, "id_token"), 1);
        sign_out(&mut browser, &client).await;
        assert!(relying_party.received().is_empty(), "told after the answer, not before");
        run_jobs(&server).await;
        let received = relying_party.received();
        assert_eq!(received.len(), 1, "by one node, once; {} was not used", bystander.id);
        let token = server.read_jwt(&received[0], "logout+jwt", &client.id).await;
        assert_eq!(token.header["alg"], "RS256");
        let claims = serde_json::Value::Object(token.claims);
        assert_eq!(claims["sub"], person.id.as_str());
        assert_eq!(claims["sid"], id_token["sid"]);
        assert_eq!(claims["events"], serde_json::json!({ EVENT: {} }));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 120);
        assert!(!text(&claims, "jti").is_empty());
        assert_eq!(claims.get("nonce"), None, "section 2.4: a nonce is prohibited");
        assert_eq!(jobs_of(&server).await, []);
    }
}

each_setup! {
    async fn backchannel_logout_2_1_discovery_says_so(server: TestServer) {
        let document = server.get("/oidc/.well-known/openid-configuration").await.expect(200).json();
        assert_eq!(document["backchannel_logout_supported"], true);
        assert_eq!(document["backchannel_logout_session_supported"], true);
    }
}

each_setup! {
    async fn a_silent_application_does_not_hold_the_person_up(server: TestServer) {
        let relying_party = RelyingParty::start().await;
        relying_party.set_mood(Mood::Silent);
        let client = relying_party.application(&server).await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &ONLINE).await;
        let _background: Vec<_> = server.apps().map(meibo_app::App::start_background).collect();
        // The answer comes although the application never gives its own.
        sign_out(&mut browser, &client).await;
        relying_party.arrival().await;
    }
}

each_setup! {
    async fn an_application_that_is_down_is_told_when_it_is_back(server: TestServer) {
        let relying_party = RelyingParty::start().await;
        relying_party.set_mood(Mood::Answering(503));
        let client = relying_party.application(&server).await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        sign_out(&mut browser, &client).await;
        run_jobs(&server).await;
        run_jobs(&server).await;
        assert_eq!(
            jobs_of(&server).await,
            [(1, Some("the application answered 503".to_owned()), false)],
            "not before its time"
        );
        relying_party.set_mood(Mood::Answering(204));
        server.wait(Duration::from_secs(7));
        // A restart forgets nothing.
        run_jobs(&server.restarted().await).await;
        let received = relying_party.received();
        assert_eq!(received.len(), 2);
        let (first, second) = (read_part(&received[0], 1), read_part(&received[1], 1));
        assert_eq!(first["jti"], second["jti"], "a repetition can be known");
        assert_ne!(first["exp"], second["exp"], "and is not too old");
        assert_eq!(jobs_of(&server).await, []);
    }
}

each_setup! {
    /// A node calls one host eight times at once; the other notices wait for a place, which is no failure.
    async fn many_notices_to_one_host_are_each_delivered_at_the_first_try(server: TestServer) {
        let relying_party = RelyingParty::start().await;
        let clients = join_all((0..20).map(|_| relying_party.application(&server))).await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&clients[0], "sakura", &ONLINE).await;
        for client in &clients[1..] {
            browser.authorize(client, &ONLINE).await.elsewhere();
        }
        sign_out(&mut browser, &clients[0]).await;
        let mut waiting = 20;
        while waiting > 0 {
            relying_party.set_mood(Mood::Pondering);
            let before = relying_party.received().len();
            let running = tokio::spawn({
                let server = server.clone();
                async move { run_jobs(&server).await }
            });
            let mut jobs = Vec::new();
            until("each notice is being delivered or waits for a place", async || {
                jobs = jobs_of(&server).await;
                let delivering = relying_party.received().len() - before;
                let tried = jobs.iter().filter(|(attempts, ..)| *attempts > 0).count();
                delivering >= waiting.min(8) && delivering == tried
            })
            .await;
            for (attempts, error, is_dead) in jobs {
                assert!((0..=1).contains(&attempts), "{attempts}");
                assert_eq!((error, is_dead), (None, false));
            }
            relying_party.set_mood(Mood::Answering(200));
            running.await.unwrap();
            let left = jobs_of(&server).await.len();
            assert!(left < waiting, "{left}");
            waiting = left;
            server.wait(Duration::from_secs(2));
        }
        let received = relying_party.received();
        let ids: BTreeSet<String> = received.iter().map(|token| text(&read_part(token, 1), "jti").to_owned()).collect();
        assert_eq!((received.len(), ids.len()), (20, 20));
    }
}

each_setup! {
    async fn backchannel_logout_2_8_a_refused_token_is_not_sent_again(server: TestServer) {
        let relying_party = RelyingParty::start().await;
        relying_party.set_mood(Mood::Answering(400));
        let client = relying_party.application(&server).await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &ONLINE).await;
        sign_out(&mut browser, &client).await;
        run_jobs(&server).await;
        server.wait(days(1));
        run_jobs(&server).await;
        assert_eq!(relying_party.received().len(), 1);
        let reason = "the application refused the logout token (400)".to_owned();
        assert_eq!(jobs_of(&server).await, [(1, Some(reason), true)]);
        server.wait(days(DEAD_DAYS));
        server.app().sweep().await;
        assert_eq!(jobs_of(&server).await, [], "kept for a month");
    }
}

each_setup! {
    async fn a_private_address_is_refused_and_the_job_says_so(server: TestServer) {
        let client = server.told_at("http://10.1.2.3/logout").await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &ONLINE).await;
        sign_out(&mut browser, &client).await;
        run_jobs(&server).await;
        let jobs = jobs_of(&server).await;
        let [(1, Some(reason), false)] = jobs.as_slice() else { panic!("{jobs:?}") };
        for word in ["10.1.2.3", "private", "outbound-allow"] {
            assert!(reason.contains(word), "{reason}");
        }
    }
}

each_setup! {
    async fn an_application_that_is_gone_is_not_told(server: TestServer) {
        let relying_party = RelyingParty::start().await;
        let client = relying_party.application(&server).await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &ONLINE).await;
        sign_out(&mut browser, &client).await;
        let id = ApplicationId::parse(client.id.as_str()).unwrap();
        server.app().delete_application(&operator(), &id).await.unwrap();
        run_jobs(&server).await;
        assert_eq!(relying_party.received().len(), 0);
        assert_eq!(jobs_of(&server).await, []);
    }
}

each_setup! {
    async fn every_way_to_end_a_session_is_told(server: TestServer) {
        let relying_party = RelyingParty::start().await;
        let client = relying_party.application(&server).await;
        let untold = server.spa().await;
        server.person("another").await;
        for (username, way) in [("aoi", "replaced"), ("ren", "suspended"), ("yui", "deleted"), ("sora", "password"), ("mio", "ended")] {
            let person = server.person(username).await;
            let mut browser = server.browser();
            browser.sign_in(&client, username, &[]).await;
            browser.authorize(&untold, &[]).await.elsewhere();
            // The same person once more: the session goes on.
            let (path, _) = browser.authorize(&client, &[("prompt", "login")]).await.page();
            browser.submit(&path, &[("identifier", username), ("password", PASSWORD)]).await.elsewhere();
            assert_eq!(jobs_of(&server).await, [], "{way}");
            end(&server, &mut browser, &client, &person.id, way).await;
            let before = relying_party.received().len();
            run_jobs(&server).await;
            let told = relying_party.received().split_off(before);
            assert_eq!(told.len(), 1, "{way}");
            let token = server.read_jwt(&told[0], "logout+jwt", &client.id).await;
            assert_eq!(token.claims["sub"], person.id.as_str(), "{way}");
            assert!(token.claims["sid"].is_string(), "{way}");
        }
    }
}

async fn end(server: &TestServer, browser: &mut Browser, client: &Client, id: &UserId, way: &str) {
    let app = server.app();
    match way {
        "replaced" => {
            let (path, _) = browser
                .authorize(client, &[("prompt", "login")])
                .await
                .page();
            let fields = [("identifier", "another"), ("password", PASSWORD)];
            browser.submit(&path, &fields).await.elsewhere();
        }
        "suspended" => {
            app.set_suspension(&operator(), id, true).await.unwrap();
        }
        "deleted" => app.delete_user(&operator(), id).await.unwrap(),
        "password" => {
            let other = "nine indigo lanterns".to_owned();
            app.set_password(&operator(), id, other).await.unwrap();
        }
        "ended" => {
            let sessions = app.list_sessions(&operator(), id).await.unwrap();
            let session = &sessions[0].session.id;
            app.end_user_session(&operator(), id, session, None)
                .await
                .unwrap();
        }
        other => panic!("{other}"),
    }
}

each_setup! {
    async fn a_job_whose_node_died_is_taken_up_by_another(server: TestServer) {
        let relying_party = RelyingParty::start().await;
        let client = relying_party.application(&server).await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &ONLINE).await;
        sign_out(&mut browser, &client).await;
        let database = server.app().database();
        let claimed = jobs::claim(database, "dead", 16, server.clock.now()).await.unwrap();
        assert_eq!(claimed.len(), 1);
        run_jobs(&server).await;
        assert_eq!(relying_party.received().len(), 0, "it may still be at work");
        server.wait(LOCK_TTL);
        run_jobs(&server).await;
        assert_eq!(relying_party.received().len(), 1);
        // Back from the dead, it may not touch what is not its own any longer.
        let batch = jobs::give_up(Default::default(), &claimed[0], "dead", server.clock.now(), "late");
        database.commit(batch).await.unwrap();
        assert_eq!(jobs_of(&server).await, []);
    }
}

each_setup! {
    /// Whoever gets a code in a session that ends at that moment is told of the end.
    async fn what_is_granted_while_the_session_ends_is_told_too(server: TestServer) {
        let relying_party = RelyingParty::start().await;
        let client = relying_party.application(&server).await;
        let late = relying_party.application(&server).await;
        server.person("sakura").await;
        for _ in 0..5 {
            let mut browser = server.browser();
            browser.sign_in(&client, "sakura", &[]).await;
            let (mut leaving, mut asking) = (browser.clone(), browser);
            let silently = [("prompt", "none"), ("scope", "openid")];
            let (_, back) = tokio::join!(sign_out(&mut leaving, &client), asking.authorize(&late, &silently));
            let before = relying_party.received().len();
            run_jobs(&server).await;
            let told = relying_party.received().split_off(before);
            let is_granted = parameter(&back.elsewhere(), "code").is_some();
            assert_eq!(told.len(), if is_granted { 2 } else { 1 });
        }
    }
}

each_setup! {
    async fn an_address_that_is_no_web_address_is_not_taken(server: TestServer) {
        let admin = server.admin().await;
        let client = server.traditional().await;
        for uri in ["ftp://rp.example/", "rp.example", "https://rp.example/#f", "https://a:b@rp.example/", "javascript:alert(1)"] {
            let body = serde_json::json!({"oidcClientMetadata": {
                "redirectUris": [], "postLogoutRedirectUris": [], "backchannelLogoutUri": uri,
            }});
            let path = format!("/api/applications/{}", client.id);
            admin.call(Method::PATCH, &path, Some(body.to_string())).await.expect(400);
        }
    }
}
