//! The OpenAPI 3.1 document, made from the route table.

mod operation;

use serde_json::{Map, Value, json};

use crate::{
    management_api,
    respond::ErrorBody,
    routes::{Route, Schemas},
};

const DESCRIPTION: &str = "The API by which back ends read and change users, applications and API \
    resources.\n\nGet an access token by the client credentials grant: `POST /oidc/token` with \
    `grant_type=client_credentials`, `resource=https://default.logto.app/api` and `scope=all`, \
    as a machine-to-machine application that holds the Management API right. Send it as \
    `Authorization: Bearer …`.\n\nTimes are epoch milliseconds. Members that a route does not know \
    are ignored. An empty string in a text member clears it. Errors have a stable `code`, and a \
    `message` in the language that `Accept-Language` asks for.";

/// The document of the Management API.
#[must_use]
pub fn openapi_document() -> Value {
    document(&management_api::routes())
}

fn document(table: &[Route]) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Meibo Management API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": tags(table),
        "paths": paths(table),
        "components": {
            "schemas": schemas(table),
            "securitySchemes": {
                operation::SECURITY_SCHEME: {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An access token for `https://default.logto.app/api`.",
                },
            },
        },
    })
}

fn tags(table: &[Route]) -> Vec<Value> {
    let mut names: Vec<&str> = Vec::new();
    for route in table {
        if !names.contains(&route.tag) {
            names.push(route.tag);
        }
    }
    let described =
        |name: &str| json!({"name": name, "description": management_api::tag_description(name)});
    names.into_iter().map(described).collect()
}

fn paths(table: &[Route]) -> Value {
    let mut paths = Map::new();
    for route in table {
        let path = paths
            .entry(route.path)
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(methods) = path {
            let method = route.method.as_str().to_ascii_lowercase();
            methods.insert(method, operation::operation(route));
        }
    }
    Value::Object(paths)
}

fn schemas(table: &[Route]) -> Value {
    let mut components = Vec::new();
    (Schemas::of::<ErrorBody>().collect)(&mut components);
    for route in table {
        (route.body.collect)(&mut components);
        (route.answer.collect)(&mut components);
        if let Some((_, other)) = &route.other {
            (other.collect)(&mut components);
        }
    }
    components.sort_by(|(one, _), (other, _)| one.cmp(other));
    components.dedup_by(|(one, _), (other, _)| one == other);
    let written = |schema| serde_json::to_value(schema).unwrap_or_default();
    components
        .into_iter()
        .map(|(name, schema)| (name, written(schema)))
        .collect()
}

#[cfg(test)]
mod tests;
