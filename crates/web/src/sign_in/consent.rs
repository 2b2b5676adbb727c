//! `/consent`: may a third-party application have what it asks for?

use axum::{extract::State, http::StatusCode};
use meibo_app::{
    App,
    sign_in::{AfterConsent, AskedScope, ConsentForm, ConsentView},
};
use meibo_domain::{consent::ConsentDecision, ids::SignInId};
use meibo_pages::{ConsentPage, Language, ScopeLine};

use super::{
    field,
    opened::{NamedSignIn, back_to_authorization},
    places::{CONSENT, SIGN_IN, place},
};
use crate::{
    extract::Form,
    page::{page, see_other},
    respond::Answer,
    visit::Visit,
};

/// The field that says what the page showed.
const SHOWN: &str = "shown";

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    NamedSignIn(id): NamedSignIn,
) -> Answer {
    let Some(view) = app.view_consent(&id, &visit.cookies).await? else {
        return Ok(back_to_authorization(&id));
    };
    let visit = visit.with_ui_locales(&view.ui_locales);
    let html = form(&visit, &id, view).render();
    Ok(page(&visit, StatusCode::OK, html))
}

pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    NamedSignIn(sign_in_id): NamedSignIn,
    Form(pairs): Form,
) -> Answer {
    let form = ConsentForm {
        sign_in_id,
        cookies: visit.cookies,
        decision: ConsentDecision::parse(&field(&pairs, "decision")),
        shown: field(&pairs, SHOWN),
        address: visit.address,
    };
    Ok(match app.decide_consent(&form).await? {
        AfterConsent::GoOn => back_to_authorization(&form.sign_in_id),
        AfterConsent::AskAgain => see_other(&place(CONSENT, &form.sign_in_id)),
    })
}

fn form(visit: &Visit, id: &SignInId, view: ConsentView) -> ConsentPage {
    let here = place(CONSENT, id);
    ConsentPage {
        layout: visit.layout_at(&here),
        action: here,
        hidden: vec![(SHOWN.to_owned(), view.shown)],
        application_name: view.application_name,
        person: view.person,
        scopes: view
            .scopes
            .iter()
            .map(|asked| line(visit.language, asked))
            .collect(),
        other_account_href: place(SIGN_IN, id),
    }
}

fn line(language: Language, asked: &AskedScope) -> ScopeLine {
    match asked {
        AskedScope::Standard(scope) => ScopeLine::standard(language, scope),
        AskedScope::OfResource {
            scope,
            description,
            resource,
        } => ScopeLine::of_resource(scope, description.as_deref(), resource),
    }
}
