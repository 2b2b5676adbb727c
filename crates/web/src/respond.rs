//! What handlers answer with. A handler decides nothing about the look of an error: it gives a
//! [`Failure`], and the edge of the service writes it as JSON or as a page, in the reader's language.

mod error_json;
mod error_page;
mod etag;
mod failure;
mod json;
mod page;
mod security_headers;

pub use error_json::error_json;
pub use error_page::error_page;
pub use failure::{Answer, Failure, status_of};
pub use json::{Document, Json};
pub use page::{page, page_that_leads_out};

pub(crate) use error_json::ErrorBody;
pub(crate) use etag::{not_modified, weak_etag};
pub(crate) use security_headers::SecurityHeaders;
