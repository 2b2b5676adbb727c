//! Requests to the token and revocation endpoints as the application (RFC 6749 section 2.3).

use serde::Deserialize;

use crate::http::{Answer, Http};
use crate::{Error, Result};

pub(crate) const WHAT: &str = "token endpoint";

/// A successful answer (RFC 6749 section 5.1).
#[derive(Clone, Deserialize)]
pub(crate) struct TokenResponse {
    pub(crate) access_token: String,
    pub(crate) token_type: String,
    pub(crate) expires_in: Option<i64>,
    pub(crate) id_token: Option<String>,
    pub(crate) refresh_token: Option<String>,
}

impl TokenResponse {
    pub(crate) fn read(answer: &Answer) -> Result<Self> {
        let response: Self = answer.json()?;
        if !response.token_type.eq_ignore_ascii_case("bearer") {
            return Err(answer.unexpected("the token type is not Bearer"));
        }
        Ok(response)
    }

    /// Seconds for which the access token lives. An absent or negative value is an error, since
    /// such a token could not be cached.
    pub(crate) fn lifetime(&self) -> Result<i64> {
        self.expires_in
            .filter(|seconds| *seconds >= 0)
            .ok_or_else(|| Error::Unexpected {
                what: WHAT,
                problem: "`expires_in` is missing or negative".to_owned(),
            })
    }
}

/// Posts a form with `client_id`; a confidential application authenticates by HTTP Basic, with id
/// and secret as they are, not form-encoded first: so do this contract's other clients.
pub(crate) async fn post_form(
    http: &Http,
    what: &'static str,
    address: &str,
    app: (&str, Option<&str>),
    fields: &[(&str, &str)],
) -> Result<Answer> {
    let (id, secret) = app;
    let form: Vec<_> = fields.iter().copied().chain([("client_id", id)]).collect();
    let mut request = http.client().post(address).form(&form);
    if let Some(secret) = secret {
        request = request.basic_auth(id, Some(secret));
    }
    http.send(what, request).await?.check_success()
}
