//! A browser without scripts in front of the sign-in page.

use std::error::Error;

use reqwest::{
    Method, Url,
    header::{ACCEPT, CONTENT_TYPE, LOCATION, ORIGIN},
    redirect::Policy,
};

/// Keeps cookies, follows redirects within one origin, and fills in the sign-in form.
pub struct Robot {
    http: reqwest::Client,
}

/// Where redirects ended.
enum Arrival {
    Page(Url, String),
    Elsewhere(Url),
}

impl Robot {
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new() -> reqwest::Result<Self> {
        let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().cookie_store(true);
        Ok(Self { http: http.build()? })
    }

    /// Opens an address that leads to the sign-in page, signs in, and gives where that leads outside of the origin.
    ///
    /// # Errors
    /// When there is no such form, or it leads to a page.
    pub async fn sign_in(&self, url: Url, username: &str, password: &str) -> Result<Url, Box<dyn Error>> {
        let (here, page) = match self.visit(Method::GET, url, String::new()).await? {
            Arrival::Page(here, page) => (here, page),
            Arrival::Elsewhere(url) => return Ok(url),
        };
        let form = page
            .split("<form")
            .skip(1)
            .filter_map(|rest| rest.split("</form>").next())
            .find(|form| form.contains("name=\"identifier\"") && form.contains("name=\"password\""))
            .ok_or_else(|| format!("no sign-in form at {here}: {page}"))?;
        let action = here.join(&attribute(form, "action").unwrap_or_default())?;
        let mut body = Url::parse("data:,")?;
        {
            let mut fields = body.query_pairs_mut();
            let inputs = form.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
            for input in inputs.filter(|input| input.contains("type=\"hidden\"")) {
                let (name, value) = (attribute(input, "name"), attribute(input, "value"));
                fields.append_pair(&name.unwrap_or_default(), &value.unwrap_or_default());
            }
            fields.append_pair("identifier", username).append_pair("password", password);
        }
        match self.visit(Method::POST, action, body.query().unwrap_or_default().to_owned()).await? {
            Arrival::Elsewhere(url) => Ok(url),
            Arrival::Page(url, page) => Err(format!("still at {url}: {page}").into()),
        }
    }

    async fn visit(&self, method: Method, url: Url, body: String) -> Result<Arrival, Box<dyn Error>> {
        let origin = url.origin();
        let (mut method, mut url, mut body) = (method, url, body);
        for _ in 0..12 {
            let mut request = self.http.request(method.clone(), url.clone()).header(ACCEPT, "text/html");
            if method == Method::POST {
                request = request
                    .header(ORIGIN, origin.ascii_serialization())
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(body);
            }
            let answer = request.send().await?;
            let Some(location) = answer.headers().get(LOCATION) else {
                return Ok(Arrival::Page(url, answer.text().await?));
            };
            url = url.join(location.to_str()?)?;
            if url.origin() != origin {
                return Ok(Arrival::Elsewhere(url));
            }
            (method, body) = (Method::GET, String::new());
        }
        Err(format!("redirected too often, at last to {url}").into())
    }
}

/// The value of an attribute of the first tag, its character references replaced.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let value = rest.split('"').next()?;
    Some(value.replace("&#38;", "&").replace("&amp;", "&").replace("&#39;", "'").replace("&#34;", "\""))
}
