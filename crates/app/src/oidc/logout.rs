//! The end-session endpoint (OpenID Connect RP-Initiated Logout).

use meibo_domain::{Error, Result, application::Application, session::Session, user::User};
use meibo_oauth::{
    OAuthError,
    logout::{self, Logout, LogoutParameters},
};
use meibo_store::{db::Batch, users};

use crate::{
    App,
    oidc::{BrowserCookies, ended_sessions::Patience},
    outcome::Outcome,
};

/// What a logout request leads to.
pub enum EndSession {
    /// The session has ended; the person goes to this address, or sees a page.
    Ended {
        /// A registered address of the application.
        location: Option<String>,
    },
    /// The person is asked first.
    Confirm {
        /// What the page calls the person.
        person: Option<String>,
        /// The request, to be repeated with the answer.
        request: String,
    },
    /// Nothing was done; the error page says why.
    Page(OAuthError),
}

impl App {
    /// Handles a logout request. `is_confirmed` says that the person has just said yes on our page.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_session(
        &self,
        pairs: &[(String, String)],
        cookies: &BrowserCookies,
        is_confirmed: bool,
    ) -> Result<EndSession> {
        let parameters = match LogoutParameters::parse(pairs) {
            Ok(parameters) => parameters,
            Err(error) => return Ok(EndSession::Page(error)),
        };
        let hint = self
            .read_id_token_hint(parameters.id_token_hint.as_deref())
            .await;
        let client_id = parameters
            .client_id
            .as_deref()
            .or(hint.as_ref().map(|hint| hint.audience.as_str()));
        let client = match client_id {
            Some(client_id) => self.client_by_text(client_id).await?,
            None => None,
        };
        let application: Option<&Application> = client.as_ref().map(|client| &client.application);
        let session = self.session_of(cookies).await?;
        match logout::decide(&parameters, application, hint.as_ref(), session.as_ref()) {
            Err(error) => Ok(EndSession::Page(error)),
            Ok(Logout::Confirm { target }) if is_confirmed => {
                self.end(session.as_ref(), target).await
            }
            Ok(Logout::Silent { target }) => self.end(session.as_ref(), target).await,
            Ok(Logout::Confirm { .. }) => {
                let person = match &session {
                    Some(session) => users::get(&self.db, &session.user_id)
                        .await?
                        .as_ref()
                        .and_then(name_of),
                    None => None,
                };
                Ok(EndSession::Confirm {
                    person,
                    request: parameters.to_form(),
                })
            }
        }
    }

    async fn end(
        &self,
        session: Option<&Session>,
        target: Option<logout::LogoutTarget>,
    ) -> Result<EndSession> {
        if let Some(session) = session {
            let patience = Patience::default();
            self.settle::<_, Error, _>(async || {
                let batch = self
                    .end_session_in(Batch::new(), &session.id, &session.user_id, &patience)
                    .await?;
                Ok(Outcome::commit(batch, ()))
            })
            .await?;
        }
        Ok(EndSession::Ended {
            location: target.map(|target| target.location()),
        })
    }
}

/// What a page calls a person: the name, or what is typed to sign in.
pub(crate) fn name_of(user: &User) -> Option<String> {
    user.name
        .clone()
        .or_else(|| user.username.as_ref().map(ToString::to_string))
        .or_else(|| user.verified_email().map(ToString::to_string))
}
