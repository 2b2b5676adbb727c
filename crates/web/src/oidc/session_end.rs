//! `/oidc/session/end` (OpenID Connect RP-Initiated Logout).

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use meibo_app::{App, oidc::logout::EndSession};
use meibo_domain::Result;
use meibo_pages::{SignOutConfirmPage, SignedOutPage};

use super::authorize::again;
use crate::{
    extract::{Form, Query},
    page::{oauth_error_page, page, refusal, see_other, with_cookie},
    sign_in::field,
    visit::Visit,
};

/// Where the question's form is posted.
const CONFIRM: &str = "/oidc/session/end/confirm";

/// The field that carries the request along.
const REQUEST: &str = "request";

pub(super) async fn end(State(app): State<App>, visit: Visit, Query(pairs): Query) -> Response {
    let ended = app.end_session(&pairs, &visit.cookies, false).await;
    answer(&visit, ended)
}

/// As at `/oidc/auth`: a POST comes from another site without our cookies and is sent here again.
pub(super) async fn bounce(RawQuery(query): RawQuery, Form(pairs): Form) -> Response {
    see_other(&again("/oidc/session/end", query.as_deref(), &pairs))
}

/// The answer to our question; only our own page may post it.
pub(super) async fn confirm(State(app): State<App>, visit: Visit, Form(pairs): Form) -> Response {
    if field(&pairs, "decision") != "sign_out" {
        return see_other("/");
    }
    let request: Vec<(String, String)> =
        url::form_urlencoded::parse(field(&pairs, REQUEST).as_bytes())
            .into_owned()
            .collect();
    let ended = app.end_session(&request, &visit.cookies, true).await;
    answer(&visit, ended)
}

pub(super) async fn success(visit: Visit) -> Response {
    page(
        &visit,
        StatusCode::OK,
        SignedOutPage {
            layout: visit.layout(),
            return_to: None,
        }
        .render(),
    )
}

fn answer(visit: &Visit, ended: Result<EndSession>) -> Response {
    match ended {
        Ok(EndSession::Ended { location }) => {
            let next = location.as_deref().unwrap_or("/oidc/session/end/success");
            with_cookie(visit.cookie_names.clear_session(), see_other(next))
        }
        Ok(EndSession::Confirm { person, request }) => {
            let shown = SignOutConfirmPage {
                layout: visit.layout(),
                action: CONFIRM.to_owned(),
                hidden: vec![(REQUEST.to_owned(), request)],
                person,
            };
            page(visit, StatusCode::OK, shown.render())
        }
        Ok(EndSession::Page(error)) => oauth_error_page(visit, &error),
        Err(error) => refusal(error),
    }
}
