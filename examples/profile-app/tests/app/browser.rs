//! A running app, and a browser that keeps its cookies and follows no redirect by itself.

use std::collections::HashMap;

use profile_app::ProfileAppConfig;
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use serde_json::json;
use tokio::net::TcpListener;
use url::Url;

use crate::stub::{APP, MACHINE, MACHINE_SECRET, MANAGEMENT, SECRET, Stub};
use crate::wire::new_user;

pub(crate) const API: &str = "https://profile.example/api";

pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    /// The form token.
    pub(crate) fn csrf(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// The value of a text field.
    pub(crate) fn value(&self, field: &str) -> String {
        let (_, rest) = self
            .text
            .split_once(&format!("name=\"{field}\" type=\"text\" value=\""))
            .unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }
}

pub(crate) struct Browser {
    pub(crate) app: String,
    client: Client,
}

impl Browser {
    #[allow(clippy::disallowed_methods, reason = "the test stands for a browser")]
    pub(crate) fn new(app: &str) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            app: app.to_owned(),
            client,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        send(self.client.get(format!("{}{path}", self.app))).await
    }

    pub(crate) async fn get_in(&self, path: &str, languages: &str) -> Page {
        send(
            self.client
                .get(format!("{}{path}", self.app))
                .header(ACCEPT_LANGUAGE, languages),
        )
        .await
    }

    pub(crate) async fn post(&self, path: &str, form: &HashMap<&str, String>) -> Page {
        send(self.client.post(format!("{}{path}", self.app)).form(form)).await
    }

    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.app))
    }

    /// Goes to the identity server, signs in there as `sub`, and gives the page after the callback.
    pub(crate) async fn sign_in(&self, stub: &Stub, sub: &str) -> Page {
        let start = self.get("/sign-in").await;
        assert_eq!(start.status, 303, "{}", start.text);
        let back = stub.authorize(&Url::parse(start.header("location")).unwrap(), sub);
        self.get(&format!("{}?{}", back.path(), back.query().unwrap()))
            .await
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Page {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Page {
        status,
        headers,
        text: response.text().await.unwrap(),
    }
}

/// A stub with the users `sei` and `murasaki`, an app in front of it, and a browser.
pub(crate) async fn start() -> (Stub, Browser) {
    let stub = Stub::start().await;
    let mut sei = new_user("sei");
    sei["name"] = json!("清少納言");
    sei["primaryEmail"] = json!("sei@example.com");
    sei["profile"] = json!({ "nickname": "Nagiko", "gender": "female", "locale": "ja-JP", "address": { "locality": "京都" } });
    stub.put_user(sei);
    stub.put_user(new_user("murasaki"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = format!("http://{}", listener.local_addr().unwrap());
    let config = ProfileAppConfig {
        public_url: app.clone(),
        endpoint: stub.endpoint().to_owned(),
        app_id: APP.to_owned(),
        app_secret: SECRET.to_owned(),
        machine_id: MACHINE.to_owned(),
        machine_secret: MACHINE_SECRET.to_owned(),
        api_resource: API.to_owned(),
        management_resource: MANAGEMENT.to_owned(),
    };
    tokio::spawn(profile_app::serve(config, listener, std::future::pending()));
    (stub, Browser::new(&app))
}
