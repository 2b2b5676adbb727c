//! `/sign-in`: an identifier and a password.

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::{App, sign_in::PasswordSignIn};
use meibo_domain::{
    Error, ErrorCode, ErrorKind, Result,
    sign_in::Intent,
    sign_in_experience::{IdentifierKind, SignInMethods},
};
use meibo_oauth::authorize::AskedIdentifiers;
use meibo_pages::{AcceptedIdentifiers, Field, FormError, SignInPage};

use super::{
    field,
    opened::{NamedSignIn, Opened, form_again, go_on, open},
    place,
    proof::address_page,
};
use crate::{
    extract::Form,
    page::{page, see_other},
    respond::Answer,
    visit::Visit,
};

pub(super) async fn show(opened: Opened) -> Response {
    let ways = &opened.view.ways;
    if !ways.password && ways.code.is_any() {
        return see_other(&place(address_page(Intent::SignIn), &opened.id));
    }
    let identifier = opened.view.login_hint.clone().unwrap_or_default();
    page(
        &opened.visit,
        StatusCode::OK,
        form(&opened, identifier).render(),
    )
}

pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    NamedSignIn(sign_in_id): NamedSignIn,
    Form(pairs): Form,
) -> Answer {
    let request = PasswordSignIn {
        sign_in_id,
        cookies: visit.cookies.clone(),
        identifier: field(&pairs, "identifier"),
        language: visit.language.tag(),
        password: field(&pairs, "password"),
        has_agreed: !field(&pairs, "agreement").is_empty(),
        address: visit.address,
        user_agent: visit.user_agent.clone(),
    };
    match app.sign_in_with_password(&request).await {
        Ok(signed_in) => Ok(go_on(&visit, signed_in)),
        Err(error) => Ok(reopen(&app, visit, &request, &error).await?),
    }
}

/// The form again, with what was wrong.
///
/// # Errors
/// What belongs on the error page.
async fn reopen(
    app: &App,
    visit: Visit,
    request: &PasswordSignIn,
    error: &Error,
) -> Result<Response> {
    let is_wait = matches!(
        error.code(),
        ErrorCode::TooManyAttempts | ErrorCode::TooManyRequests
    );
    let field = match error.code() {
        ErrorCode::InvalidCredentials => Field::Password,
        ErrorCode::UserSuspended | ErrorCode::TermsNotAccepted => Field::Form,
        _ if is_wait || error.kind() == ErrorKind::Unavailable => Field::Form,
        _ => return Err(error.clone()),
    };
    let opened = open(app, visit, request.sign_in_id.clone())
        .await
        .map_err(|_| error.clone())?;
    let mut shown = form(&opened, request.identifier.clone());
    if is_wait {
        shown.wait_seconds = error.retry_after_seconds();
    } else {
        let code = error.code().as_str();
        shown.error = Some(FormError::from_code(
            opened.visit.language,
            field,
            code,
            &[],
        ));
    }
    Ok(form_again(&opened.visit, error, shown.render()))
}

fn form(opened: &Opened, identifier: String) -> SignInPage {
    let here = place("sign-in", &opened.id);
    let ways = &opened.view.ways;
    SignInPage {
        layout: opened.visit.layout_at(&here),
        action: here,
        hidden: Vec::new(),
        identifier,
        identifiers: accepted(
            opened.view.identifiers,
            &opened.visit.experience.sign_in,
            ways.code.sms || ways.forgot_password.sms,
        ),
        error: None,
        wait_seconds: None,
        code_action: ways
            .code
            .is_any()
            .then(|| place(address_page(Intent::SignIn), &opened.id)),
        forgot_password_href: ways
            .forgot_password
            .is_any()
            .then(|| place(address_page(Intent::ForgotPassword), &opened.id)),
        register_href: opened
            .visit
            .experience
            .is_registration_open()
            .then(|| place("register", &opened.id)),
        asks_agreement: opened.visit.experience.asks_agreement_at_sign_in(),
        application_name: opened.view.application_name.clone(),
    }
}

/// What the field asks for: what the settings take with a password, and of that what the application
/// asked for. A phone number is spoken of where text messages can be sent.
fn accepted(
    asked: AskedIdentifiers,
    methods: &SignInMethods,
    has_text_messages: bool,
) -> AcceptedIdentifiers {
    let takes = |kind| methods.takes_password(kind);
    let takes_username = takes(IdentifierKind::Username);
    let takes_email = takes(IdentifierKind::Email);
    let takes_phone = takes(IdentifierKind::Phone);
    match (takes_username, takes_email, takes_phone, asked) {
        (true, false, false, _) | (true, _, _, AskedIdentifiers::Username) => {
            AcceptedIdentifiers::Username
        }
        (false, true, false, _) | (_, true, _, AskedIdentifiers::Email) => {
            AcceptedIdentifiers::Email
        }
        (false, false, true, _) | (_, _, true, AskedIdentifiers::Phone) => {
            AcceptedIdentifiers::Phone
        }
        (_, _, true, _) if has_text_messages => AcceptedIdentifiers::Any,
        _ => AcceptedIdentifiers::UsernameOrEmail,
    }
}

#[cfg(test)]
mod tests {
    use meibo_domain::sign_in_experience::SignInMethod;

    use super::*;

    #[test]
    fn the_field_asks_for_what_is_taken() {
        use AcceptedIdentifiers::{Email, Username, UsernameOrEmail};
        use AskedIdentifiers as Asked;
        let method = |identifier| SignInMethod {
            identifier,
            password: true,
            verification_code: false,
            is_password_primary: true,
        };
        let (username, email) = (IdentifierKind::Username, IdentifierKind::Email);
        for (taken, any, of_username, of_email) in [
            (vec![username, email], UsernameOrEmail, Username, Email),
            (vec![username], Username, Username, Username),
            (vec![email], Email, Email, Email),
        ] {
            let methods = SignInMethods {
                methods: taken.into_iter().map(method).collect(),
            };
            assert_eq!(accepted(Asked::Any, &methods, true), any);
            assert_eq!(accepted(Asked::Username, &methods, true), of_username);
            assert_eq!(accepted(Asked::Email, &methods, true), of_email);
        }
    }
}
