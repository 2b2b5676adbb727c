//! `/consent`: may a third-party application have what it asks for?

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use meibo_app::{
    App,
    sign_in::{AfterConsent, AskedScope, ConsentForm, ConsentView},
};
use meibo_domain::{Result, consent::ConsentDecision, ids::SignInId};
use meibo_pages::{ConsentPage, Language, ScopeLine};

use super::{
    field,
    opened::{back_to_authorization, sign_in_id},
    place,
};
use crate::{
    extract::Form,
    page::{page, refusal, see_other},
    visit::Visit,
};

/// The field that says what the page showed.
const SHOWN: &str = "shown";

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    RawQuery(query): RawQuery,
) -> Response {
    let viewed = async {
        let id = sign_in_id(query.as_deref())?;
        let view = app.view_consent(&id, &visit.cookies).await?;
        Result::Ok((id, view))
    };
    match viewed.await {
        Ok((id, Some(view))) => {
            let visit = visit.with_ui_locales(&view.ui_locales);
            page(&visit, StatusCode::OK, form(&visit, &id, view).render())
        }
        Ok((id, None)) => back_to_authorization(&id),
        Err(error) => refusal(error),
    }
}

pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    RawQuery(query): RawQuery,
    Form(pairs): Form,
) -> Response {
    let id = match sign_in_id(query.as_deref()) {
        Ok(id) => id,
        Err(error) => return refusal(error),
    };
    let form = ConsentForm {
        sign_in_id: id,
        cookies: visit.cookies,
        decision: ConsentDecision::parse(&field(&pairs, "decision")),
        shown: field(&pairs, SHOWN),
        address: visit.address,
    };
    match app.decide_consent(&form).await {
        Ok(AfterConsent::GoOn) => back_to_authorization(&form.sign_in_id),
        Ok(AfterConsent::AskAgain) => see_other(&place("consent", &form.sign_in_id)),
        Err(error) => refusal(error),
    }
}

fn form(visit: &Visit, id: &SignInId, view: ConsentView) -> ConsentPage {
    let here = place("consent", id);
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
        other_account_href: place("sign-in", id),
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
