//! The browser's cookies and the session that they stand for.

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::{Result, session::Session};
use meibo_store::sessions;

use crate::App;

/// The cookies of a browser, as received.
#[derive(Clone, Default)]
pub struct BrowserCookies {
    /// The session's token.
    pub session: Option<String>,
    /// The token that binds sign-ins to this browser.
    pub browser: Option<String>,
}

impl BrowserCookies {
    pub(crate) fn session_hash(&self) -> Option<String> {
        self.session
            .as_deref()
            .map(|token| sha256_base64url(token.as_bytes()))
    }

    pub(crate) fn browser_hash(&self) -> Option<String> {
        self.browser
            .as_deref()
            .map(|token| sha256_base64url(token.as_bytes()))
    }
}

impl App {
    /// The living session of the browser, whose user may use it.
    pub(crate) async fn session_of(&self, cookies: &BrowserCookies) -> Result<Option<Session>> {
        match cookies.session_hash() {
            Some(hash) => Ok(sessions::find(&self.db, &hash, self.now()).await?),
            None => Ok(None),
        }
    }
}
