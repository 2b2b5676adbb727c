//! The Management API: users and verification codes.

mod change;
mod user;
mod verification_codes;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde::Serialize;
use serde_json::{Map, Value, json};
use url::Url;

pub use self::change::Change;
pub use self::user::{Address, CreateUser, PatchUser, Profile, User};
pub use self::verification_codes::{Recipient, VerificationCodes};
use crate::http::Answer;
use crate::{Error, MachineClient, Result};

const WHAT: &str = "Management API";

/// Typed calls of the Management API as a machine. A token that the server no longer takes (401) is
/// replaced once; everything else the server refuses is [`Error::Api`].
#[derive(Clone)]
pub struct ManagementApi {
    machine: MachineClient,
}

/// Which users to list.
#[derive(Debug, Clone, Default)]
pub struct ListUsers {
    /// The page, from 1; `None` is the first.
    pub page: Option<u32>,
    /// Users on a page, 1 to 100; `None` is 20.
    pub page_size: Option<u32>,
    /// A pattern with `%` for any text, matched with id, name, username, email and phone.
    pub search: Option<String>,
}

/// A page of users, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct UserPage {
    /// The users of this page.
    pub users: Vec<User>,
    /// How many users match in all.
    pub total: u64,
}

impl ManagementApi {
    /// Calls as `machine`, whose resource must be the Management API.
    #[must_use]
    pub fn new(machine: MachineClient) -> Self {
        Self { machine }
    }

    /// The user, or [`Error::Api`] with status 404.
    ///
    /// # Errors
    /// As for every call: see [`ManagementApi`].
    pub async fn get_user(&self, id: &str) -> Result<User> {
        self.call(Method::GET, &self.url(&["users", id])?, None::<&()>)
            .await?
            .json()
    }

    /// Makes a user; status 422 when a username, email or phone is taken.
    ///
    /// # Errors
    /// As for every call: see [`ManagementApi`].
    pub async fn create_user(&self, user: &CreateUser) -> Result<User> {
        self.call(Method::POST, &self.url(&["users"])?, Some(user))
            .await?
            .json()
    }

    /// Changes the members that `patch` names. `custom_data` and `profile` replace the whole object.
    ///
    /// # Errors
    /// As for every call: see [`ManagementApi`].
    pub async fn patch_user(&self, id: &str, patch: &PatchUser) -> Result<User> {
        self.call(Method::PATCH, &self.url(&["users", id])?, Some(patch))
            .await?
            .json()
    }

    /// Merges top-level members into the user's custom data and gives the whole of it.
    ///
    /// # Errors
    /// As for every call: see [`ManagementApi`].
    pub async fn patch_custom_data(
        &self,
        id: &str,
        members: &Map<String, Value>,
    ) -> Result<Map<String, Value>> {
        let body = json!({ "customData": members });
        self.call(
            Method::PATCH,
            &self.url(&["users", id, "custom-data"])?,
            Some(&body),
        )
        .await?
        .json()
    }

    /// Deletes the user.
    ///
    /// # Errors
    /// As for every call: see [`ManagementApi`].
    pub async fn delete_user(&self, id: &str) -> Result<()> {
        self.call(Method::DELETE, &self.url(&["users", id])?, None::<&()>)
            .await
            .map(drop)
    }

    /// One page of users.
    ///
    /// # Errors
    /// As for every call: see [`ManagementApi`].
    pub async fn list_users(&self, list: &ListUsers) -> Result<UserPage> {
        let mut url = self.url(&["users"])?;
        {
            let mut query = url.query_pairs_mut();
            query.extend_pairs(list.page.map(|page| ("page", page.to_string())));
            query.extend_pairs(list.page_size.map(|size| ("page_size", size.to_string())));
            query.extend_pairs(list.search.as_ref().map(|search| ("search", search)));
        }
        let answer = self.call(Method::GET, &url, None::<&()>).await?;
        let total = total_number(&answer.headers)
            .ok_or_else(|| answer.unexpected("no `Total-Number` header"))?;
        Ok(UserPage {
            users: answer.json()?,
            total,
        })
    }

    /// Sending and taking verification codes.
    #[must_use]
    pub fn verification_codes(&self) -> VerificationCodes<'_> {
        VerificationCodes(self)
    }

    /// `<endpoint>/api/` and the segments, percent-encoded.
    fn url(&self, segments: &[&str]) -> Result<Url> {
        // Dot segments would be folded away and reach another route.
        if segments
            .iter()
            .any(|segment| matches!(*segment, "" | "." | ".."))
        {
            return Err(Error::Setting {
                setting: "id",
                problem: "is no user id".to_owned(),
            });
        }
        let refuse = |problem: &str| Error::Setting {
            setting: "endpoint",
            problem: problem.to_owned(),
        };
        let base = format!("{}/api", self.machine.provider().endpoint());
        let mut url = Url::parse(&base).map_err(|_| refuse("is no URL"))?;
        url.path_segments_mut()
            .map_err(|()| refuse("has no path"))?
            .extend(segments);
        Ok(url)
    }

    async fn call<B: Serialize + ?Sized + Sync>(
        &self,
        method: Method,
        url: &Url,
        body: Option<&B>,
    ) -> Result<Answer> {
        let token = self.machine.access_token().await?;
        let answer = self.call_with(&token, &method, url, body).await?;
        if answer.status != 401 {
            return answer.check_success();
        }
        self.machine.forget(&token);
        let token = self.machine.access_token().await?;
        self.call_with(&token, &method, url, body)
            .await?
            .check_success()
    }

    async fn call_with<B: Serialize + ?Sized + Sync>(
        &self,
        token: &str,
        method: &Method,
        url: &Url,
        body: Option<&B>,
    ) -> Result<Answer> {
        let http = self.machine.provider().http();
        let mut request = http
            .client()
            .request(method.clone(), url.clone())
            .bearer_auth(token);
        if let Some(body) = body {
            request = request.json(body);
        }
        http.send(WHAT, request).await
    }
}

fn total_number(headers: &HeaderMap) -> Option<u64> {
    headers.get("total-number")?.to_str().ok()?.parse().ok()
}
