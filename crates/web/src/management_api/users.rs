//! `/api/users`

mod body;
mod profile;
mod view;

use axum::extract::State;
use http::StatusCode;
use meibo_app::App;
use meibo_domain::{Error, ErrorCode, ids::UserId, search::UserSearch};

pub(super) use self::{
    body::{CreateUser, MergeProfile, Password, SetSuspension, UpdateUser},
    profile::ProfileView,
    view::{HasPassword, UserView},
};
use super::{
    custom_data::{CustomDataView, MergeCustomData},
    paging::Paging,
};
use crate::{
    extract::{Caller, JsonBody, Path, Query},
    respond::{Answer, Document, Json},
};

pub(super) async fn list_users(
    State(app): State<App>,
    Caller(actor): Caller,
    query: Query,
    paging: Paging,
) -> Answer {
    refuse_password_hash(&query)?;
    query.refuse(&["excludeRoleId", "excludeOrganizationId"])?;
    let search = UserSearch::parse(&query.0)?;
    let page = app.list_users(&actor, &search, paging.request()).await?;
    Ok(paging.answer(page, UserView::from))
}

pub(super) async fn create_user(
    State(app): State<App>,
    Caller(actor): Caller,
    JsonBody(body): JsonBody<CreateUser>,
) -> Answer<Json<UserView>> {
    let (new, password) = body.parse()?;
    Ok(Json(app.create_user(&actor, new, password).await?.into()))
}

pub(super) async fn get_user(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<UserId>,
    query: Query,
) -> Answer<Document<UserView>> {
    refuse_password_hash(&query)?;
    let mut view = UserView::from(app.get_user(&actor, &id).await?);
    if query.is_on("includeSsoIdentities") {
        view = view.with_sso_identities();
    }
    Ok(Document(view))
}

pub(super) async fn update_user(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<UserId>,
    JsonBody(body): JsonBody<UpdateUser>,
) -> Answer<Json<UserView>> {
    Ok(Json(
        app.update_user(&actor, &id, body.parse()?).await?.into(),
    ))
}

pub(super) async fn delete_user(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<UserId>,
) -> Answer<StatusCode> {
    app.delete_user(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn get_user_custom_data(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<UserId>,
) -> Answer<Document<CustomDataView>> {
    let user = app.get_user(&actor, &id).await?;
    Ok(Document(CustomDataView(user.custom_data)))
}

pub(super) async fn merge_user_custom_data(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<UserId>,
    JsonBody(body): JsonBody<MergeCustomData>,
) -> Answer<Json<CustomDataView>> {
    let user = app.merge_custom_data(&actor, &id, body.custom_data).await?;
    Ok(Json(CustomDataView(user.custom_data)))
}

pub(super) async fn merge_user_profile(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<UserId>,
    JsonBody(body): JsonBody<MergeProfile>,
) -> Answer<Json<ProfileView>> {
    let user = app
        .merge_profile(&actor, &id, body.profile.0.into())
        .await?;
    Ok(Json(user.profile.into()))
}

pub(super) async fn set_user_password(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<UserId>,
    JsonBody(body): JsonBody<Password>,
) -> Answer<Json<UserView>> {
    Ok(Json(
        app.set_password(&actor, &id, body.password).await?.into(),
    ))
}

pub(super) async fn verify_user_password(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<UserId>,
    JsonBody(body): JsonBody<Password>,
) -> Answer<StatusCode> {
    app.verify_password(&actor, &id, body.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn has_user_password(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<UserId>,
) -> Answer<Document<HasPassword>> {
    let user = app.get_user(&actor, &id).await?;
    Ok(Document(HasPassword {
        has_password: user.password.is_some(),
    }))
}

pub(super) async fn set_user_suspension(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<UserId>,
    JsonBody(body): JsonBody<SetSuspension>,
) -> Answer<Json<UserView>> {
    Ok(Json(
        app.set_suspension(&actor, &id, body.is_suspended)
            .await?
            .into(),
    ))
}

/// Digests leave only with a scope of their own, which no token can carry yet.
fn refuse_password_hash(query: &Query) -> Result<(), Error> {
    if query.is_on("includePasswordHash") {
        let detail = "includePasswordHash needs the scope users:export";
        return Err(Error::new(ErrorCode::Forbidden).detail(detail));
    }
    Ok(())
}
