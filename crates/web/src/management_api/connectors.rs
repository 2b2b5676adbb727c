//! `/api/connectors`

mod body;

use axum::extract::State;
use http::StatusCode;
use meibo_app::{App, connectors::ShownConnector};
use meibo_pages::Language;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub(super) use self::body::{CreateConnector, TestConnector, UpdateConnector};
use super::connector_factories::FactoryDescription;
use crate::{
    extract::{AcceptLanguage, Caller, JsonBody, Path, Query},
    respond::{Answer, Document, Json},
};

/// A connector that was set up.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Connector)]
pub(super) struct ConnectorView {
    /// Id.
    id: String,
    /// The id of its kind.
    connector_id: &'static str,
    /// The configuration; every secret is `********`.
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    /// Members that the server only keeps.
    #[schema(value_type = Object)]
    metadata: Map<String, Value>,
    /// Always false: it brings no profiles.
    sync_profile: bool,
    /// Always false: there are no tokens of somebody else's.
    enable_token_storage: bool,
    #[serde(flatten)]
    description: FactoryDescription,
}

impl ConnectorView {
    fn new(shown: ShownConnector, language: Language) -> Self {
        let factory = shown.connector.factory;
        Self {
            id: shown.connector.id,
            connector_id: factory.id,
            config: shown.config,
            metadata: shown.connector.metadata,
            sync_profile: false,
            enable_token_storage: false,
            description: FactoryDescription::new(factory, language),
        }
    }
}

pub(super) async fn list_connectors(
    State(app): State<App>,
    Caller(actor): Caller,
    AcceptLanguage(language): AcceptLanguage,
    query: Query,
) -> Answer<Document<Vec<ConnectorView>>> {
    let target = query.first("target");
    let all = app.list_connectors(&actor).await?.into_iter();
    let wanted = all.filter(|shown| target.is_none_or(|id| shown.connector.factory.id == id));
    let views = wanted.map(|shown| ConnectorView::new(shown, language));
    Ok(Document(views.collect()))
}

pub(super) async fn create_connector(
    State(app): State<App>,
    Caller(actor): Caller,
    AcceptLanguage(language): AcceptLanguage,
    JsonBody(body): JsonBody<CreateConnector>,
) -> Answer<Json<ConnectorView>> {
    let made = app.create_connector(&actor, body.parse()?).await?;
    Ok(Json(ConnectorView::new(made, language)))
}

pub(super) async fn get_connector(
    State(app): State<App>,
    Caller(actor): Caller,
    AcceptLanguage(language): AcceptLanguage,
    Path(id): Path<String>,
) -> Answer<Document<ConnectorView>> {
    let shown = app.get_connector(&actor, &id).await?;
    Ok(Document(ConnectorView::new(shown, language)))
}

pub(super) async fn update_connector(
    State(app): State<App>,
    Caller(actor): Caller,
    AcceptLanguage(language): AcceptLanguage,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<UpdateConnector>,
) -> Answer<Json<ConnectorView>> {
    let changed = app.update_connector(&actor, &id, body.parse()?).await?;
    Ok(Json(ConnectorView::new(changed, language)))
}

pub(super) async fn delete_connector(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    app.delete_connector(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn test_connector(
    State(app): State<App>,
    Caller(actor): Caller,
    AcceptLanguage(language): AcceptLanguage,
    Path(factory_id): Path<String>,
    JsonBody(body): JsonBody<TestConnector>,
) -> Answer<StatusCode> {
    // The path is looked at first: what does not exist takes no body.
    app.get_connector_factory(&actor, &factory_id)?;
    let test = body.parse(language)?;
    app.test_connector(&actor, &factory_id, test).await?;
    Ok(StatusCode::NO_CONTENT)
}
