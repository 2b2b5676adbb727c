//! The running demo in a real browser: what a newcomer does, how every page looks, and the API reference.
//! `MEIBO_BIN` names the binary; pictures of all pages are kept in `tmp/screenshots` of the target folder.

mod accessible;
mod api_reference;
mod axe;
mod brand;
mod code_pages;
mod look;
mod pages;
mod passwordless;
mod person;
mod story;
pub(crate) mod visited;
