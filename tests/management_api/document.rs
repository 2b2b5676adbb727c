//! The OpenAPI document: valid in itself, and true.

use std::collections::BTreeSet;

use meibo_domain::ErrorCode;
use meibo_web::{
    management_api::routes,
    routes::{Access, Route},
};
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{answer::Answer, server::TestServer},
};

/// An OpenAPI document, read to check answers by it.
pub(super) struct Document(Value);

impl Document {
    pub(super) fn of_this_version() -> Self {
        Self(meibo_web::openapi_document())
    }

    fn operation(&self, route: &Route) -> &Value {
        &self.0["paths"][route.path][route.method.as_str().to_ascii_lowercase()]
    }

    /// The schema of what a route takes, its reference resolved.
    pub(super) fn body_schema(&self, route: &Route) -> Option<&Value> {
        let schema = self
            .operation(route)
            .pointer("/requestBody/content/application~1json/schema")?;
        Some(self.resolved(schema))
    }

    /// The schema itself, or the one that it refers to; of "this or null" it is this.
    pub(super) fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let found = self.0.pointer(reference.strip_prefix('#').unwrap());
            return self.resolved(found.unwrap_or_else(|| panic!("{reference} leads nowhere")));
        }
        let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        match choices.and_then(|choices| choices.iter().find(|choice| choice["type"] != "null")) {
            Some(choice) => self.resolved(choice),
            None => schema,
        }
    }

    /// Is this status documented for the route?
    pub(super) fn knows(&self, route: &Route, status: u16) -> bool {
        self.operation(route)["responses"]
            .get(status.to_string())
            .is_some()
    }

    /// What of an answer is not as documented: the status, or members by their path.
    pub(super) fn check_answer(&self, route: &Route, answer: &Answer) -> Vec<String> {
        let status = answer.status.as_u16();
        if !self.knows(route, status) {
            return vec![format!("the status {status} is not documented")];
        }
        let response = &self.operation(route)["responses"][status.to_string()];
        match response.pointer("/content/application~1json/schema") {
            Some(schema) => self.check("", schema, &answer.json()),
            None if answer.body.is_empty() => Vec::new(),
            None => vec!["no body is documented".to_owned()],
        }
    }

    fn check(&self, path: &str, schema: &Value, value: &Value) -> Vec<String> {
        if value.is_null() && allows_null(schema) {
            return Vec::new();
        }
        let choices = schema["oneOf"].as_array().into_iter().flatten();
        let refused: Vec<Vec<String>> = choices
            .filter(|choice| choice["type"] != "null")
            .map(|choice| self.check(path, choice, value))
            .collect();
        if let Some(least) = refused.into_iter().min_by_key(Vec::len) {
            return least;
        }
        let schema = self.resolved(schema);
        if !types(schema).iter().any(|name| is_of_type(value, name)) {
            return vec![format!("{path}: {value:.60} is not {}", schema["type"])];
        }
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .flat_map(|(at, item)| self.check(&format!("{path}.{at}"), &schema["items"], item))
                .collect(),
            Value::Object(members) => {
                let required = schema["required"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str);
                let missing = required.filter(|name| !members.contains_key(*name));
                let mut wrong: Vec<String> = missing
                    .map(|name| format!("{path}.{name} is missing"))
                    .collect();
                let Some(known) = schema["properties"].as_object() else {
                    return wrong;
                };
                for (name, member) in members {
                    match known.get(name) {
                        Some(schema) => {
                            wrong.extend(self.check(&format!("{path}.{name}"), schema, member));
                        }
                        None => wrong.push(format!("{path}.{name} is not documented")),
                    }
                }
                wrong
            }
            _ => Vec::new(),
        }
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => vec!["any"],
    }
}

fn allows_null(schema: &Value) -> bool {
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    types(schema).contains(&"null")
        || choices.is_some_and(|choices| choices.iter().any(allows_null))
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "any" => true,
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("JSON Schema has no type {other}"),
    }
}

/// Every value of a member of this name, wherever it stands.
fn values_of<'a>(name: &str, value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| values_of(name, item, found)),
        Value::Object(members) => {
            for (key, member) in members {
                if key == name {
                    found.push(member);
                }
                values_of(name, member, found);
            }
        }
        _ => {}
    }
}

