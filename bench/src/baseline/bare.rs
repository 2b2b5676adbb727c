//! The bare server: what an HTTP exchange alone costs.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use bytes::Bytes;

const JSON: &str = "application/json";
/// The size of the answer to a GET.
const SIZE: usize = 1_024;

/// `GET /bare` answers 1 kB of JSON, `PATCH /bare` the body that it was sent.
pub(crate) fn router() -> Router {
    let body = document();
    Router::new().route(
        "/bare",
        get(async move || ([(CONTENT_TYPE, JSON)], body.clone()))
            .patch(async |body: Bytes| ([(CONTENT_TYPE, JSON)], body)),
    )
}

/// A JSON object of exactly [`SIZE`] bytes.
fn document() -> Bytes {
    let (open, close) = ("{\"text\":\"", "\"}");
    Bytes::from(format!(
        "{open}{}{close}",
        "x".repeat(SIZE - open.len() - close.len())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_json_of_one_kilobyte() {
        assert_eq!(document().len(), 1_024);
        assert!(
            serde_json::from_slice::<serde_json::Value>(&document())
                .unwrap()
                .is_object()
        );
    }
}
