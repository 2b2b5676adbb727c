//! `/api/configs/oidc/private-keys`

use std::time::Duration;

use axum::extract::State;
use http::StatusCode;
use meibo_app::App;
use meibo_domain::{
    Error, Result,
    signing_key::{KeyStatus, PUBLISHED_BEFORE_USE, PublishedKey, SIGNING_ALGORITHMS},
    time::{Timestamp, days},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    extract::{Caller, JsonBody, Path},
    respond::{Answer, Json},
};

/// A key that tokens are signed with. The private key itself is never given.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SigningKey)]
pub(super) struct SigningKeyView {
    /// Key id: `kid` in tokens and in the key set.
    id: String,
    /// When it was made and first published, in epoch milliseconds.
    created_at: i64,
    /// Kind of key: `RSA`, `EC` or `OKP`.
    signing_key_algorithm: &'static str,
    /// JWS algorithm: `RS256`, `ES256`, `ES384` or `EdDSA`.
    algorithm: String,
    /// `Next`, `Current` or `Previous`.
    status: &'static str,
    /// When it signed for the last time, in epoch milliseconds; null unless previous.
    #[schema(required)]
    retired_at: Option<i64>,
}

/// Which keys take turns.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RotateSigningKeys {
    /// `RS256`, `ES256`, `ES384` or `EdDSA`; `RSA` stands for RS256, `EC` for ES256. Every algorithm in use when it is
    /// left out.
    signing_key_algorithm: Option<String>,
    /// Seconds that the next key must have been published before it signs, 0 to 86,400; 300 unless told. Less than 300
    /// makes clients that keep the key set refuse tokens for a while.
    rotation_grace_period: Option<i64>,
}

impl RotateSigningKeys {
    fn algorithm(&self) -> Result<Option<&str>> {
        match self.signing_key_algorithm.as_deref() {
            None => Ok(None),
            Some("RSA") => Ok(Some("RS256")),
            Some("EC") => Ok(Some("ES256")),
            Some(name) if SIGNING_ALGORITHMS.contains(&name) => Ok(Some(name)),
            Some(_) => Err(Error::invalid(
                "signingKeyAlgorithm",
                "algorithm",
                "RS256, ES256, ES384, EdDSA, RSA or EC",
            )),
        }
    }

    fn published_for(&self) -> Result<Duration> {
        let Some(seconds) = self.rotation_grace_period else {
            return Ok(PUBLISHED_BEFORE_USE);
        };
        let asked = u64::try_from(seconds).ok().map(Duration::from_secs);
        asked
            .filter(|asked| *asked <= days(1))
            .ok_or_else(|| Error::invalid("rotationGracePeriod", "range", "0 to 86400 seconds"))
    }
}

impl From<PublishedKey> for SigningKeyView {
    fn from(key: PublishedKey) -> Self {
        Self {
            id: key.id,
            created_at: key.created_at.millis(),
            signing_key_algorithm: match key.algorithm.as_str() {
                "RS256" => "RSA",
                "EdDSA" => "OKP",
                _ => "EC",
            },
            algorithm: key.algorithm,
            status: match key.status {
                KeyStatus::Next => "Next",
                KeyStatus::Current => "Current",
                KeyStatus::Previous => "Previous",
            },
            retired_at: key.retired_at.map(Timestamp::millis),
        }
    }
}

fn views(keys: Vec<PublishedKey>) -> Json<Vec<SigningKeyView>> {
    Json(keys.into_iter().map(SigningKeyView::from).collect())
}

pub(super) async fn list_signing_keys(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Answer<Json<Vec<SigningKeyView>>> {
    Ok(views(app.list_signing_keys(&actor).await?))
}

pub(super) async fn rotate_signing_keys(
    State(app): State<App>,
    Caller(actor): Caller,
    JsonBody(body): JsonBody<RotateSigningKeys>,
) -> Answer<Json<Vec<SigningKeyView>>> {
    let (algorithm, published_for) = (body.algorithm()?, body.published_for()?);
    let keys = app
        .rotate_signing_keys(&actor, algorithm, published_for)
        .await?;
    Ok(views(keys))
}

pub(super) async fn delete_signing_key(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    app.delete_signing_key(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
