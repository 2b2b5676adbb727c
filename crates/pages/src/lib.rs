//! The pages that people see: typed contexts in, HTML out.
//!
//! Each page is one struct with what it shows, a `render` that gives the whole document, and
//! `samples` that show it in every state. Templates are in `templates/`, words in `locales/`, the
//! stylesheet and modules in `static/`; all three are part of the binary. Nothing here knows HTTP:
//! status, headers and cookies belong to the caller.
//!
//! Every page works without a script, and none needs an inline script or style, so
//! `default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'` is policy enough; pictures
//! of an operator need their origins in `img-src`.

mod address;
pub mod assets;
mod brand;
mod code;
mod consent;
mod error;
mod form;
mod form_post;
mod home;
mod inbox;
mod language;
mod layout;
mod new_password;
mod other_way;
mod proved_account;
mod register;
pub mod samples;
mod setup;
mod shown;
mod sign_in;
mod sign_out;
mod text;

#[cfg(test)]
mod checks;

pub use address::AddressPage;
pub use brand::{Brand, BrandLinks, Picture, brand_stylesheet};
pub use code::CodePage;
pub use consent::{ConsentPage, ScopeLine};
pub use error::ErrorPage;
pub use form::{Field, FormError, HiddenField};
pub use form_post::FormPostPage;
pub use home::HomePage;
pub use inbox::{InboxLine, InboxPage};
pub use language::Language;
pub use layout::Layout;
pub use new_password::{NewPasswordPage, PasswordChangedPage};
pub use other_way::{OtherWay, WayLink};
pub use proved_account::ProvedAccountPage;
pub use register::RegisterPage;
pub use setup::{SetupDonePage, SetupPage};
pub use shown::shown;
pub use sign_in::{AcceptedIdentifiers, SignInPage};
pub use sign_out::{SignOutConfirmPage, SignedOutPage};
pub use text::{Argument, error_message, rule_message, text, text_with, wait_message};

/// A page could not be written. Templates are checked when they are compiled, so this is a fault
/// of ours, never of what a page shows.
#[derive(Debug, thiserror::Error)]
#[error("the page could not be rendered: {0}")]
pub struct RenderError(#[from] askama::Error);
