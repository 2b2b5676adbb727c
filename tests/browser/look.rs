//! How a page looks: on light and dark ground, asserted free of faults and kept as pictures.

use serde_json::json;

use super::visited::assert_place;
use crate::support::chromium::Browser;

impl Browser {
    /// Asserts that the page seen now fits its screen, has all glyphs, keeps nobody out on light ground and
    /// on dark, and loads without complaint; keeps pictures of it as `name` and `name-dark`. `language` is
    /// the page's. A name of [`VISITED`](super::visited::VISITED) is taken at its word.
    pub(super) async fn check_look(&self, name: &str, language: &str) {
        assert_place(self, name).await;
        let mut faults = self.overflow().await;
        faults.extend(self.missing_glyphs().await);
        faults.extend(self.barriers(language).await);
        for (scheme, picture) in [("light", name.to_owned()), ("dark", format!("{name}-dark"))] {
            self.set_scheme(scheme).await;
            let violations = self.violations().await;
            faults.extend(violations.iter().map(|one| format!("{scheme}: {one}")));
            self.keep_screenshot(&picture).await;
        }
        self.set_scheme("light").await;
        faults.extend(self.complaints().await);
        let here = self.current_url().await.expect("the page has an address");
        assert!(
            faults.is_empty(),
            "{name} at {here}:\n{}",
            faults.join("\n")
        );
    }

    /// Keeps pictures of what is seen now: `name` on light ground, `name-dark` on dark.
    pub(super) async fn keep_screenshots(&self, name: &str) {
        self.set_scheme("light").await;
        self.keep_screenshot(name).await;
        self.set_scheme("dark").await;
        self.keep_screenshot(&format!("{name}-dark")).await;
        self.set_scheme("light").await;
    }

    /// Errors of the console. That the page itself is a refusal (4xx) is none.
    pub(super) async fn complaints(&self) -> Vec<String> {
        let here = self
            .current_url()
            .await
            .expect("the page has an address")
            .to_string();
        let mut errors = self.console_errors().await;
        errors.retain(|error| {
            let is_own_status = error
                .contains("Failed to load resource: the server responded with a status of 4")
                && error.split_whitespace().next() == Some(here.as_str());
            !is_own_status
        });
        errors
    }

    /// Makes pages believe that the reader prefers `scheme` (`light` or `dark`), and no motion: a picture of a
    /// button that fades would be one of neither colour.
    async fn set_scheme(&self, scheme: &str) {
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.cdp()
            .send_raw("Emulation.setEmulatedMedia", media)
            .await
            .expect("the scheme can be emulated");
    }
}
