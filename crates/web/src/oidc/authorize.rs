//! `/oidc/auth` and the way back from the sign-in pages, `/oidc/auth/{id}`.

use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use meibo_app::{
    App,
    oidc::authorize::{Authorization, NextPage},
};
use meibo_domain::{ErrorCode, Result, ids::SignInId, sign_in::Intent};
use meibo_oauth::authorize::{AuthorizationResponse, ResponseMode};
use meibo_pages::FormPostPage;
use url::form_urlencoded;

use crate::{
    extract::{Form, Query},
    page::{oauth_error_page, page, refusal, see_other, with_cookie},
    sign_in::{CONSENT, REGISTER, SIGN_IN, address_page, place},
    visit::Visit,
};

pub(super) async fn begin(State(app): State<App>, visit: Visit, Query(pairs): Query) -> Response {
    let authorization = app.authorize(&pairs, &visit.cookies, visit.address).await;
    answer(&visit, authorization)
}

/// A POST comes from another site, so the browser held the cookies back (SameSite=Lax): it is sent
/// here again with GET before anything is read.
pub(super) async fn bounce(RawQuery(query): RawQuery, Form(pairs): Form) -> Response {
    see_other(&again("/oidc/auth", query.as_deref(), &pairs))
}

pub(super) async fn resume(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    let authorization = match SignInId::parse(id) {
        Ok(id) => app.resume_authorization(&id, &visit.cookies).await,
        Err(_) => Err(ErrorCode::SignInNotFound.into()),
    };
    answer(&visit, authorization)
}

fn answer(visit: &Visit, authorization: Result<Authorization>) -> Response {
    match authorization {
        Ok(Authorization::Respond(response)) => respond(visit, &response),
        Ok(Authorization::SignIn {
            id,
            page,
            new_browser_token,
        }) => {
            let page = match page {
                NextPage::SignIn => SIGN_IN,
                NextPage::Register => REGISTER,
                NextPage::ForgotPassword => address_page(Intent::ForgotPassword),
                NextPage::Consent => CONSENT,
            };
            let response = see_other(&place(page, &id));
            match new_browser_token {
                Some(token) => with_cookie(visit.cookie_names.set_browser(token), response),
                None => response,
            }
        }
        Ok(Authorization::Page(error)) => oauth_error_page(visit, &error),
        Err(error) => refusal(error),
    }
}

fn respond(visit: &Visit, response: &AuthorizationResponse) -> Response {
    if response.mode() != ResponseMode::FormPost {
        return see_other(&response.location());
    }
    let fields = response
        .form_fields()
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let shown = FormPostPage {
        layout: meibo_pages::Layout {
            language_links: Vec::new(),
            ..visit.layout()
        },
        action: response.location(),
        fields,
    };
    page(visit, StatusCode::OK, shown.render())
}

/// The address with everything that a POST carried in its query and body.
pub(super) fn again(path: &str, query: Option<&str>, pairs: &[(String, String)]) -> String {
    let mut all = form_urlencoded::Serializer::new(String::new());
    all.extend_pairs(form_urlencoded::parse(query.unwrap_or_default().as_bytes()));
    all.extend_pairs(pairs);
    format!("{path}?{}", all.finish())
}
