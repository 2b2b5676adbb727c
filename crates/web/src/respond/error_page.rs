//! An error as a page.

use axum::response::{IntoResponse, Response};
use http::header;
use meibo_domain::{Error, ErrorKind};
use meibo_pages::{ErrorPage, Layout, wait_message};

use super::{error_json::set_error_headers, failure::status_of, page::page};
use crate::extract::RequestId;

/// Writes an error as a page with the parts around it; pictures may come from `origins` too. What is
/// wrong in detail is shown unless the fault is ours.
#[must_use]
pub fn error_page(
    error: &Error,
    layout: Layout,
    origins: &[String],
    request_id: &RequestId,
) -> Response {
    let code = error.code();
    let is_ours = matches!(error.kind(), ErrorKind::Internal);
    let language = layout.language;
    let known = ErrorPage::from_code(layout, error.kind(), code.as_str());
    let wait = error.retry_after_seconds();
    let wait = wait.and_then(|seconds| wait_message(language, code.as_str(), seconds));
    let document = ErrorPage {
        message: wait.or_else(|| known.message.clone()),
        detail: error.detail_text().filter(|_| !is_ours).map(str::to_owned),
        request_id: Some(request_id.as_str().to_owned()),
        ..known
    };
    let mut response = match document.render() {
        Ok(html) => page(html, origins),
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
    use meibo_pages::Language;

    use super::*;

    #[tokio::test]
    async fn a_page_tells_what_and_which_request_but_no_fault_of_ours() {
        let render = async |error: Error| {
            let id = RequestId::parse("r-77").unwrap();
            let response = error_page(&error, Layout::new(Language::Ja), &[], &id);
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
