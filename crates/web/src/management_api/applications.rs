//! `/api/applications`

mod body;
mod metadata;
mod view;

use axum::{extract::State, response::Response};
use http::StatusCode;
use meibo_app::{
    App,
    applications::{ApplicationFilter, Rights},
};
use meibo_domain::{Error, application::ApplicationType, ids::ApplicationId};
use serde_json::{Map, Value};

pub(super) use self::{
    body::{CreateApplication, UpdateApplication},
    view::{ApplicationDetails, ApplicationView},
};
use super::{custom_data::CustomDataView, paging::Paging};
use crate::{
    extract::{Caller, JsonBody, Path, Query},
    respond::{Answer, Document, Json},
};

pub(super) async fn list_applications(
    State(app): State<App>,
    Caller(actor): Caller,
    query: Query,
    paging: Paging,
) -> Answer<Response> {
    query.refuse(&["search", "excludeRoleId", "excludeOrganizationId"])?;
    let filter = ApplicationFilter {
        types: types(&query)?,
        is_third_party: query.flag("isThirdParty")?,
    };
    let page = app
        .list_applications(&actor, paging.if_asked_for(), &filter)
        .await?;
    Ok(paging.answer_if_asked_for(page, ApplicationView::from))
}

/// The parameter `types`, with or without the brackets that some clients write after it.
fn types(query: &Query) -> Result<Vec<ApplicationType>, Error> {
    let names = query.all("types").chain(query.all("types[]"));
    let parse = |name: &str| {
        ApplicationType::parse(name).ok_or_else(|| {
            Error::invalid(
                "types",
                "enum",
                "one of Native, SPA, Traditional, MachineToMachine",
            )
        })
    };
    names.map(parse).collect()
}

pub(super) async fn create_application(
    State(app): State<App>,
    Caller(actor): Caller,
    JsonBody(body): JsonBody<CreateApplication>,
) -> Answer<Json<ApplicationView>> {
    let rights = Rights {
        management_api: false,
        login_api: false,
    };
    let application = app
        .create_application(&actor, None, body.parse()?, rights)
        .await?;
    Ok(Json(application.into()))
}

pub(super) async fn get_application(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApplicationId>,
) -> Answer<Document<ApplicationDetails>> {
    let (application, is_admin) = app.get_application(&actor, &id).await?;
    Ok(Document(ApplicationDetails {
        application: application.into(),
        is_admin,
    }))
}

pub(super) async fn update_application(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApplicationId>,
    JsonBody(body): JsonBody<UpdateApplication>,
) -> Answer<Json<ApplicationView>> {
    if body.names_what_is_fixed() {
        let (present, _) = app.get_application(&actor, &id).await?;
        body.check_fixed(&present)?;
    }
    Ok(Json(
        app.update_application(&actor, &id, body.parse()?)
            .await?
            .into(),
    ))
}

pub(super) async fn delete_application(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApplicationId>,
) -> Answer<StatusCode> {
    app.delete_application(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn merge_application_custom_data(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<ApplicationId>,
    JsonBody(members): JsonBody<Map<String, Value>>,
) -> Answer<Json<CustomDataView>> {
    let custom_data = app
        .merge_application_custom_data(&actor, &id, members)
        .await?;
    Ok(Json(CustomDataView(custom_data)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_in_both_spellings() {
        let query = |pairs: &[(&str, &str)]| {
            let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            types(&Query(pairs.iter().map(own).collect()))
        };
        assert_eq!(query(&[]).unwrap(), []);
        assert_eq!(
            query(&[("types", "SPA"), ("types[]", "MachineToMachine")]).unwrap(),
            [ApplicationType::Spa, ApplicationType::MachineToMachine]
        );
        assert_eq!(
            query(&[("types", "spa")]).unwrap_err().violations()[0].path,
            "types"
        );
    }
}
