//! How many messages a deployment sends, and to which countries, whoever asks for them.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use axum::extract::ConnectInfo;
use futures_util::future::join_all;
use http::{Request, header};
use meibo_domain::{message_limits::MessageLimits, phone::Country};
use serde_json::json;

use super::verification_codes::{ANN, SEND, send};
use crate::{
    each_setup,
    support::{client::ApiClient, server::TestServer},
};

/// Asks for codes for so many people at the same moment, all from one address, and counts statuses.
async fn at_once(caller: &ApiClient, count: usize) -> BTreeMap<u16, usize> {
    let address: SocketAddr = "[2001:db8::7]:40000".parse().unwrap();
    let calls = (0..count).map(|number| {
        let caller = caller.clone();
        tokio::spawn(async move {
            let request = Request::post(SEND)
                .header(header::CONTENT_TYPE, "application/json")
                .extension(ConnectInfo(address));
            let body = json!({"email": format!("person{number}@example.com")});
            caller.send(request, body.to_string()).await.status.as_u16()
        })
    });
    let mut statuses = BTreeMap::new();
    for status in join_all(calls).await {
        *statuses.entry(status.unwrap()).or_default() += 1;
    }
    statuses
}

each_setup! {
    async fn the_ceiling_of_emails_holds_for_fifty_at_once_and_for_an_hour(server: TestServer) {
        let limits = MessageLimits { max_emails_per_hour: 20, ..MessageLimits::default() };
        let server = server.with_message_limits(limits).await;
        let admin = server.admin().await;
        server.with_inbox().await;
        assert_eq!(at_once(&admin, 50).await, BTreeMap::from([(204, 20), (429, 30)]));
        server.wait(Duration::from_secs(600));
        let refused = send(&admin, ANN).await.expect(429);
        assert_eq!(refused.code(), "request.message_rate_limited");
        assert_eq!(refused.header("retry-after"), "3000");
        let test = json!({"email": ANN, "config": {}});
        admin.post("/api/connectors/http-email/test", test).await.expect(400);
        admin.post(SEND, json!({"phone": "819012345678"})).await.expect(204);
        server.wait(Duration::from_secs(3000));
        let admin = server.admin().await;
        send(&admin, ANN).await.expect(204);
    }
}

each_setup! {
    async fn the_ceiling_of_text_messages_is_another(server: TestServer) {
        let limits = MessageLimits { max_sms_per_hour: 1, max_emails_per_hour: 0, ..MessageLimits::default() };
        let server = server.with_message_limits(limits).await;
        let admin = server.admin().await;
        server.with_inbox().await;
        admin.post(SEND, json!({"phone": "819012345678"})).await.expect(204);
        let refused = admin.post(SEND, json!({"phone": "819087654321"})).await.expect(429);
        assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("request.message_rate_limited", "3600"));
        send(&admin, ANN).await.expect(204);
    }
}

each_setup! {
    async fn a_back_end_asks_for_all_of_its_people_from_one_network(server: TestServer) {
        let admin = server.admin().await;
        server.with_inbox().await;
        assert_eq!(at_once(&admin, 40).await, BTreeMap::from([(204, 40)]));
    }
}

each_setup! {
    async fn other_countries_get_no_text_messages(server: TestServer) {
        let limits = MessageLimits {
            sms_countries: vec![Country::parse("JP").unwrap()],
            ..MessageLimits::default()
        };
        let server = server.with_message_limits(limits).await;
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let refused = admin.post(SEND, json!({"phone": "14155552671"})).await.expect(422);
        assert_eq!(refused.code(), "request.recipient_country_not_allowed");
        let test = json!({"phone": "447400123456", "config": inbox.config("sms")});
        let refused = admin.post("/api/connectors/http-sms/test", test).await.expect(422);
        assert_eq!(refused.code(), "request.recipient_country_not_allowed");
        admin.post(SEND, json!({"phone": "819012345678"})).await.expect(204);
        send(&admin, "ann@example.co.uk").await.expect(204);
        inbox.message_to("819012345678").await;
        assert!(inbox.arrivals().iter().all(|arrival| arrival.channel == "email" || arrival.to.starts_with("+81")));
    }
}
