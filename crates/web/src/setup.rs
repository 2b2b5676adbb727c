//! `/setup/{token}`: the one-time link that makes the first administrator.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use meibo_app::{App, setup::FirstAdministrator};
use meibo_domain::{Error, ErrorCode, ErrorKind, username::Username};
use meibo_pages::{Field, SetupDonePage, SetupPage};

use crate::{
    account_form::form_errors,
    extract::Form,
    page::{page, refusal, with_retry_after},
    page_routes::PageRoutes,
    sign_in::field,
    visit::Visit,
};

pub(crate) fn pages() -> PageRoutes {
    PageRoutes::default().page("/setup/{token}", get(show).post(submit))
}

async fn show(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Response {
    match app.check_setup_link(&token).await {
        Ok(()) => page(
            &visit,
            StatusCode::OK,
            form(&app, &visit, &token, String::new()).render(),
        ),
        Err(error) => refusal(error),
    }
}

async fn submit(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
    Form(pairs): Form,
) -> Response {
    let username = field(&pairs, "username");
    let made = async {
        app.check_address(visit.address)?;
        app.check_setup_link(&token).await?;
        let request = FirstAdministrator {
            token: token.clone(),
            username: Username::parse(username.trim())?,
            password: field(&pairs, "password"),
            address: Some(visit.address),
            request_id: Some(visit.request_id.as_str().to_owned()),
        };
        app.create_first_administrator(request).await
    };
    match made.await {
        Ok(user) => {
            let username = user
                .username
                .map(|username| username.to_string())
                .unwrap_or_default();
            let done = SetupDonePage {
                layout: visit.layout_at("/"),
                username,
                next_href: "/".to_owned(),
            };
            page(&visit, StatusCode::OK, done.render())
        }
        Err(error) => refused(&app, &visit, &token, username, &error),
    }
}

fn refused(app: &App, visit: &Visit, token: &str, username: String, error: &Error) -> Response {
    let is_told_in_form = matches!(
        error.code(),
        ErrorCode::InvalidInput | ErrorCode::PasswordRejected | ErrorCode::UsernameInUse
    ) || matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::TooMany);
    if !is_told_in_form {
        return refusal(error.clone());
    }
    let mut shown = form(app, visit, token, username);
    shown.errors = form_errors(visit.language, Field::Username, error);
    let status =
        StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    with_retry_after(
        error.retry_after_seconds(),
        page(visit, status, shown.render()),
    )
}

fn form(app: &App, visit: &Visit, token: &str, username: String) -> SetupPage {
    let here = format!("/setup/{token}");
    SetupPage {
        layout: visit.layout_at(&here),
        action: here,
        username,
        password_min_length: app.password_policy_under(&visit.experience).min_length,
        errors: Vec::new(),
    }
}
