//! What can be asserted of any page that a browser shows. Each check returns its findings; none is good.

use super::Browser;

/// The page must lay out at the screen's width, and nothing may stick out of it.
const OVERFLOW: &str = r"
const wanted = arguments[0];
const page = document.documentElement;
const found = [];
if (page.clientWidth !== wanted) found.push(`the page lays out at ${page.clientWidth} px, not ${wanted}`);
if (page.scrollWidth > page.clientWidth) {
    found.push(`the page is ${page.scrollWidth} px wide`);
    for (const element of document.body.querySelectorAll('*')) {
        const right = Math.round(element.getBoundingClientRect().right + window.scrollX);
        if (right > page.clientWidth) found.push(`<${element.localName} class='${element.className}'> ends at ${right} px`);
    }
}
return found;
";

/// A character that no font has is drawn as that font draws U+0378, which is not assigned.
const MISSING_GLYPHS: &str = r"
const canvas = document.createElement('canvas');
canvas.width = canvas.height = 64;
const pen = canvas.getContext('2d', { willReadFrequently: true });
const drawn = (character, font) => {
    pen.clearRect(0, 0, 64, 64);
    pen.font = font;
    pen.fillText(character, 8, 44);
    return pen.getImageData(0, 0, 64, 64).data.join();
};
const texts = [];
const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (nodes.nextNode()) texts.push([nodes.currentNode.parentElement, nodes.currentNode.data]);
for (const input of document.querySelectorAll('input, textarea')) {
    texts.push([input, `${input.placeholder}${input.type === 'hidden' ? '' : input.value}`]);
}
const seen = new Map();
for (const [element, text] of texts) {
    if (['SCRIPT', 'STYLE', 'TEMPLATE'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const font = `${style.fontStyle} ${style.fontWeight} 32px ${style.fontFamily}`;
    if (!seen.has(font)) seen.set(font, { missing: drawn('\u0378', font), characters: new Set() });
    for (const character of text.normalize()) {
        if (!/[\p{Cc}\p{Cf}\p{M}\p{Z}]/u.test(character)) seen.get(font).characters.add(character);
    }
}
const found = [];
for (const [font, { missing, characters }] of seen) {
    for (const character of characters) {
        if (drawn(character, font) === missing) {
            found.push(`U+${character.codePointAt(0).toString(16).padStart(4, '0')} ${character} in ${font}`);
        }
    }
}
return found;
";

impl Browser {
    /// What makes the page wider than the screen.
    pub(crate) async fn overflow(&self) -> Vec<String> {
        self.ask(OVERFLOW).await
    }

    /// Characters of the page that are drawn as boxes.
    pub(crate) async fn missing_glyphs(&self) -> Vec<String> {
        self.ask(MISSING_GLYPHS).await
    }

    /// What the console said since the last call: scripts that failed, and what the content security policy refused.
    pub(crate) async fn console_errors(&self) -> Vec<String> {
        let entries = self.browser_log().await.expect("the console can be read");
        entries
            .into_iter()
            .filter(|entry| entry.level == "SEVERE")
            .map(|entry| entry.message)
            .collect()
    }

    async fn ask(&self, script: &str) -> Vec<String> {
        let width = serde_json::Value::from(self.screen.width());
        let answer = self.execute(script, vec![width]).await;
        let answer = answer.expect("the script runs in the page");
        answer
            .convert()
            .expect("the script returns a list of texts")
    }
}

mod tests {
    use axum::Router;
    use axum::http::HeaderMap;
    use axum::response::Html;
    use axum::routing::get;
    use thirtyfour::By;
    use tokio::net::TcpListener;

    use crate::support::chromium::{Browser, Screen};

    const HEAD: &str = "<!doctype html><meta charset=utf-8><link rel=icon href=data:,>\
        <meta name=viewport content='width=device-width, initial-scale=1'>";

    async fn language(headers: HeaderMap) -> Html<String> {
        let asked = headers["accept-language"].to_str().unwrap_or_default();
        Html(format!(
            "{HEAD}<p id=asked>{asked}</p><p>Register 名簿 めいぼ é ‐ …</p><input value=漢字>"
        ))
    }

    async fn broken() -> Html<String> {
        Html(format!(
            "{HEAD}<div style='width: 2000px'>\u{379}</div><script>console.error('spoken')</script>"
        ))
    }

    /// A loopback server of two pages; it lives as long as the test's runtime.
    async fn serve() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let pages = Router::new()
            .route("/", get(language))
            .route("/broken", get(broken));
        tokio::spawn(async move { axum::serve(listener, pages).await });
        format!("http://{address}")
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn checks_tell_a_good_page_from_a_broken_one() {
        let site = serve().await;
        for (screen, language) in Screen::ALL.into_iter().zip(["ja", "en"]) {
            let browser = Browser::open(screen, language).await;
            browser.goto(site.as_str()).await.unwrap();
            let asked = browser
                .find(By::Id("asked"))
                .await
                .unwrap()
                .text()
                .await
                .unwrap();
            assert!(asked.starts_with(language), "asked for {asked}");
            let none: Vec<String> = Vec::new();
            assert_eq!(browser.overflow().await, none);
            assert_eq!(browser.missing_glyphs().await, none);
            assert_eq!(browser.console_errors().await, none);
            let kept = browser.keep_screenshot("smoke").await;
            assert!(
                std::fs::metadata(&kept).unwrap().len() > 1_000,
                "{}",
                kept.display()
            );

            browser.goto(format!("{site}/broken")).await.unwrap();
            assert!(!browser.overflow().await.is_empty());
            let missing = browser.missing_glyphs().await;
            assert!(
                missing.iter().any(|found| found.starts_with("U+0379")),
                "{missing:?}"
            );
            assert_eq!(browser.console_errors().await.len(), 1);
        }
    }
}
