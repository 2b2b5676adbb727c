//! What the app has to be told.

use std::fmt;
use std::path::PathBuf;

/// Settings of the profile app. Register at the identity server: the redirect URI
/// `<public_url>/callback`, the post-logout redirect URI `<public_url>/`, an API resource with the
/// indicator `api_resource`, and a machine application with the right to the Management API.
#[derive(Clone)]
pub struct ProfileAppConfig {
    /// Where browsers reach the app, such as `http://localhost:4000`.
    pub public_url: String,
    /// The identity server's address without `/oidc`.
    pub endpoint: String,
    /// The application people sign in to (type traditional).
    pub app_id: String,
    /// Its secret.
    pub app_secret: String,
    /// The machine-to-machine application of the back end.
    pub machine_id: String,
    /// Its secret.
    pub machine_secret: String,
    /// The indicator of the app's own API, an absolute URI.
    pub api_resource: String,
    /// The indicator of the Management API.
    pub management_resource: String,
    /// The app's own SQLite file; made when there is none. Its folder must exist.
    pub database: PathBuf,
    /// 32 bytes as base64url that seal the numbers in it. `None`: a file beside the database, with
    /// the ending `.key`, made together with the database.
    pub database_key: Option<String>,
}

impl ProfileAppConfig {
    /// The usual [`management_resource`](Self::management_resource).
    pub const MANAGEMENT_RESOURCE: &str = meibo_sdk::MachineConfig::MANAGEMENT_RESOURCE;
}

impl fmt::Debug for ProfileAppConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfileAppConfig")
            .field("public_url", &self.public_url)
            .field("endpoint", &self.endpoint)
            .field("app_id", &self.app_id)
            .field("machine_id", &self.machine_id)
            .field("api_resource", &self.api_resource)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}
