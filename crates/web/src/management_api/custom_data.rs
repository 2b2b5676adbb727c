//! The business's own data, as users and applications have it.

use meibo_domain::custom_data::CustomData;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The business's own data: any JSON object of at most 64 KiB and 32 levels.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(as = CustomData, value_type = Object)]
pub(crate) struct CustomDataView(pub(crate) CustomData);

/// What is merged into custom data.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MergeCustomData {
    /// The members that replace those of the same name.
    #[schema(value_type = Object)]
    pub(crate) custom_data: Map<String, Value>,
}