#[test]
fn answers_are_checked_by_their_schemas() {
    let document =
        Document(json!({"components": {"schemas": {"N": {"type": ["integer", "null"]}}}}));
    let schema = json!({
        "type": "object", "required": ["a"],
        "properties": {
            "a": {"type": "array", "items": {"$ref": "#/components/schemas/N"}},
            "b": {"oneOf": [{"type": "null"}, {"type": "object"}]},
        },
    });
    for (value, wrong) in [
        (json!({"a": [1, null], "b": null}), vec![]),
        (json!({"a": [], "b": {"x": 1}}), vec![]),
        (
            json!({"a": [1, "x"]}),
            vec![".a.1: \"x\" is not [\"integer\",\"null\"]"],
        ),
        (
            json!({"b": 5}),
            vec![".a is missing", ".b: 5 is not \"object\""],
        ),
        (json!({"a": [], "c": 1}), vec![".c is not documented"]),
        (json!([]), vec![": [] is not \"object\""]),
    ] {
        assert_eq!(document.check("", &schema, &value), wrong, "{value}");
    }
}

#[test]
fn every_route_is_in_the_document_with_its_scope_and_refusals() {
    let Document(document) = Document::of_this_version();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    let mut count = 0;
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            count += 1;
            assert!(
                ids.insert(operation["operationId"].as_str().unwrap()),
                "{} twice",
                operation["operationId"]
            );
        }
    }
    assert_eq!(count, routes().len());
    for route in routes() {
        let operation = &document["paths"][route.path][route.method.as_str().to_ascii_lowercase()];
        let statuses: BTreeSet<&str> = operation["responses"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert!(
            statuses.contains(route.status.to_string().as_str()),
            "{}",
            route.operation
        );
        let (security, expected): (_, &[&str]) = match route.access {
            Access::Public => (json!([]), &[]),
            Access::Scope(scope) => (json!([{"token": [scope]}]), &["401", "403", "500", "503"]),
        };
        assert_eq!(operation["security"], security, "{}", route.operation);
        assert!(
            expected.iter().all(|status| statuses.contains(status)),
            "{} {statuses:?}",
            route.operation
        );
        if operation.get("requestBody").is_some() {
            assert!(
                ["400", "413", "415"]
                    .iter()
                    .all(|status| statuses.contains(status)),
                "{}",
                route.operation
            );
        }
        let named: Vec<&str> = route
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let in_path: Vec<&str> = parameters
            .filter(|one| one["in"] == "path")
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        assert_eq!(in_path, named, "{}", route.operation);
        assert_eq!(
            statuses.contains("404"),
            !named.is_empty() || route.refusals.contains(&ErrorCode::EntityNotExistsWithId),
            "{}",
            route.operation
        );
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = Document::of_this_version();
    let mut references = Vec::new();
    values_of("$ref", &document.0, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
        assert!(document.0.pointer(pointer).is_some(), "{reference}");
    }
    let schemas = document.0["components"]["schemas"].as_object().unwrap();
    let text = document.0.to_string();
    for name in schemas.keys() {
        assert!(
            text.contains(&format!("\"#/components/schemas/{name}\"")),
            "{name} is used nowhere"
        );
    }
}

each_setup! {
    async fn the_document_is_public_and_kept(server: TestServer) {
        let answer = server.get("/api/swagger.json").await.expect(200);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.json(), meibo_web::openapi_document());
        let ask = http::Request::get("/api/swagger.json").header("if-none-match", answer.header("etag"));
        server.nobody().send(ask, "").await.expect(304);
    }
}

each_setup! {
    async fn the_reference_page_loads_from_here_alone(server: TestServer) {
        let page = server.get("/api").await.expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        let html = page.text();
        assert!(!html.contains("://") && !html.contains("\"//") && !html.contains("onerror"), "{html}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("http") && !policy.contains('*') && !policy.contains("unsafe-eval"), "{policy}");
        let scripts_only_from_here = "script-src 'self';";
        assert!(policy.contains(scripts_only_from_here), "{policy}");
        let paths: Vec<&str> = html.split(" src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(!paths.is_empty());
        for path in paths {
            let script = server.get(path).await.expect(200);
            assert!(script.header("content-type").starts_with("text/javascript"), "{path}");
            assert!(script.header("cache-control").contains("immutable"), "{path}");
        }
    }
}
