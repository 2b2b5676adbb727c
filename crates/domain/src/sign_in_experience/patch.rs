//! What a PATCH changes of the settings.

use serde_json::{Map, Value};

use super::{Settings, SignInExperience};
use crate::{Error, Result};

/// Members to replace, each as a whole; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct SignInExperiencePatch(Map<String, Value>);

impl SignInExperiencePatch {
    /// The members of `settings` that `given` names; other names are ignored.
    ///
    /// # Errors
    /// `server.internal`.
    pub fn new(given: &Map<String, Value>, settings: &Settings) -> Result<Self> {
        let mut members = members_of(settings)?;
        members.retain(|name, _| given.contains_key(name));
        Ok(Self(members))
    }

    /// The names of the members that are replaced.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The settings with these members replaced.
    ///
    /// # Errors
    /// `guard.invalid_input` when the result does not hold together.
    pub fn apply(&self, present: &SignInExperience) -> Result<SignInExperience> {
        let mut members = members_of(present)?;
        members.extend(self.0.clone());
        let settings = serde_json::from_value(Value::Object(members)).map_err(Error::internal)?;
        SignInExperience::parse(settings)
    }
}

/// The settings by their names; every name is there.
fn members_of(settings: &Settings) -> Result<Map<String, Value>> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(Error::internal(error)),
    }
}
