//! API resources and their scopes: the use cases of the Management API.

use meibo_domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    ids::{ApiResourceId, ScopeId},
    patch::Patch,
    resource::{
        ApiResource, DEFAULT_ACCESS_TOKEN_TTL, LOGIN_API_RESOURCE_ID, MANAGEMENT_API_RESOURCE_ID,
        Scope, check_access_token_ttl, check_indicator,
    },
    scope::check_scope_name,
    text::{check_lines, check_text},
};
use meibo_store::{api_resources, db::Batch};
use serde_json::json;

use crate::{App, access::require_management, audit::Audited, outcome::Outcome};

/// What a new resource begins with.
#[derive(Debug, Clone)]
pub struct NewResource {
    /// Name, 1 to 256 characters.
    pub name: String,
    /// Indicator, an absolute URI without fragment; it never changes.
    pub indicator: String,
    /// Seconds that access tokens live, 60 to 86,400; 3,600 unless told.
    pub access_token_ttl: Option<i64>,
}

/// What a PATCH changes.
#[derive(Debug, Clone, Default)]
pub struct ResourcePatch {
    /// Name.
    pub name: Option<String>,
    /// Seconds that access tokens live.
    pub access_token_ttl: Option<i64>,
}

/// What a PATCH changes of a scope.
#[derive(Debug, Clone, Default)]
pub struct ScopePatch {
    /// Name, a scope-token.
    pub name: Option<String>,
    /// What it allows, in words.
    pub description: Patch<String>,
}

