//! `/api/resources`

use axum::{extract::State, response::Response};
use http::StatusCode;
use meibo_app::{
    App,
    api_resources::{NewResource, ResourcePatch},
};
use meibo_domain::{Result, actor::Actor, ids::ApiResourceId, page::Page, resource::ApiResource};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    TENANT_ID,
    paging::{Paging, cut},
    scopes::ScopeView,
};
use crate::{
    extract::{Caller, JsonBody, Path, Query},
    respond::{Answer, Document, Json},
};

/// An API that access tokens are made for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Resource)]
pub(super) struct ResourceView {
    /// Always `default`.
    tenant_id: &'static str,
    /// Id.
    id: String,
    /// Name for administrators.
    name: String,
    /// The resource indicator (RFC 8707): the audience of its access tokens.
    indicator: String,
    /// Is it the resource of requests that name none?
    is_default: bool,
    /// Seconds that access tokens live.
    access_token_ttl: i64,
    /// Its scopes; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<ScopeView>>,
}

/// A new API resource.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateResource {
    /// Name, 1 to 256 characters.
    name: String,
    /// The resource indicator: an absolute URI without fragment. It never changes.
    indicator: String,
    /// Seconds that access tokens live, 60 to 86,400; 3,600 unless told.
    access_token_ttl: Option<i64>,
}

/// What changes of an API resource. A member that is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UpdateResource {
    /// Name, 1 to 256 characters.
    name: Option<String>,
    /// Seconds that access tokens live, 60 to 86,400.
    access_token_ttl: Option<i64>,
}

/// Is an API resource the default?
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SetDefault {
    /// Is it the resource of requests that name none?
    is_default: bool,
}

impl From<ApiResource> for ResourceView {
    fn from(resource: ApiResource) -> Self {
        Self {
            tenant_id: TENANT_ID,
            id: resource.id.into(),
            name: resource.name,
            indicator: resource.indicator,
            is_default: resource.is_default,
            access_token_ttl: resource.access_token_ttl,
            scopes: None,
        }
    }
}

pub(super) async fn list_resources(
    State(app): State<App>,
    Caller(actor): Caller,
    query: Query,
    paging: Paging,
) -> Answer<Response> {
    let Page { items, total } = cut(app.list_resources(&actor).await?, paging.if_asked_for());
    let mut views = Vec::with_capacity(items.len());
    for resource in items {
        views.push(if query.is_on("includeScopes") {
            with_scopes(&app, &actor, resource).await?
        } else {
            resource.into()
        });
    }
    Ok(paging.answer_if_asked_for(
        Page {
            items: views,
            total,
        },
        |view| view,
    ))
}

async fn with_scopes(app: &App, actor: &Actor, resource: ApiResource) -> Result<ResourceView> {
    let scopes = app.list_scopes(actor, &resource.id).await?;
    let scopes = Some(scopes.into_iter().map(ScopeView::from).collect());
    Ok(ResourceView {
        scopes,
        ..resource.into()
    })
}

pub(super) async fn create_resource(
    State(app): State<App>,
    Caller(actor): Caller,
    JsonBody(body): JsonBody<CreateResource>,
) -> Answer<(StatusCode, Json<ResourceView>)> {
    let CreateResource {
        name,
        indicator,
        access_token_ttl,
    } = body;
    let new = NewResource {
        name,
        indicator,
        access_token_ttl,
    };
    let resource = app.create_resource(&actor, new).await?;
    Ok((StatusCode::CREATED, Json(resource.into())))
}

pub(super) async fn get_resource(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApiResourceId>,
) -> Answer<Document<ResourceView>> {
    Ok(Document(app.get_resource(&actor, &id).await?.into()))
}

pub(super) async fn update_resource(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApiResourceId>,
    JsonBody(body): JsonBody<UpdateResource>,
) -> Answer<Json<ResourceView>> {
    let patch = ResourcePatch {
        name: body.name,
        access_token_ttl: body.access_token_ttl,
    };
    Ok(Json(app.update_resource(&actor, &id, patch).await?.into()))
}

pub(super) async fn delete_resource(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApiResourceId>,
) -> Answer<StatusCode> {
    app.delete_resource(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn set_default_resource(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApiResourceId>,
    JsonBody(body): JsonBody<SetDefault>,
) -> Answer<Json<ResourceView>> {
    Ok(Json(
        app.set_default_resource(&actor, &id, body.is_default)
            .await?
            .into(),
    ))
}
