//! What the pages that prove an address share: their places, who posts, and the first page once more.

use axum::response::Response;
use meibo_app::sign_in::Visitor;
use meibo_domain::{Error, ErrorCode, ErrorKind, Result, ids::SignInId, sign_in::Intent};
use meibo_pages::{AddressPage, Field, FormError, OtherWay, WayLink, rule_message};

use super::{
    opened::{Opened, form_again},
    place,
};
use crate::visit::Visit;

/// Where an address is typed.
pub(super) const fn address_page(intent: Intent) -> &'static str {
    match intent {
        Intent::SignIn => "sign-in/code",
        Intent::Register => "register/code",
        Intent::ForgotPassword => "forgot-password",
    }
}

/// Where its code is typed.
pub(super) const fn code_page(intent: Intent) -> &'static str {
    match intent {
        Intent::SignIn => "sign-in/code/verify",
        Intent::Register => "register/code/verify",
        Intent::ForgotPassword => "forgot-password/verify",
    }
}

/// Where an account is made with a proved address.
pub(super) const PROVED_ACCOUNT: &str = "register/new";

/// Where another password is chosen.
pub(super) const NEW_PASSWORD: &str = "forgot-password/new";

/// Where it says that it was changed.
pub(super) const PASSWORD_CHANGED: &str = "forgot-password/done";

/// Who posts to a page of a sign-in.
pub(super) fn visitor(visit: &Visit, sign_in_id: &SignInId) -> Visitor {
    Visitor {
        sign_in_id: sign_in_id.clone(),
        cookies: visit.cookies.clone(),
        address: visit.address,
        user_agent: visit.user_agent.clone(),
        request_id: visit.request_id.as_str().to_owned(),
    }
}

/// Is it told by the seconds to wait?
pub(super) fn is_wait(error: &Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::TooManyAttempts | ErrorCode::TooManyRequests
    )
}

/// The page for the address.
pub(super) fn address_form(opened: &Opened, intent: Intent, typed: String) -> AddressPage {
    let here = place(address_page(intent), &opened.id);
    AddressPage {
        layout: opened.visit.layout_at(&here),
        action: here,
        hidden: Vec::new(),
        intent,
        channels: opened.view.ways.channels(intent),
        typed,
        error: None,
        wait_seconds: None,
        other_ways: other_ways(opened, intent),
        application_name: opened.view.application_name.clone(),
    }
}

/// The page for the address again, with what was wrong.
///
/// # Errors
/// What belongs on the error page.
pub(super) fn address_form_again(
    opened: &Opened,
    intent: Intent,
    typed: String,
    error: &Error,
) -> Result<Response> {
    let field = match error.code() {
        ErrorCode::InvalidInput
        | ErrorCode::InvalidPhone
        | ErrorCode::RecipientNotAllowed
        | ErrorCode::UserNotExist => Field::Identifier,
        ErrorCode::SignInMethodNotEnabled
        | ErrorCode::ConnectorNotFound
        | ErrorCode::ConnectorTemplateNotFound
        | ErrorCode::MessageRateLimited
        | ErrorCode::VerificationCodeNotFound
        | ErrorCode::VerificationCodeExpired
        | ErrorCode::ChangedMeanwhile
        | ErrorCode::UserSuspended => Field::Form,
        _ if is_wait(error) || error.kind() == ErrorKind::Unavailable => Field::Form,
        _ => return Err(error.clone()),
    };
    let mut shown = address_form(opened, intent, typed);
    if is_wait(error) {
        shown.wait_seconds = error.retry_after_seconds();
    } else {
        shown.error = Some(said_at(opened, field, error));
    }
    Ok(form_again(&opened.visit, error, shown.render()))
}

/// What is said at a field: of a member that is wrong, what it must be.
pub(super) fn said_at(opened: &Opened, field: Field, error: &Error) -> FormError {
    let language = opened.visit.language;
    let rule = error.violations().first().map(|violation| violation.rule);
    match rule.and_then(|rule| rule_message(language, rule)) {
        Some(message) => FormError { field, message },
        None => FormError::from_code(language, field, error.code().as_str(), &[]),
    }
}

fn other_ways(opened: &Opened, intent: Intent) -> Vec<WayLink> {
    let ways = &opened.view.ways;
    let can_register = ways.register.is_any() || ways.register_username;
    let can_sign_in = ways.password || ways.code.is_any();
    let offered = match intent {
        Intent::SignIn => [
            (ways.password, OtherWay::Password, "sign-in"),
            (can_register, OtherWay::Register, "register"),
        ],
        Intent::Register => [
            (
                ways.register_username,
                OtherWay::RegisterUsername,
                "register",
            ),
            (can_sign_in, OtherWay::SignIn, "sign-in"),
        ],
        Intent::ForgotPassword => [
            (ways.password, OtherWay::Password, "sign-in"),
            (can_register, OtherWay::Register, "register"),
        ],
    };
    offered
        .into_iter()
        .filter(|(is_open, _, _)| *is_open)
        .map(|(_, way, page)| WayLink {
            way,
            href: place(page, &opened.id),
        })
        .collect()
}