impl App {
    /// Every resource, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_resources(&self, actor: &Actor) -> Result<Vec<ApiResource>> {
        require_management(actor)?;
        Ok(api_resources::list(&self.db).await?)
    }

    /// The resource of an id.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn get_resource(&self, actor: &Actor, id: &ApiResourceId) -> Result<ApiResource> {
        require_management(actor)?;
        self.load_resource(id).await
    }

    /// Creates a resource.
    ///
    /// # Errors
    /// `guard.invalid_input`, `resource.resource_identifier_in_use`.
    pub async fn create_resource(&self, actor: &Actor, new: NewResource) -> Result<ApiResource> {
        require_management(actor)?;
        check_name(&new.name)?;
        check_indicator(&new.indicator)?;
        let access_token_ttl = new.access_token_ttl.unwrap_or(DEFAULT_ACCESS_TOKEN_TTL);
        check_access_token_ttl(access_token_ttl)?;
        let resource = ApiResource {
            id: ApiResourceId::parse(self.new_id())?,
            version: 1,
            name: new.name,
            indicator: new.indicator,
            is_default: false,
            access_token_ttl,
            created_at: self.now(),
        };
        let batch = api_resources::insert(Batch::new(), &resource);
        let batch = self.audit_resource(batch, actor, "Resource.Created", &resource.id);
        let created = self
            .settle(async || Ok(Outcome::commit(batch.clone(), resource.clone())))
            .await;
        self.forget_configuration();
        created
    }

    /// Changes a resource.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `guard.invalid_input`.
    pub async fn update_resource(
        &self,
        actor: &Actor,
        id: &ApiResourceId,
        patch: ResourcePatch,
    ) -> Result<ApiResource> {
        require_management(actor)?;
        patch.name.as_deref().map_or(Ok(()), check_name)?;
        patch
            .access_token_ttl
            .map_or(Ok(()), check_access_token_ttl)?;
        self.change_resource(actor, id, |resource| {
            if let Some(name) = &patch.name {
                resource.name.clone_from(name);
            }
            resource.access_token_ttl = patch.access_token_ttl.unwrap_or(resource.access_token_ttl);
        })
        .await
    }

    /// Makes a resource the one of requests that name none, or no longer so.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn set_default_resource(
        &self,
        actor: &Actor,
        id: &ApiResourceId,
        is_default: bool,
    ) -> Result<ApiResource> {
        require_management(actor)?;
        self.change_resource(actor, id, |resource| resource.is_default = is_default)
            .await
    }

    /// Deletes a resource and its scopes.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`; `resource.cannot_change_built_in` for the Management API's own.
    pub async fn delete_resource(&self, actor: &Actor, id: &ApiResourceId) -> Result<()> {
        require_management(actor)?;
        check_not_built_in(id)?;
        let deleted = self
            .settle(async || {
                self.load_resource(id).await?;
                let batch = api_resources::delete(Batch::new(), id);
                let batch = self.audit_resource(batch, actor, "Resource.Deleted", id);
                Ok(Outcome::commit(batch, ()))
            })
            .await;
        self.forget_configuration();
        deleted
    }

    /// The scopes of a resource, oldest first.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`.
    pub async fn list_scopes(&self, actor: &Actor, id: &ApiResourceId) -> Result<Vec<Scope>> {
        require_management(actor)?;
        self.load_resource(id).await?;
        Ok(api_resources::scopes(&self.db, id).await?)
    }

    /// Creates a scope.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `guard.invalid_input`, `scope.name_exists`,
    /// `resource.cannot_change_built_in`.
    pub async fn create_scope(
        &self,
        actor: &Actor,
        resource: &ApiResourceId,
        name: String,
        description: Option<String>,
    ) -> Result<Scope> {
        require_management(actor)?;
        check_not_built_in(resource)?;
        check_scope_name("name", &name)?;
        let description = description.filter(|text| !text.is_empty());
        description
            .as_deref()
            .map_or(Ok(()), |text| check_lines("description", text, 1024))?;
        let (id, created_at) = (ScopeId::parse(self.new_id())?, self.now());
        let scope = Scope {
            id,
            resource_id: resource.clone(),
            name,
            description,
            created_at,
        };
        let created = self
            .settle(async || {
                self.load_resource(resource).await?;
                let batch = api_resources::insert_scope(Batch::new(), &scope);
                let batch = self.audit_scope(batch, actor, "Scope.Created", &scope);
                Ok(Outcome::commit(batch, scope.clone()))
            })
            .await;
        self.forget_configuration();
        created
    }

    /// Changes a scope.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `guard.invalid_input`, `scope.name_exists`,
    /// `resource.cannot_change_built_in`.
    pub async fn update_scope(
        &self,
        actor: &Actor,
        resource: &ApiResourceId,
        id: &ScopeId,
        patch: ScopePatch,
    ) -> Result<Scope> {
        require_management(actor)?;
        check_not_built_in(resource)?;
        if let Some(name) = &patch.name {
            check_scope_name("name", name)?;
        }
        let changed = self
            .settle(async || {
                let owner = self.load_resource(resource).await?;
                let mut scope = self.load_scope(resource, id).await?;
                if let Some(name) = &patch.name {
                    scope.name.clone_from(name);
                }
                let description = patch.description.clone().empty_clears();
                scope.description = description.apply(scope.description);
                scope
                    .description
                    .as_deref()
                    .map_or(Ok(()), |text| check_lines("description", text, 1024))?;
                let batch = api_resources::update_scope(Batch::new(), &owner, &scope);
                let batch = self.audit_scope(batch, actor, "Scope.Updated", &scope);
                Ok(Outcome::commit(batch, scope))
            })
            .await;
        self.forget_configuration();
        changed
    }

    /// Deletes a scope.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `resource.cannot_change_built_in`.
    pub async fn delete_scope(
        &self,
        actor: &Actor,
        resource: &ApiResourceId,
        id: &ScopeId,
    ) -> Result<()> {
        require_management(actor)?;
        check_not_built_in(resource)?;
        let deleted = self
            .settle(async || {
                let scope = self.load_scope(resource, id).await?;
                let batch = api_resources::delete_scope(Batch::new(), resource, id);
                let batch = self.audit_scope(batch, actor, "Scope.Deleted", &scope);
                Ok(Outcome::commit(batch, ()))
            })
            .await;
        self.forget_configuration();
        deleted
    }

    async fn load_resource(&self, id: &ApiResourceId) -> Result<ApiResource> {
        api_resources::get(&self.db, id)
            .await?
            .ok_or_else(|| Error::not_found(id))
    }

    async fn load_scope(&self, resource: &ApiResourceId, id: &ScopeId) -> Result<Scope> {
        api_resources::get_scope(&self.db, resource, id)
            .await?
            .ok_or_else(|| Error::not_found(id))
    }

    /// Loads a resource, changes it and commits that with its audit record.
    async fn change_resource(
        &self,
        actor: &Actor,
        id: &ApiResourceId,
        change: impl Fn(&mut ApiResource),
    ) -> Result<ApiResource> {
        let changed = self
            .settle(async || {
                let mut resource = self.load_resource(id).await?;
                resource.version += 1;
                change(&mut resource);
                let batch = api_resources::update(Batch::new(), &resource);
                let batch = self.audit_resource(batch, actor, "Resource.Updated", id);
                Ok(Outcome::commit(batch, resource))
            })
            .await;
        self.forget_configuration();
        changed
    }

    fn audit_resource(
        &self,
        batch: Batch,
        actor: &Actor,
        action: &'static str,
        id: &ApiResourceId,
    ) -> Batch {
        let audited = Audited {
            action,
            target_type: "resource",
            target_id: id.as_str(),
            detail: json!({}),
        };
        self.audit(batch, actor, self.now(), audited)
    }

    fn audit_scope(
        &self,
        batch: Batch,
        actor: &Actor,
        action: &'static str,
        scope: &Scope,
    ) -> Batch {
        let detail = json!({"resourceId": scope.resource_id.as_str(), "name": scope.name});
        let audited = Audited {
            action,
            target_type: "scope",
            target_id: scope.id.as_str(),
            detail,
        };
        self.audit(batch, actor, self.now(), audited)
    }

    fn forget_configuration(&self) {
        self.known_resources.clear();
        self.forget_applications();
    }
}

fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Err(Error::invalid(
            "name",
            "too_short",
            "at least one character",
        ));
    }
    check_text("name", name, 256)
}

fn check_not_built_in(id: &ApiResourceId) -> Result<()> {
    if matches!(
        id.as_str(),
        MANAGEMENT_API_RESOURCE_ID | LOGIN_API_RESOURCE_ID
    ) {
        return Err(ErrorCode::ResourceBuiltIn.into());
    }
    Ok(())
}
