//! Telling applications that a session has ended (OpenID Connect Back-Channel Logout 1.0): promised
//! with the end, delivered after it.

use meibo_domain::{
    Error, Result,
    ids::{ApplicationId, SessionId, UserId},
    job::{Job, JobFailure, JobKind},
};
use meibo_oauth::logout_token::{self, LogoutTokenSource};
use meibo_outbound::{OutboundError, OutboundRequest};
use meibo_store::{db::Batch, jobs};
use serde::{Deserialize, Serialize};
use url::Url;

use super::token_issue::id_token_algorithm;
use crate::App;

/// A job's payload. It holds all that the token says, since session and user may be gone by then.
#[derive(Debug, Serialize, Deserialize)]
struct LogoutNotice {
    application_id: ApplicationId,
    session_id: SessionId,
    user_id: UserId,
}

impl App {
    /// Promises the notice, if the application takes notices.
    pub(super) async fn announce_to(
        &self,
        batch: Batch,
        application: &ApplicationId,
        session: &SessionId,
        user: &UserId,
    ) -> Result<Batch> {
        let client = self.client(application).await?;
        let takes_notices =
            client.is_some_and(|client| client.application.oidc.backchannel_logout_uri.is_some());
        if !takes_notices {
            return Ok(batch);
        }
        let notice = LogoutNotice {
            application_id: application.clone(),
            session_id: session.clone(),
            user_id: user.clone(),
        };
        let payload = serde_json::to_string(&notice).map_err(Error::internal)?;
        let kind = JobKind::BackchannelLogout;
        Ok(jobs::insert(
            batch,
            &self.new_id(),
            kind,
            &payload,
            self.now(),
        ))
    }

    /// Sends the notice of a job (section 2.5). An application that was deleted meanwhile, or takes
    /// notices no longer, needs none. The job's id is the token's, so that a repetition is known.
    ///
    /// # Errors
    /// The application refused the token for good (400, section 2.8), or could not be told now.
    pub(crate) async fn deliver_logout(&self, job: &Job) -> Result<(), JobFailure> {
        let notice: LogoutNotice = serde_json::from_str(&job.payload)
            .map_err(|error| JobFailure::Never(format!("the payload cannot be read: {error}")))?;
        let later = |error: Error| JobFailure::Later(error.to_string());
        let Some(client) = self.client(&notice.application_id).await.map_err(later)? else {
            return Ok(());
        };
        let Some(uri) = &client.application.oidc.backchannel_logout_uri else {
            return Ok(());
        };
        let url = Url::parse(uri)
            .map_err(|error| JobFailure::Never(format!("backchannelLogoutUri: {error}")))?;
        let source = LogoutTokenSource {
            issuer: &self.issuer,
            id: &job.id,
            application_id: &notice.application_id,
            user_id: &notice.user_id,
            session_id: &notice.session_id,
        };
        let claims = logout_token::claims(source, self.now());
        let algorithm = id_token_algorithm(&client.application);
        let token = self
            .sign_jwt(algorithm, logout_token::TYPE, claims)
            .await
            .map_err(later)?;
        // A JWT has no character that a form would escape.
        let form = format!("logout_token={token}");
        let request = OutboundRequest::post(url)
            .body(form, "application/x-www-form-urlencoded")
            .repeatable();
        let answer = self.outbound.send(request).await;
        let reply = answer.map_err(|error| match error {
            OutboundError::Busy => JobFailure::Busy,
            error => JobFailure::Later(error.to_string()),
        })?;
        match reply.status {
            200..=299 => Ok(()),
            400 => Err(JobFailure::Never(
                "the application refused the logout token (400)".to_owned(),
            )),
            status => Err(JobFailure::Later(format!(
                "the application answered {status}"
            ))),
        }
    }
}
