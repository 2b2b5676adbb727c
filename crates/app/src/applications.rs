//! Applications: the use cases of the Management API and the command line.

use meibo_domain::{
    Error, Result,
    actor::Actor,
    application::{
        Application, ApplicationPatch, ApplicationType, DEFAULT_SECRET_NAME, NewApplication,
    },
    custom_data::CustomData,
    ids::ApplicationId,
    page::{Page, PageRequest},
    resource::{MANAGEMENT_API_INDICATOR, MANAGEMENT_API_SCOPE_ALL},
    role::{LOGIN_API_ROLE, MANAGEMENT_API_ROLE},
};
use meibo_store::{applications, db::Batch, roles};
use serde_json::{Map, Value, json};

use crate::{App, access::require_management, audit::Audited, outcome::Outcome};

/// The rights that a machine application begins with. They are two, and neither gives the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rights {
    /// May call the Management API.
    pub management_api: bool,
    /// May sign people in by their id through the login API.
    pub login_api: bool,
}

/// Which applications a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplicationFilter {
    /// Of one of these types; of any when it is empty.
    pub types: Vec<ApplicationType>,
    /// Third-party applications only, or the business's own only.
    pub is_third_party: Option<bool>,
}

impl ApplicationFilter {
    fn takes(&self, application: &Application) -> bool {
        let is_type = self.types.is_empty() || self.types.contains(&application.application_type);
        is_type
            && self
                .is_third_party
                .is_none_or(|wanted| application.is_third_party == wanted)
    }
}

impl App {
    /// Creates an application; a confidential one with its first secret.
    ///
    /// # Errors
    /// `guard.invalid_input`, `application.id_already_in_use`; rights are for machine applications.
    pub async fn create_application(
        &self,
        actor: &Actor,
        id: Option<ApplicationId>,
        new: NewApplication,
        rights: Rights,
    ) -> Result<Application> {
        require_management(actor)?;
        let is_machine = new.application_type == ApplicationType::MachineToMachine;
        if !is_machine && rights != Rights::default() {
            return Err(Error::invalid(
                "rights",
                "type",
                "only a machine-to-machine application can have rights",
            ));
        }
        let now = self.now();
        let id = match id {
            Some(id) => id,
            None => ApplicationId::parse(self.new_id())?,
        };
        let application = new.create(id, now)?;
        self.check_client_keys(&application)?;
        self.require_signing_key(actor, &application).await?;
        let created = self
            .settle(async || {
                let mut batch = applications::insert(Batch::new(), &application);
                if !application.application_type.is_public() {
                    (batch, _) = self
                        .make_secret(batch, &application.id, DEFAULT_SECRET_NAME, None)
                        .await?;
                }
                for (holds, role) in [
                    (rights.management_api, MANAGEMENT_API_ROLE),
                    (rights.login_api, LOGIN_API_ROLE),
                ] {
                    if holds {
                        batch = roles::give_to_application(batch, &application.id, role);
                    }
                }
                let detail = json!({"type": application.application_type.as_str(), "isThirdParty": application.is_third_party, "managementApi": rights.management_api, "loginApi": rights.login_api});
                let audited = audited("Application.Created", &application.id, detail);
                let batch = self.audit(batch, actor, now, audited);
                Ok(Outcome::commit(batch, application.clone()))
            })
            .await;
        self.forget_applications();
        created
    }

