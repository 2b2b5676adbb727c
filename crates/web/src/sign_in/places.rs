//! Where the pages of a sign-in stand.

use meibo_domain::{ids::SignInId, sign_in::Intent};
use url::form_urlencoded;

/// An identifier and a password.
pub(crate) const SIGN_IN: &str = "/sign-in";

/// A username and a password for a new account.
pub(crate) const REGISTER: &str = "/register";

/// May an application have what it asks for?
pub(crate) const CONSENT: &str = "/consent";

/// Where an account is made with a proved address.
pub(super) const PROVED_ACCOUNT: &str = "/register/new";

/// Where another password is chosen.
pub(super) const NEW_PASSWORD: &str = "/forgot-password/new";

/// Where it says that it was changed.
pub(super) const PASSWORD_CHANGED: &str = "/forgot-password/done";

/// Where an address is typed.
pub(crate) const fn address_page(intent: Intent) -> &'static str {
    match intent {
        Intent::SignIn => "/sign-in/code",
        Intent::Register => "/register/code",
        Intent::ForgotPassword => "/forgot-password",
    }
}

/// Where its code is typed.
pub(super) const fn code_page(intent: Intent) -> &'static str {
    match intent {
        Intent::SignIn => "/sign-in/code/verify",
        Intent::Register => "/register/code/verify",
        Intent::ForgotPassword => "/forgot-password/verify",
    }
}

/// The address of a page for the sign-in `id`.
pub(crate) fn place(page: &str, id: &SignInId) -> String {
    let id: String = form_urlencoded::byte_serialize(id.as_str().as_bytes()).collect();
    format!("{page}?id={id}")
}
