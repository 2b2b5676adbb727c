//! A page as an HTTP answer.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use meibo_domain::{Error, ErrorKind};
use meibo_oauth::OAuthError;
use meibo_pages::{ErrorPage, RenderError};

use crate::{
    respond::{Failure, page_that_leads_out},
    visit::Visit,
};

/// The rendered page with its headers; a page is never kept by a cache. The language chosen with
/// this request is kept in a cookie.
pub(crate) fn page(
    visit: &Visit,
    status: StatusCode,
    html: Result<String, RenderError>,
) -> Response {
    let html = match html {
        Ok(html) => html,
        Err(error) => return Failure::from(Error::internal(error)).into_response(),
    };
    let mut response = page_that_leads_out(html, &visit.experience.branding.origins());
    *response.status_mut() = status;
    let language = HeaderValue::from_static(visit.language.tag());
    response
        .headers_mut()
        .insert(header::CONTENT_LANGUAGE, language);
    match visit.chosen_language {
        Some(language) => with_cookie(visit.cookie_names.set_language(language.tag()), response),
        None => response,
    }
}

/// Sends the browser on with GET, whatever it came with (303, never 307).
pub(crate) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => {
            let mut response = StatusCode::SEE_OTHER.into_response();
            response.headers_mut().insert(header::LOCATION, location);
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Sets a cookie with an answer.
pub(crate) fn with_cookie(cookie: Cookie<'static>, response: Response) -> Response {
    (CookieJar::new().add(cookie), response).into_response()
}

/// An application error; the edge of the service writes it as a page and logs faults of ours.
pub(crate) fn refusal(error: Error) -> Response {
    Failure::from(error).into_response()
}

/// The error page of a request that cannot be answered to its application.
pub(crate) fn oauth_error_page(visit: &Visit, error: &OAuthError) -> Response {
    let kind = if error.status() >= 500 {
        ErrorKind::Unavailable
    } else {
        ErrorKind::Invalid
    };
    let mut shown = ErrorPage::from_code(
        visit.layout(),
        kind,
        &format!("oidc.{}", error.code().as_str()),
    );
    shown.detail = Some(error.description().to_owned());
    shown.request_id = Some(visit.request_id.as_str().to_owned());
    let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::BAD_REQUEST);
    with_retry_after(
        error.retry_after_seconds(),
        page(visit, status, shown.render()),
    )
}

/// Says when another try makes sense.
pub(crate) fn with_retry_after(seconds: Option<u32>, mut response: Response) -> Response {
    if let Some(seconds) = seconds {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
