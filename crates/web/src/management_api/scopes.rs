//! `/api/resources/{id}/scopes`

use axum::{extract::State, response::Response};
use http::StatusCode;
use meibo_app::{App, api_resources::ScopePatch};
use meibo_domain::{
    ids::{ApiResourceId, ScopeId},
    patch::Patch,
    resource::Scope,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    TENANT_ID,
    paging::{Paging, cut},
};
use crate::{
    extract::{Caller, JsonBody, Path},
    respond::{Answer, Json},
};

/// A scope of an API resource.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Scope)]
pub(super) struct ScopeView {
    /// Always `default`.
    tenant_id: &'static str,
    /// Id.
    id: String,
    /// The resource that it belongs to.
    resource_id: String,
    /// Name, unique in the resource.
    name: String,
    /// What it allows, in words.
    #[schema(required)]
    description: Option<String>,
    /// When it was made, in epoch milliseconds.
    created_at: i64,
}

/// A new scope.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct CreateScope {
    /// Name: 1 to 256 visible ASCII characters without spaces, `"` and `\`.
    name: String,
    /// What it allows, in words.
    description: Option<String>,
}

/// What changes of a scope. A member that is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct UpdateScope {
    /// Name.
    name: Option<String>,
    /// What it allows, in words; an empty string or null clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    description: Patch<String>,
}

impl From<Scope> for ScopeView {
    fn from(scope: Scope) -> Self {
        Self {
            tenant_id: TENANT_ID,
            id: scope.id.into(),
            resource_id: scope.resource_id.into(),
            name: scope.name,
            description: scope.description,
            created_at: scope.created_at.millis(),
        }
    }
}

pub(super) async fn list_resource_scopes(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApiResourceId>,
    paging: Paging,
) -> Answer<Response> {
    let page = cut(app.list_scopes(&actor, &id).await?, Some(paging.request()));
    Ok(paging.answer(page, ScopeView::from))
}

pub(super) async fn create_resource_scope(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApiResourceId>,
    JsonBody(body): JsonBody<CreateScope>,
) -> Answer<(StatusCode, Json<ScopeView>)> {
    let description = body.description.filter(|text| !text.is_empty());
    let scope = app
        .create_scope(&actor, &id, body.name, description)
        .await?;
    Ok((StatusCode::CREATED, Json(scope.into())))
}

pub(super) async fn update_resource_scope(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((resource, id)): Path<(ApiResourceId, ScopeId)>,
    JsonBody(body): JsonBody<UpdateScope>,
) -> Answer<Json<ScopeView>> {
    let patch = ScopePatch {
        name: body.name,
        description: body.description.empty_clears(),
    };
    Ok(Json(
        app.update_scope(&actor, &resource, &id, patch)
            .await?
            .into(),
    ))
}

pub(super) async fn delete_resource_scope(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((resource, id)): Path<(ApiResourceId, ScopeId)>,
) -> Answer<StatusCode> {
    app.delete_scope(&actor, &resource, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
