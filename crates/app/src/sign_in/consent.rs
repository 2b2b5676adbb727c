//! Asking a person whether a third-party application may have what it asks for.

use std::{collections::HashMap, net::IpAddr};

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::{
    Result,
    consent::{Consent, ConsentAnswer, ConsentDecision, Extent},
    event::Activity,
    ids::{ApiResourceId, SignInId},
    resource::Scope,
    session::Session,
    sign_in::SignIn,
    user::User,
};
use meibo_oauth::{
    authorize::{AuthorizationParameters, AuthorizationStep},
    scope::STANDARD,
};
use meibo_store::{api_resources, consents, db::Batch, sessions, sign_ins, users};
use serde_json::json;

use crate::{
    App,
    oidc::{
        BrowserCookies,
        authorize::{CheckedRequest, Evaluation},
        logout::name_of,
    },
    outcome::Outcome,
};

/// What the consent page shows.
#[derive(Debug, Clone)]
pub struct ConsentView {
    /// The application's name.
    pub application_name: String,
    /// Whose account: a name or an identifier.
    pub person: String,
    /// What is asked for, standard scopes first.
    pub scopes: Vec<AskedScope>,
    /// Stands for the person and the scopes shown; it comes back with the decision.
    pub shown: String,
    /// Language tags of the request, best first.
    pub ui_locales: Vec<String>,
}

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedScope {
    /// A scope of OpenID Connect.
    Standard(String),
    /// A scope of an API resource.
    OfResource {
        /// Its name.
        scope: String,
        /// What its owner says that it allows.
        description: Option<String>,
        /// The name of the resource.
        resource: String,
    },
}

/// What was posted.
pub struct ConsentForm {
    /// The sign-in under way.
    pub sign_in_id: SignInId,
    /// The browser's cookies.
    pub cookies: BrowserCookies,
    /// What the person said; none for anything but the page's two buttons.
    pub decision: Option<ConsentDecision>,
    /// [`ConsentView::shown`] of the page.
    pub shown: String,
    /// Where it came from.
    pub address: IpAddr,
}

/// Where a decision leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterConsent {
    /// Back to the authorization endpoint.
    GoOn,
    /// To the page again: another person is signed in, or something else is asked for, than it showed.
    AskAgain,
}

impl App {
    /// What the consent page shows; none when the request has to go on elsewhere, for nothing need be
    /// asked now.
    ///
    /// # Errors
    /// `session.not_found` when the sign-in has ended or belongs to another browser.
    pub async fn view_consent(
        &self,
        id: &SignInId,
        cookies: &BrowserCookies,
    ) -> Result<Option<ConsentView>> {
        let sign_in = self.open_sign_in(id, cookies).await?;
        let Some((checked, session, user)) = self.waiting_for_consent(&sign_in, cookies).await?
        else {
            return Ok(None);
        };
        let parameters = AuthorizationParameters::from_form(&sign_in.request).unwrap_or_default();
        let asked = &checked.request.asked;
        Ok(Some(ConsentView {
            application_name: checked.client.application.name.clone(),
            person: name_of(&user).unwrap_or_else(|| user.id.to_string()),
            scopes: self.in_words(asked).await?,
            shown: shown(&session, asked),
            ui_locales: parameters.ui_locales(),
        }))
    }

    /// Takes a person's decision. A yes is remembered; a no is told to the application and forgotten.
    ///
    /// # Errors
    /// `session.not_found` when the sign-in has ended or belongs to another browser;
    /// `request.too_many`.
    pub async fn decide_consent(&self, form: &ConsentForm) -> Result<AfterConsent> {
        self.check_address(form.address)?;
        let (after, activity) = self.settle(async || self.take_decision(form).await).await?;
        if let Some(activity) = activity {
            self.record_activity(activity);
        }
        Ok(after)
    }

