//! A running app, and a browser that keeps its cookies and follows no redirect by itself.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

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

/// What every form of the profile page carries, beside the choice of `gender`.
const FIELDS: [&str; 19] = [
    "csrf",
    "version",
    "email",
    "phone",
    "name",
    "nickname",
    "family_name",
    "given_name",
    "picture",
    "birthdate",
    "street_address",
    "locality",
    "region",
    "postal_code",
    "country",
    "age",
    "shipping_address",
    "social_security_number",
    "payment_method",
];

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

    /// The value of a text field or a text area.
    pub(crate) fn value(&self, field: &str) -> String {
        let name = format!("name=\"{field}\"");
        let (_, rest) = self.text.split_once(&name).unwrap();
        let (tag, text) = rest.split_once('>').unwrap();
        let value = match tag.split_once(" value=\"") {
            Some((_, value)) => value.split_once('"').unwrap().0,
            // The line break behind the tag is the page's own.
            None => text
                .split_once("</textarea>")
                .unwrap()
                .0
                .trim_start_matches('\n'),
        };
        let plain = value.replace("&#60;", "<").replace("&#62;", ">");
        plain.replace("&#34;", "\"").replace("&#38;", "&")
    }

    /// The form as the page shows it, with some fields changed.
    pub(crate) fn form<'a>(&self, changes: &[(&'a str, &str)]) -> HashMap<&'a str, String> {
        let mut form: HashMap<&str, String> = FIELDS.map(|field| (field, self.value(field))).into();
        let (_, choices) = self.text.split_once("name=\"gender\"").unwrap();
        let chosen = choices.split("<option value=\"").find_map(|choice| {
            let (value, rest) = choice.split_once('"')?;
            rest.starts_with(" selected").then(|| value.to_owned())
        });
        form.insert("gender", chosen.unwrap());
        let typed = changes.iter();
        form.extend(typed.map(|(field, value)| (*field, (*value).to_owned())));
        form
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
    let (stub, browser, _) = start_with_database().await;
    (stub, browser)
}

/// [`start`] with the path of the app's own database.
pub(crate) async fn start_with_database() -> (Stub, Browser, PathBuf) {
    let stub = Stub::start().await;
    let mut sei = new_user("sei");
    sei["name"] = json!("清少納言");
    sei["primaryEmail"] = json!("sei@example.com");
    sei["customData"] = json!({ "tier": "gold" });
    sei["profile"] = json!({ "nickname": "Nagiko", "gender": "female", "locale": "ja-JP", "address": { "locality": "京都" } });
    stub.put_user(sei);
    let mut murasaki = new_user("murasaki");
    murasaki["primaryEmail"] = json!("murasaki@example.com");
    stub.put_user(murasaki);
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("own.sqlite");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = format!("http://{}", listener.local_addr().unwrap());
    let config = ProfileAppConfig {
        public_url: app.clone(),
        ..config(&stub, &database)
    };
    tokio::spawn(async move {
        let served = profile_app::serve(config, listener, std::future::pending()).await;
        drop(folder);
        served
    });
    (stub, Browser::new(&app), database)
}

/// Settings of an app in front of `stub`.
pub(crate) fn config(stub: &Stub, database: &Path) -> ProfileAppConfig {
    ProfileAppConfig {
        public_url: "http://localhost:4000".to_owned(),
        endpoint: stub.endpoint().to_owned(),
        app_id: APP.to_owned(),
        app_secret: SECRET.to_owned(),
        machine_id: MACHINE.to_owned(),
        machine_secret: MACHINE_SECRET.to_owned(),
        api_resource: API.to_owned(),
        management_resource: MANAGEMENT.to_owned(),
        database: database.to_owned(),
        database_key: None,
    }
}
