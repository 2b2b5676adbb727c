//! What every request shares, and the routes.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use meibo_sdk::{Client, Config, HttpOptions, MachineClient, MachineConfig, ManagementApi};
use url::Url;

use crate::back_end::BackEnd;
use crate::business_db::BusinessDb;
use crate::seal::Seal;
use crate::visits::Visits;
use crate::{
    ProfileAppConfig, ServeError, code_page, headers, home, language, profile_api, profile_page,
    sign_in,
};

/// No form and no API body of this app is longer.
const MAX_BODY: usize = 32 * 1024;

pub(crate) struct App {
    pub(crate) client: Client,
    pub(crate) back_end: BackEnd,
    pub(crate) visits: Visits,
    /// The indicator of the app's own API.
    pub(crate) api_resource: String,
    /// Whether browsers come by https, so that cookies can be tied to it.
    pub(crate) is_https: bool,
    /// The `Content-Security-Policy` of every answer.
    pub(crate) policy: String,
}

impl App {
    pub(crate) fn new(config: &ProfileAppConfig) -> Result<Arc<Self>, ServeError> {
        let public_url = Url::parse(&config.public_url).map_err(|_| ServeError::PublicUrl)?;
        if !matches!(public_url.scheme(), "http" | "https") || public_url.path() != "/" {
            return Err(ServeError::PublicUrl);
        }
        let own = |path: &str| format!("{}{path}", public_url.origin().ascii_serialization());
        // A page waits for one request after another; together they should end before a person does.
        let http = HttpOptions {
            connect_timeout: Duration::from_secs(3),
            total_timeout: Duration::from_secs(5),
            ..HttpOptions::default()
        };
        let client = Client::new(Config {
            app_secret: Some(config.app_secret.clone()),
            post_logout_redirect_uri: Some(own("/")),
            scopes: ["email", "phone", "address"].map(str::to_owned).to_vec(),
            resources: vec![config.api_resource.clone()],
            http: http.clone(),
            ..Config::new(&config.endpoint, &config.app_id, own("/callback"))
        })?;
        let machine = MachineClient::new(MachineConfig {
            resource: config.management_resource.clone(),
            http,
            ..MachineConfig::new(&config.endpoint, &config.machine_id, &config.machine_secret)
        })?;
        Ok(Arc::new(Self {
            back_end: BackEnd::new(
                client.provider().clone(),
                ManagementApi::new(machine),
                config.api_resource.clone(),
                open_database(config)?,
            ),
            policy: headers::policy(client.provider().endpoint()),
            client,
            visits: Visits::new(),
            api_resource: config.api_resource.clone(),
            is_https: public_url.scheme() == "https",
        }))
    }
}

/// The app's own database, and the key that seals numbers in it.
fn open_database(config: &ProfileAppConfig) -> Result<BusinessDb, ServeError> {
    let path = &config.database;
    let seal = match &config.database_key {
        Some(key) => Seal::from_base64(key).ok_or(ServeError::DatabaseKey)?,
        None => {
            let key = path.with_extension("key");
            let has_database = path.try_exists().map_err(ServeError::KeyFile)?;
            Seal::from_file(&key, has_database).map_err(ServeError::KeyFile)?
        }
    };
    BusinessDb::open(path, seal).map_err(ServeError::Database)
}

pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/sign-in", get(sign_in::start))
        .route("/callback", get(sign_in::finish))
        .route("/sign-out", post(sign_in::leave))
        .route("/profile", get(profile_page::show).post(profile_page::save))
        .route("/profile/{channel}/code", post(code_page::send))
        .route("/profile/{channel}/verify", post(code_page::verify))
        .route(
            "/api/profile",
            get(profile_api::read).put(profile_api::replace),
        )
        .route(
            "/style.css",
            get(async || asset("text/css", include_str!("../static/style.css"))),
        )
        .route(
            "/icon.svg",
            get(async || asset("image/svg+xml", include_str!("../static/icon.svg"))),
        )
        .fallback(home::not_found)
        .layer(from_fn_with_state(Arc::clone(&app), language::choose))
        .layer(from_fn_with_state(Arc::clone(&app), headers::add))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(app)
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, text).into_response()
}