    async fn take_decision(
        &self,
        form: &ConsentForm,
    ) -> Result<Outcome<(AfterConsent, Option<Activity>)>> {
        let sign_in = self.open_sign_in(&form.sign_in_id, &form.cookies).await?;
        let waiting = self.waiting_for_consent(&sign_in, &form.cookies).await?;
        let Some((checked, session, user)) = waiting else {
            return Ok(Outcome::commit(Batch::new(), (AfterConsent::GoOn, None)));
        };
        let decision = form
            .decision
            .filter(|_| form.shown == shown(&session, &checked.request.asked));
        let Some(decision) = decision else {
            return Ok(Outcome::commit(
                Batch::new(),
                (AfterConsent::AskAgain, None),
            ));
        };
        let answer = ConsentAnswer {
            decision,
            session_id: session.id.clone(),
        };
        let batch = Batch::new()
            .touch(users::unchanged(&user))
            .touch(sessions::still_there(&session.id));
        let batch = match decision {
            ConsentDecision::Allow => consents::save(batch, &self.widen(&checked, &user)),
            ConsentDecision::Deny => batch,
        };
        let batch = sign_ins::set_consent(batch, &sign_in.id, &answer);
        let activity = self.consent_activity(&checked, &user, decision);
        Ok(Outcome::commit(batch, (AfterConsent::GoOn, Some(activity))))
    }

    /// The request of a sign-in with the session and person who are to be asked, if that is its next
    /// step.
    async fn waiting_for_consent(
        &self,
        sign_in: &SignIn,
        cookies: &BrowserCookies,
    ) -> Result<Option<(CheckedRequest, Session, User)>> {
        let Ok(parameters) = AuthorizationParameters::from_form(&sign_in.request) else {
            return Ok(None);
        };
        let evaluation = self.evaluate(&parameters, cookies, Some(sign_in)).await?;
        let Evaluation::Checked(mut checked) = evaluation else {
            return Ok(None);
        };
        Ok(match (checked.step, checked.signed_in.take()) {
            (AuthorizationStep::AskConsent, Some((session, user))) => {
                Some((*checked, session, user))
            }
            _ => None,
        })
    }

    /// What is remembered after a yes.
    fn widen(&self, checked: &CheckedRequest, user: &User) -> Consent {
        let (now, extent) = (self.now(), &checked.request.asked);
        match &checked.consent {
            Some(consent) => consent.widened(extent, now),
            None => Consent {
                user_id: user.id.clone(),
                application_id: checked.request.application_id.clone(),
                version: 1,
                extent: extent.clone(),
                created_at: now,
                updated_at: now,
            },
        }
    }

    /// The scopes with what their owners say of them.
    async fn in_words(&self, asked: &Extent) -> Result<Vec<AskedScope>> {
        let known = self.known_resources().await?;
        let described = api_resources::all_scopes(&self.db).await?;
        let described: HashMap<(&ApiResourceId, &str), &Scope> = described
            .iter()
            .map(|scope| ((&scope.resource_id, scope.name.as_str()), scope))
            .collect();
        let standard = STANDARD
            .iter()
            .filter(|scope| asked.scopes.contains(scope))
            .map(|scope| AskedScope::Standard((*scope).to_owned()));
        let of_resources = asked.resources.iter().filter_map(|(indicator, scopes)| {
            let resource = known
                .iter()
                .map(|known| &known.resource)
                .find(|resource| resource.indicator == *indicator)?;
            Some((resource, scopes))
        });
        let of_resources = of_resources.flat_map(|(resource, scopes)| {
            // A token for a resource is something even without a scope of it.
            let itself = scopes.is_empty().then(|| AskedScope::OfResource {
                scope: resource.indicator.clone(),
                description: None,
                resource: resource.name.clone(),
            });
            itself.into_iter().chain(scopes.iter().map(|name| {
                AskedScope::OfResource {
                    scope: name.to_owned(),
                    description: described
                        .get(&(&resource.id, name))
                        .and_then(|scope| scope.description.clone()),
                    resource: resource.name.clone(),
                }
            }))
        });
        Ok(standard.chain(of_resources).collect())
    }

    fn consent_activity(
        &self,
        checked: &CheckedRequest,
        user: &User,
        decision: ConsentDecision,
    ) -> Activity {
        Activity {
            key: "Interaction.Consent.Submit",
            is_success: decision == ConsentDecision::Allow,
            user_id: Some(user.id.as_str().to_owned()),
            application_id: Some(checked.request.application_id.as_str().to_owned()),
            payload: json!({"scopes": checked.request.scopes.to_string()}),
            at: self.now(),
        }
    }
}

/// A word for what a page shows to whom: a decision counts for exactly that.
fn shown(session: &Session, asked: &Extent) -> String {
    sha256_base64url(json!([session.id.as_str(), asked]).to_string().as_bytes())
}
