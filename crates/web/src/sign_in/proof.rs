//! What the pages share that prove an address: the first of them, and what was wrong.

use axum::response::Response;
use meibo_domain::{Error, ErrorCode, ErrorKind, Result, sign_in::Intent};
use meibo_pages::{AddressPage, Field, FormError, OtherWay, WayLink, rule_message};

use super::{
    opened::{Opened, form_again},
    places::{REGISTER, SIGN_IN, address_page, place},
};

/// The page for the address.
pub(super) fn address_form(opened: &Opened, intent: Intent, typed: String) -> AddressPage {
    let here = place(address_page(intent), &opened.id);
    AddressPage {
        layout: opened.visit.layout_at(&here),
        action: here,
        intent,
        channels: opened.view.ways.channels(intent),
        typed,
        error: None,
        other_ways: other_ways(opened, intent),
        application_name: opened.view.application_name.clone(),
    }
}

/// Does it pass by itself? Then the form is the place to be told.
pub(super) fn is_passing(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::TooMany | ErrorKind::Unavailable)
}

/// The page for the address again, with what was wrong. When the way is closed it only says so and
/// names the others.
///
/// # Errors
/// What belongs on the error page, also when there is nothing that a person could do on this one.
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
        | ErrorCode::RecipientCountryNotAllowed
        | ErrorCode::UserNotExist => Field::Identifier,
        ErrorCode::SignInMethodNotEnabled
        | ErrorCode::ConnectorNotFound
        | ErrorCode::ConnectorTemplateNotFound
        | ErrorCode::VerificationCodeNotFound
        | ErrorCode::VerificationCodeExpired
        | ErrorCode::ChangedMeanwhile
        | ErrorCode::UserSuspended => Field::Form,
        _ if is_passing(error) => Field::Form,
        _ => return Err(error.clone()),
    };
    let mut shown = address_form(opened, intent, typed);
    if !shown.channels.is_any() && shown.other_ways.is_empty() {
        return Err(error.clone());
    }
    shown.error = Some(said_at(opened, field, error));
    Ok(form_again(&opened.visit, error, shown.render()))
}

/// What is said at a field: of a member that is wrong, what it must be.
pub(super) fn said_at(opened: &Opened, field: Field, error: &Error) -> FormError {
    let language = opened.visit.language;
    let rule = error.violations().first().map(|violation| violation.rule);
    match rule.and_then(|rule| rule_message(language, rule)) {
        Some(message) => FormError { field, message },
        None => FormError::from_code_after(
            language,
            field,
            error.code().as_str(),
            error.retry_after_seconds(),
        ),
    }
}

fn other_ways(opened: &Opened, intent: Intent) -> Vec<WayLink> {
    let ways = &opened.view.ways;
    let can_register = ways.register.is_any() || ways.register_username;
    let can_sign_in = ways.password || ways.code.is_any();
    let offered = match intent {
        Intent::SignIn | Intent::ForgotPassword => [
            (ways.password, OtherWay::Password, SIGN_IN),
            (can_register, OtherWay::Register, REGISTER),
        ],
        Intent::Register => [
            (ways.register_username, OtherWay::RegisterUsername, REGISTER),
            (can_sign_in, OtherWay::SignIn, SIGN_IN),
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
