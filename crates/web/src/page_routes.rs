//! Routes of pages, with a list of their paths: a test asks whether each was looked at in a browser.

use axum::{Router, routing::MethodRouter};

use crate::{api_reference, home, inbox, oidc, setup, sign_in, state::AppState};

/// Routes that answer a person with a page.
#[derive(Default)]
pub(crate) struct PageRoutes {
    /// The routes.
    pub(crate) router: Router<AppState>,
    paths: Vec<&'static str>,
}

impl PageRoutes {
    /// One more page, which stands at `path`.
    pub(crate) fn page(mut self, path: &'static str, handler: MethodRouter<AppState>) -> Self {
        self.paths.push(path);
        Self {
            router: self.router.route(path, handler),
            ..self
        }
    }
}

/// The path of every page, `{…}` for what varies. The demo's own are among them, error pages are not.
#[must_use]
pub fn page_paths() -> Vec<&'static str> {
    [
        home::pages(),
        sign_in::pages(),
        setup::pages(),
        oidc::pages(),
        api_reference::pages(),
        inbox::pages(),
    ]
    .into_iter()
    .flat_map(|pages| pages.paths)
    .collect()
}
