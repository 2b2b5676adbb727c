//! `/api/sign-in-exp` and its public form `/api/.well-known/sign-in-exp`.

mod schema;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use meibo_app::App;
use meibo_domain::{
    Error, Result,
    ids::UserId,
    sign_in_experience::{
        Settings, SignInExperience, SignInExperiencePatch, check_not_offered,
        defaults_of_what_is_not_offered,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

pub(super) use self::schema::{SignInExperienceView, UpdateSignInExperience};
use super::TENANT_ID;
use crate::{
    extract::{Caller, JsonBody, read_object},
    respond::{Answer, Document, Json},
};

/// A password to look at; it is not kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckPassword {
    /// The password.
    password: String,
    /// Whose it would be: what is personal to this user is refused then.
    user_id: Option<String>,
}

/// May the password be used?
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PasswordCheck {
    /// True when it may.
    result: bool,
    /// Why not, as `{code, interpolation}`; left out when it may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Option<Vec<Object>>)]
    issues: Vec<Value>,
}

pub(super) async fn get_sign_in_experience(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Answer<Document<Map<String, Value>>> {
    Ok(Document(view(&app.get_sign_in_experience(&actor).await?)?))
}

pub(super) async fn update_sign_in_experience(
    State(app): State<App>,
    Caller(actor): Caller,
    JsonBody(members): JsonBody<Map<String, Value>>,
) -> Answer<Json<Map<String, Value>>> {
    check_not_offered(&members)?;
    let settings: Settings = read_object(members.clone())?;
    let patch = SignInExperiencePatch::new(&members, &settings)?;
    let updated = app.update_sign_in_experience(&actor, &patch).await?;
    Ok(Json(view(&updated)?))
}

pub(super) async fn check_password(
    State(app): State<App>,
    Caller(actor): Caller,
    JsonBody(body): JsonBody<CheckPassword>,
) -> Answer<Response> {
    let user_id = body.user_id.map(UserId::parse).transpose();
    let user_id = user_id.map_err(|error| error.within("userId"))?;
    let issues = app
        .check_new_password(&actor, &body.password, user_id.as_ref())
        .await?;
    let status = if issues.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    let result = issues.is_empty();
    Ok((status, Json(PasswordCheck { result, issues })).into_response())
}

pub(super) async fn get_public_sign_in_experience(
    State(app): State<App>,
) -> Answer<Document<Map<String, Value>>> {
    let experience = app.sign_in_experience().await?;
    let ways = app.forgot_password_ways(&experience).await?;
    let mut members = view(&experience)?;
    for private in ["emailBlocklistPolicy", "forgotPasswordMethods"] {
        members.remove(private);
    }
    let public = [
        (
            "forgotPassword",
            json!({"email": ways.email, "phone": ways.phone}),
        ),
        ("socialConnectors", json!([])),
        ("ssoConnectors", json!([])),
        ("customProfileFields", json!([])),
        ("isDevelopmentTenant", json!(false)),
    ];
    members.extend(public.map(|(name, value)| (name.to_owned(), value)));
    Ok(Document(members))
}

/// The settings with the members that this server does not offer.
fn view(experience: &SignInExperience) -> Result<Map<String, Value>> {
    let settings: &Settings = experience;
    let written = serde_json::to_value(settings).map_err(Error::internal)?;
    let mut members = defaults_of_what_is_not_offered();
    members.extend([
        ("tenantId".to_owned(), json!(TENANT_ID)),
        ("id".to_owned(), json!("default")),
    ]);
    if let Value::Object(written) = written {
        members.extend(written);
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema as _;

    use super::*;

    #[test]
    fn the_schema_has_exactly_the_settings() {
        let names = |schema: Value| -> Vec<String> {
            let members = schema["properties"].as_object().unwrap();
            let mut names: Vec<String> = members.keys().cloned().collect();
            names.sort_unstable();
            names
        };
        let settings = serde_json::to_value(Settings::default()).unwrap();
        let mut expected: Vec<String> = settings.as_object().unwrap().keys().cloned().collect();
        expected.sort_unstable();
        let body = serde_json::to_value(UpdateSignInExperience::schema()).unwrap();
        assert_eq!(names(body), expected);
        let shown = view(&SignInExperience::default()).unwrap();
        let described = names(serde_json::to_value(SignInExperienceView::schema()).unwrap());
        assert!(
            shown.keys().all(|name| described.contains(name)),
            "{shown:?}"
        );
    }
}
