//! A preview: what a sign-in with this reply would do, without doing it.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    apply::{Applied, EntryResult, RequiredMissing, apply},
    coerce::Coercion,
    entry::KeyMap,
    property::Property,
    redact::{REDACTED, is_secret_name, redacted},
    reply::Reply,
    token_claims::mapped_claims,
    user_details::{RegisterData, UserDetails},
    value::PropertyValues,
};
use crate::linking::LinkingDecision;

/// What a preview answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// One result for each entry, with secrets in raw values replaced.
    pub entries: Vec<EntryResult>,
    /// The user details of the login API afterwards.
    pub user_details: UserDetails,
    /// The claims that the map decides in the login API's token afterwards.
    pub token_claims: Map<String, Value>,
    /// What linking would do.
    pub linking: LinkingDecision,
    /// The required entry for which the sign-in would be refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RequiredMissing>,
}

/// Previews `map` on `reply` for a user with these values, or with none. `decide_linking` gets the id that the
/// reply would set.
#[must_use]
pub fn preview(
    map: &KeyMap,
    reply: &Reply<'_>,
    present: &PropertyValues,
    coercion: &Coercion<'_>,
    register: &RegisterData,
    decide_linking: impl FnOnce(Option<&str>) -> LinkingDecision,
) -> Preview {
    let applied = apply(map, reply, present, coercion);
    let after = applied.after(present);
    let partner_data = reply
        .partner_data()
        .map(|data| redacted(&Value::Object(data)));
    let partner_data = partner_data.as_ref().and_then(Value::as_object);
    let linking = decide_linking(applied.server_custom_id());
    Preview {
        user_details: UserDetails::new(register, &after, None),
        token_claims: mapped_claims(&[map], &after, partner_data).members,
        linking,
        refusal: applied.refusal,
        entries: applied.entries.into_iter().map(without_secret).collect(),
    }
}

impl Applied {
    /// The id on the operator's server that the reply carries, new or not; none when the sign-in is refused.
    #[must_use]
    pub fn server_custom_id(&self) -> Option<&str> {
        if self.refusal.is_some() {
            return None;
        }
        let entry =
            (self.entries.iter()).find(|entry| entry.property == Property::ServerCustomId)?;
        entry.value.as_ref()?.as_text()
    }
}

/// A value that stood below a name which says that it is a secret is shown as `***`.
fn without_secret(mut entry: EntryResult) -> EntryResult {
    let is_secret = entry.found_at.as_deref().is_some_and(is_secret_name);
    if is_secret {
        entry.raw = entry.raw.map(|_| Value::String(REDACTED.to_owned()));
    } else {
        entry.raw = entry.raw.map(|raw| redacted(&raw));
    }
    entry
}
