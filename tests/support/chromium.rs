//! A real browser: Debian's Chromium behind its ChromeDriver, one of each a test.

mod checks;

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::ops::Deref;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};

/// The size of the page, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Screen {
    /// 390 by 844, a touch screen.
    Phone,
    /// 1280 by 800.
    Desktop,
}

impl Screen {
    /// Both, for tests that look at a page on each.
    pub(crate) const ALL: [Self; 2] = [Self::Phone, Self::Desktop];

    /// The width that a page must fit in.
    pub(crate) fn width(self) -> u32 {
        match self {
            Self::Phone => 390,
            Self::Desktop => 1280,
        }
    }

    fn height(self) -> u32 {
        match self {
            Self::Phone => 844,
            Self::Desktop => 800,
        }
    }
}

/// Switches for a browser that only ever sees loopback pages; it may run as root, in a small /dev/shm.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--no-proxy-server",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1280,800",
];

/// A browser with an empty profile; the methods of [`WebDriver`] drive it. Dropping it ends all its processes.
pub(crate) struct Browser {
    driver: WebDriver,
    chromedriver: ChromeDriver,
    screen: Screen,
    language: String,
    // Last: the browser has ended when its profile is removed.
    _profile: TempDir,
}

impl Browser {
    /// Opens a browser that asks for pages in `language` (BCP 47, such as `ja`).
    pub(crate) async fn open(screen: Screen, language: &str) -> Self {
        let chromedriver = ChromeDriver::start();
        let profile = TempDir::new().expect("a folder for the browser's profile can be made");
        let mut switches: Vec<String> = SWITCHES.iter().copied().map(String::from).collect();
        switches.push(format!("--lang={language}"));
        switches.push(format!("--user-data-dir={}", profile.path().display()));
        let is_phone = matches!(screen, Screen::Phone);
        let wanted = json!({
            "browserName": "chrome",
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "args": switches,
                "prefs": { "intl.accept_languages": language, "intl.selected_languages": language },
                "mobileEmulation": { "deviceMetrics": {
                    "width": screen.width(),
                    "height": screen.height(),
                    "pixelRatio": 1,
                    "mobile": is_phone,
                    "touch": is_phone,
                } },
            },
        });
        let wanted: Capabilities =
            serde_json::from_value(wanted).expect("capabilities are an object");
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", chromedriver.port), wanted)
            .await
            .expect("chromedriver opens a session");
        let language = language.to_owned();
        Self {
            driver,
            chromedriver,
            screen,
            language,
            _profile: profile,
        }
    }

    /// Keeps a picture of what is seen now as `NAME-WIDTH-LANGUAGE.png` in the folder `MEIBO_SCREENSHOTS`, or in
    /// `tmp/screenshots` of the target folder.
    pub(crate) async fn keep_screenshot(&self, name: &str) -> PathBuf {
        let folder = match env::var_os("MEIBO_SCREENSHOTS") {
            Some(folder) => PathBuf::from(folder),
            None => PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screenshots"),
        };
        fs::create_dir_all(&folder).expect("the folder for screenshots can be made");
        let path = folder.join(format!(
            "{name}-{}-{}.png",
            self.screen.width(),
            self.language
        ));
        self.screenshot(&path)
            .await
            .expect("the browser can take a picture");
        path
    }
}

impl Deref for Browser {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.driver
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // ChromeDriver ends the session as it shuts down; the client need not ask for it, and then block on it.
        drop(self.driver.clone().leak());
        self.chromedriver.shut_down();
    }
}

/// The process that speaks WebDriver, on a port of its own choice.
struct ChromeDriver {
    process: Child,
    port: u16,
    // Held open: ChromeDriver would fail to write to a closed pipe.
    _stdout: BufReader<ChildStdout>,
}

impl ChromeDriver {
    fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver can be started: run `make deps`");
        let mut stdout = BufReader::new(process.stdout.take().expect("standard output is piped"));
        let mut said = String::new();
        let port = loop {
            let mut line = String::new();
            let read = stdout
                .read_line(&mut line)
                .expect("chromedriver's output can be read");
            assert!(read > 0, "chromedriver ended at its start:\n{said}");
            let after = line.split("started successfully on port ").nth(1);
            if let Some(port) =
                after.and_then(|port| port.trim().trim_end_matches('.').parse().ok())
            {
                break port;
            }
            said.push_str(&line);
        };
        Self {
            process,
            port,
            _stdout: stdout,
        }
    }

    /// Ends every session and the process; kills it when it does not answer.
    fn shut_down(&mut self) {
        let asked = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
            let host = format!("127.0.0.1:{}", self.port);
            write!(
                stream,
                "GET /shutdown HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            )?;
            stream.read_to_end(&mut Vec::new())
        });
        if asked.is_err() {
            drop(self.process.kill());
        }
        drop(self.process.wait());
    }
}

impl Drop for ChromeDriver {
    /// For a browser that could not be opened; a second call does nothing.
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            self.shut_down();
        }
    }
}
