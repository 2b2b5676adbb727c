//! `/sign-in`: an identifier and a password.

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::{App, sign_in::PasswordSignIn};
use meibo_domain::{
    Error, ErrorCode, Result,
    sign_in::Intent,
    sign_in_experience::{IdentifierKind, SignInMethods},
};
use meibo_oauth::authorize::AskedIdentifiers;
use meibo_pages::{AcceptedIdentifiers, Field, SignInPage};

use super::{
    field,
    opened::{NamedSignIn, Opened, form_again, go_on, open, visitor},
    places::{REGISTER, SIGN_IN, address_page, place},
    proof::{is_passing, said_at},
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
        visitor: visitor(&visit, &sign_in_id),
        identifier: field(&pairs, "identifier"),
        language: visit.language.tag(),
        password: field(&pairs, "password"),
        has_agreed: !field(&pairs, "agreement").is_empty(),
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
    let field = match error.code() {
        ErrorCode::InvalidCredentials => Field::Password,
        ErrorCode::UserSuspended | ErrorCode::TermsNotAccepted => Field::Form,
        _ if is_passing(error) => Field::Form,
        _ => return Err(error.clone()),
    };
    let opened = open(app, visit, request.visitor.sign_in_id.clone())
        .await
        .map_err(|_| error.clone())?;
    let mut shown = form(&opened, request.identifier.clone());
    shown.error = Some(said_at(&opened, field, error));
    Ok(form_again(&opened.visit, error, shown.render()))
}

fn form(opened: &Opened, identifier: String) -> SignInPage {
    let here = place(SIGN_IN, &opened.id);
    let ways = &opened.view.ways;
    SignInPage {
        layout: opened.visit.layout_at(&here),
        action: here,
        identifier,
        identifiers: accepted(
            opened.view.identifiers,
            &opened.visit.experience.sign_in,
            ways.code.sms || ways.forgot_password.sms,
        ),
        error: None,
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
            .then(|| place(REGISTER, &opened.id)),
        asks_agreement: opened.visit.experience.asks_agreement_at_sign_in(),
        application_name: opened.view.application_name.clone(),
    }
}

/// What the field asks for: what the settings take with a password, and of that what the application
/// asked for. Beside a username a phone number is spoken of only where text messages can be sent.
fn accepted(
    asked: AskedIdentifiers,
    methods: &SignInMethods,
    has_text_messages: bool,
) -> AcceptedIdentifiers {
    let username = methods.takes_password(IdentifierKind::Username);
    let email = methods.takes_password(IdentifierKind::Email);
    let phone = methods.takes_password(IdentifierKind::Phone);
    match asked {
        AskedIdentifiers::Username if username => return AcceptedIdentifiers::Username,
        AskedIdentifiers::Email if email => return AcceptedIdentifiers::Email,
        AskedIdentifiers::Phone if phone => return AcceptedIdentifiers::Phone,
        _ => {}
    }
    match (username, email, phone && (has_text_messages || !username)) {
        (true, false, false) => AcceptedIdentifiers::Username,
        (false, true, false) => AcceptedIdentifiers::Email,
        (false, false, true) => AcceptedIdentifiers::Phone,
        (true, true, false) => AcceptedIdentifiers::UsernameOrEmail,
        (true, false, true) => AcceptedIdentifiers::UsernameOrPhone,
        (false, true, true) => AcceptedIdentifiers::EmailOrPhone,
        (true, true, true) | (false, false, false) => AcceptedIdentifiers::Any,
    }
}

#[cfg(test)]
mod tests {
    use meibo_domain::sign_in_experience::SignInMethod;

    use super::*;

    #[test]
    fn the_field_asks_for_what_is_taken() {
        use AcceptedIdentifiers::{
            Any, Email, EmailOrPhone, Phone, Username, UsernameOrEmail, UsernameOrPhone,
        };
        use IdentifierKind as Kind;
        let method = |identifier, password| SignInMethod {
            identifier,
            password,
            verification_code: !password,
            is_password_primary: true,
        };
        // What is taken, and what is asked for with text messages and without.
        for (taken, with_texts, without) in [
            (vec![], Any, Any),
            (vec![Kind::Username], Username, Username),
            (vec![Kind::Email], Email, Email),
            (vec![Kind::Phone], Phone, Phone),
            (
                vec![Kind::Username, Kind::Email],
                UsernameOrEmail,
                UsernameOrEmail,
            ),
            (vec![Kind::Username, Kind::Phone], UsernameOrPhone, Username),
            (vec![Kind::Email, Kind::Phone], EmailOrPhone, EmailOrPhone),
            (
                vec![Kind::Username, Kind::Email, Kind::Phone],
                Any,
                UsernameOrEmail,
            ),
        ] {
            let all = [Kind::Username, Kind::Email, Kind::Phone];
            // The others sign in by a code, which is asked for elsewhere.
            let methods = SignInMethods {
                methods: all
                    .into_iter()
                    .filter(|kind| taken.contains(kind) || *kind != Kind::Username)
                    .map(|kind| method(kind, taken.contains(&kind)))
                    .collect(),
            };
            for (has_texts, any) in [(true, with_texts), (false, without)] {
                for (asked, kind, alone) in [
                    (AskedIdentifiers::Username, Kind::Username, Username),
                    (AskedIdentifiers::Email, Kind::Email, Email),
                    (AskedIdentifiers::Phone, Kind::Phone, Phone),
                ] {
                    let expected = if taken.contains(&kind) { alone } else { any };
                    let shown = accepted(asked, &methods, has_texts);
                    assert_eq!(shown, expected, "{taken:?} {asked:?} {has_texts}");
                }
                let shown = accepted(AskedIdentifiers::Any, &methods, has_texts);
                assert_eq!(shown, any, "{taken:?} {has_texts}");
            }
        }
    }
}
