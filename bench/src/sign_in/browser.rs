//! Just enough of a browser: cookies, redirects, forms.

use std::fmt;
use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail, ensure};
use url::{Position, Url};

use crate::http::Connection;
use crate::http::request::Request;

const REDIRECT_LIMIT: usize = 10;

/// A browser with its own cookie jar that talks to one server over one connection.
#[derive(Debug)]
pub(super) struct Browser<'a> {
    connection: &'a mut Connection,
    server: SocketAddr,
    from: &'a str,
    stop_at: &'a str,
    cookies: Vec<(String, String)>,
}

/// Where the redirects ended.
#[derive(Debug)]
pub(super) enum Page {
    /// At a page of the server; `answer` is its description for messages.
    Html {
        url: Url,
        body: String,
        answer: String,
    },
    /// At the application, which is not asked.
    Application(Url),
}

impl<'a> Browser<'a> {
    /// `from` goes into X-Forwarded-For; a redirect to a URL that starts with `stop_at` is not followed.
    pub(super) fn new(
        connection: &'a mut Connection,
        server: SocketAddr,
        from: &'a str,
        stop_at: &'a str,
    ) -> Self {
        Self {
            connection,
            server,
            from,
            stop_at,
            cookies: Vec::new(),
        }
    }

    pub(super) async fn get(&mut self, url: Url) -> Result<Page> {
        let request = self.request("GET", path(&url));
        self.follow(url, request).await
    }

    /// Sends a form as a page of the same origin does.
    pub(super) async fn post(&mut self, url: Url, fields: &[(&str, &str)]) -> Result<Page> {
        let origin = format!("http://{}", self.server);
        let request = self
            .request("POST", path(&url))
            .header("origin", &origin)
            .form(fields);
        self.follow(url, request).await
    }

    /// A request that carries the cookies, to be sent by whoever asks for it.
    pub(super) fn request(&self, method: &str, path: &str) -> Request {
        let request = Request::new(method, self.server, path, self.from)
            .header("sec-fetch-site", "same-origin");
        if self.cookies.is_empty() {
            return request;
        }
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        request.header("cookie", &pairs.join("; "))
    }

    pub(super) fn into_connection(self) -> &'a mut Connection {
        self.connection
    }

    async fn follow(&mut self, mut url: Url, mut request: Request) -> Result<Page> {
        for _ in 0..REDIRECT_LIMIT {
            ensure!(
                url.origin() == Url::parse(&format!("http://{}", self.server))?.origin(),
                "{url} is another server"
            );
            let answer = self
                .connection
                .exchange(&request.encode())
                .await
                .with_context(|| url.to_string())?;
            let (status, description) = (answer.status, answer.describe());
            let location = answer.headers("location").next().map(str::to_owned);
            let set: Vec<String> = answer.headers("set-cookie").map(str::to_owned).collect();
            let body = String::from_utf8_lossy(answer.body).into_owned();
            set.iter().for_each(|line| keep(&mut self.cookies, line));
            match (status, location) {
                (200, _) => {
                    return Ok(Page::Html {
                        url,
                        body,
                        answer: description,
                    });
                }
                (302 | 303, Some(location)) => {
                    url = url
                        .join(&location)
                        .with_context(|| format!("{url} redirects to {location:?}"))?;
                    if url.as_str().starts_with(self.stop_at) {
                        return Ok(Page::Application(url));
                    }
                    request = self.request("GET", path(&url));
                }
                _ => bail!("{url} gave {description}"),
            }
        }
        bail!("more than {REDIRECT_LIMIT} redirects, the last to {url}")
    }
}

/// Path and query: what a request line asks for.
fn path(url: &Url) -> &str {
    &url[Position::BeforePath..Position::AfterQuery]
}

/// Takes a Set-Cookie line into the jar (RFC 6265 section 5.3); a cookie that has expired leaves it.
fn keep(cookies: &mut Vec<(String, String)>, line: &str) {
    let mut parts = line.split(';').map(str::trim);
    let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
        return;
    };
    cookies.retain(|(kept, _)| kept != name);
    let is_gone = parts.any(|attribute| {
        attribute.split_once('=').is_some_and(|(key, age)| {
            key.eq_ignore_ascii_case("max-age") && age.parse::<i64>().is_ok_and(|age| age <= 0)
        })
    });
    if !is_gone {
        cookies.push((name.to_owned(), value.to_owned()));
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Html { url, answer, .. } => write!(f, "{url} gave {answer}"),
            Self::Application(url) => write!(f, "redirected to {url}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_replaced_and_expire() {
        let mut jar = Vec::new();
        for line in [
            "a=1; Path=/; HttpOnly",
            "b=x=y",
            "a=2; Max-Age=60",
            "no pair",
            "b=; Path=/; max-age=0",
        ] {
            keep(&mut jar, line);
        }
        assert_eq!(jar, [("a".to_owned(), "2".to_owned())]);
    }

    #[test]
    fn a_request_line_has_path_and_query_without_fragment() {
        for (url, expected) in [
            ("http://h:1/a/b?c=d&e#f", "/a/b?c=d&e"),
            ("http://h", "/"),
            ("http://h/%20?", "/%20?"),
        ] {
            assert_eq!(path(&Url::parse(url).unwrap()), expected);
        }
    }
}