    /// The application of an id, and whether it may call the Management API.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn get_application(
        &self,
        actor: &Actor,
        id: &ApplicationId,
    ) -> Result<(Application, bool)> {
        require_management(actor)?;
        let (application, held) = futures_util::try_join!(
            applications::get(&self.db, id),
            roles::scopes_of_application(&self.db, id)
        )?;
        let application = application.ok_or_else(|| Error::not_found(id))?;
        Ok((
            application,
            held.for_resource(MANAGEMENT_API_INDICATOR)
                .contains(MANAGEMENT_API_SCOPE_ALL),
        ))
    }

    /// A page of the applications, newest first; all of them without `page`.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_applications(
        &self,
        actor: &Actor,
        page: Option<PageRequest>,
        filter: &ApplicationFilter,
    ) -> Result<Page<Application>> {
        require_management(actor)?;
        if *filter == ApplicationFilter::default() {
            return Ok(applications::list(&self.db, page).await?);
        }
        let all = applications::list(&self.db, None).await?.items;
        let matching: Vec<_> = all.into_iter().filter(|one| filter.takes(one)).collect();
        let total = i64::try_from(matching.len()).unwrap_or(i64::MAX);
        let items = match page {
            Some(page) => {
                let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
                matching
                    .into_iter()
                    .skip(skip)
                    .take(usize::try_from(page.limit()).unwrap_or(0))
                    .collect()
            }
            None => matching,
        };
        Ok(Page { items, total })
    }

    /// Changes an application.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `guard.invalid_input`.
    pub async fn update_application(
        &self,
        actor: &Actor,
        id: &ApplicationId,
        patch: ApplicationPatch,
    ) -> Result<Application> {
        require_management(actor)?;
        let updated = self
            .settle(async || {
                let before = self.load_application(id).await?;
                let application = before.apply(patch.clone())?;
                if application.oidc != before.oidc {
                    self.check_client_keys(&application)?;
                }
                self.require_signing_key(actor, &application).await?;
                let batch = applications::update(Batch::new(), &application);
                let detail = json!({"changed": changed_members(&before, &application)});
                let audited = audited("Application.Updated", id, detail);
                Ok(Outcome::commit(
                    self.audit(batch, actor, self.now(), audited),
                    application,
                ))
            })
            .await;
        self.forget_applications();
        updated
    }

    /// Merges members into an application's custom data (shallow).
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `guard.invalid_input`.
    pub async fn merge_application_custom_data(
        &self,
        actor: &Actor,
        id: &ApplicationId,
        members: Map<String, Value>,
    ) -> Result<CustomData> {
        require_management(actor)?;
        let merged = self
            .settle(async || {
                let before = self.load_application(id).await?;
                let custom_data = before.custom_data.merge(members.clone())?;
                let patch = ApplicationPatch {
                    custom_data: Some(custom_data.clone()),
                    ..ApplicationPatch::default()
                };
                let batch = applications::update(Batch::new(), &before.apply(patch)?);
                let audited = audited(
                    "Application.Updated",
                    id,
                    json!({"changed": ["customData"]}),
                );
                Ok(Outcome::commit(
                    self.audit(batch, actor, self.now(), audited),
                    custom_data,
                ))
            })
            .await;
        self.forget_applications();
        merged
    }

    /// Deletes an application, its secrets and everything that it was granted.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn delete_application(&self, actor: &Actor, id: &ApplicationId) -> Result<()> {
        require_management(actor)?;
        let deleted = self
            .settle(async || {
                self.load_application(id).await?;
                let batch = applications::delete(Batch::new(), id);
                let audited = audited("Application.Deleted", id, json!({}));
                Ok(Outcome::commit(
                    self.audit(batch, actor, self.now(), audited),
                    (),
                ))
            })
            .await;
        self.forget_applications();
        deleted
    }

    pub(crate) async fn load_application(&self, id: &ApplicationId) -> Result<Application> {
        applications::get(&self.db, id)
            .await?
            .ok_or_else(|| Error::not_found(id))
    }
}

fn audited<'a>(action: &'static str, id: &'a ApplicationId, detail: Value) -> Audited<'a> {
    Audited {
        action,
        target_type: "application",
        target_id: id.as_str(),
        detail,
    }
}

/// The names of the members that differ, in the Management API's spelling; never their values.
fn changed_members(before: &Application, after: &Application) -> Vec<&'static str> {
    [
        ("name", before.name != after.name),
        ("description", before.description != after.description),
        ("oidcClientMetadata", before.oidc != after.oidc),
        ("customClientMetadata", before.custom != after.custom),
        ("customData", before.custom_data != after.custom_data),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
