//! An error as a page.

use axum::response::{IntoResponse, Response};
use http::header;
use meibo_domain::{Error, ErrorKind};
use meibo_pages::{ErrorPage, Language, Layout};

use super::{error_json::set_error_headers, failure::status_of, page::page};
use crate::extract::RequestId;

/// Writes an error as a page. What is wrong in detail is shown unless the fault is ours.
#[must_use]
pub fn error_page(error: &Error, language: Language, request_id: &RequestId) -> Response {
    let code = error.code();
    let is_ours = matches!(error.kind(), ErrorKind::Internal);
    let document = ErrorPage {
        detail: error.detail_text().filter(|_| !is_ours).map(str::to_owned),
        request_id: Some(request_id.as_str().to_owned()),
        ..ErrorPage::from_code(Layout::new(language), error.kind(), code.as_str())
    };
    let mut response = match document.render() {
        Ok(html) => page(html),
        Err(_) => {
            let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            (plain, format!("{code}: {}\n", code.summary())).into_response()
        }
    };
    *response.status_mut() = status_of(code);
    set_error_headers(response.headers_mut(), error);
    response
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use meibo_domain::ErrorCode;

    use super::*;

    #[tokio::test]
    async fn a_page_tells_what_and_which_request_but_no_fault_of_ours() {
        let render = async |error: Error| {
            let id = RequestId::parse("r-77").unwrap();
            let response = error_page(&error, Language::Ja, &id);
            let status = response.status().as_u16();
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            (status, String::from_utf8(bytes.to_vec()).unwrap())
        };
        let (status, html) =
            render(Error::new(ErrorCode::SignInNotFound).detail("too <old>")).await;
        assert_eq!(status, 400);
        assert!(
            html.contains("lang=\"ja\"") && html.contains("r-77"),
            "{html}"
        );
        assert!(
            html.contains("session.not_found") && !html.contains("<old>"),
            "{html}"
        );
        let (status, html) = render(Error::internal("boom").detail("inside")).await;
        assert_eq!(status, 500);
        assert!(!html.contains("boom") && !html.contains("inside"), "{html}");
    }
}
