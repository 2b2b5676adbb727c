//! One operation of the document.

use std::collections::BTreeMap;

use http::Method;
use meibo_domain::{
    ErrorCode,
    page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE},
};
use serde_json::{Map, Value, json};

use crate::{
    respond::{ErrorBody, status_of},
    routes::{Access, Described, Route},
};

/// The name of the one way to authenticate.
pub(super) const SECURITY_SCHEME: &str = "token";

/// The operation object of a route.
pub(super) fn operation(route: &Route) -> Value {
    let mut operation = Map::new();
    let mut set = |name: &str, value: Value| operation.insert(name.to_owned(), value);
    set("operationId", camel_case(route.operation).into());
    set("tags", json!([route.tag]));
    set("summary", route.summary.into());
    if !route.description.is_empty() {
        set("description", route.description.into());
    }
    let parameters = parameters(route);
    if !parameters.is_empty() {
        set("parameters", parameters.into());
    }
    if let Some(schema) = (route.body.reference)() {
        set(
            "requestBody",
            json!({"required": true, "content": json_content(&schema)}),
        );
    }
    set("responses", responses(route));
    set(
        "security",
        match route.access {
            Access::Public => json!([]),
            Access::Scope(scope) => json!([{ SECURITY_SCHEME: [scope] }]),
        },
    );
    Value::Object(operation)
}

fn parameters(route: &Route) -> Vec<Value> {
    let in_path = path_parameters(route.path).map(|name| {
        let schema = json!({"type": "string"});
        json!({"name": name, "in": "path", "required": true, "schema": schema})
    });
    let in_query = route.query.iter().map(|parameter| {
        json!({
            "name": parameter.name,
            "in": "query",
            "description": parameter.description,
            "schema": {"type": "string"},
        })
    });
    let page = [
        ("page", 1, None, "Which page, from 1."),
        (
            "page_size",
            DEFAULT_PAGE_SIZE,
            Some(MAX_PAGE_SIZE),
            "Entries on a page.",
        ),
    ];
    let paging = page
        .into_iter()
        .filter(|_| route.is_paged)
        .map(|(name, default, max, what)| {
            let mut schema = json!({"type": "integer", "minimum": 1, "default": default});
            if let (Some(max), Value::Object(schema)) = (max, &mut schema) {
                schema.insert("maximum".to_owned(), max.into());
            }
            json!({"name": name, "in": "query", "description": what, "schema": schema})
        });
    in_path.chain(in_query).chain(paging).collect()
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn responses(route: &Route) -> Value {
    let mut responses = Map::new();
    let mut success =
        json!({"description": if route.status == 204 { "Done." } else { "The answer." }});
    if let Value::Object(success) = &mut success {
        if let Some(schema) = (route.answer.reference)() {
            success.insert("content".to_owned(), json_content(&schema));
        }
        if route.is_paged {
            success.insert("headers".to_owned(), paging_headers());
        }
    }
    responses.insert(route.status.to_string(), success);
    for (status, codes) in refusals(route) {
        let lines: Vec<String> = codes
            .iter()
            .map(|code| format!("- `{code}`: {}", code.summary()))
            .collect();
        let other = route.other.filter(|(other, _)| *other == status);
        let content = match other.and_then(|(_, body)| (body.reference)()) {
            Some(other) => Some(json!({"oneOf": [ErrorBody::reference(), other]})),
            None => ErrorBody::reference(),
        };
        let content = content.as_ref().map(json_content);
        let refusal = json!({"description": lines.join("\n"), "content": content});
        responses.insert(status.to_string(), refusal);
    }
    Value::Object(responses)
}

fn paging_headers() -> Value {
    json!({
        "Total-Number": {
            "description": "Entries of the whole list.",
            "schema": {"type": "integer"},
        },
        "Link": {
            "description": "Where the first, previous, next and last page are (RFC 8288).",
            "schema": {"type": "string"},
        },
    })
}

/// What the route may refuse, by status: what every route of its kind does, and its own.
fn refusals(route: &Route) -> BTreeMap<u16, Vec<ErrorCode>> {
    use ErrorCode as Code;
    let has_body = (route.body.reference)().is_some();
    let has_path_parameters = path_parameters(route.path).next().is_some();
    let is_change = matches!(route.method, Method::PATCH | Method::DELETE);
    let kinds: [(bool, &[Code]); 7] = [
        (
            has_body,
            &[
                Code::InvalidInput,
                Code::MalformedJson,
                Code::BodyTooLarge,
                Code::UnsupportedMediaType,
            ],
        ),
        (route.is_paged, &[Code::InvalidPagination]),
        (!route.query.is_empty(), &[Code::InvalidRequest]),
        (
            route.access != Access::Public,
            &[
                Code::AuthorizationHeaderMissing,
                Code::TokenTypeNotSupported,
                Code::Unauthorized,
                Code::Forbidden,
            ],
        ),
        (has_path_parameters, &[Code::EntityNotExistsWithId]),
        (is_change, &[Code::ChangedMeanwhile]),
        (
            route.access != Access::Public,
            &[Code::Internal, Code::Unavailable],
        ),
    ];
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    let general = kinds
        .into_iter()
        .filter(|(applies, _)| *applies)
        .flat_map(|(_, codes)| codes);
    for code in general.chain(route.refusals) {
        let codes = by_status.entry(status_of(*code).as_u16()).or_default();
        if !codes.contains(code) {
            codes.push(*code);
        }
    }
    by_status
}

fn json_content(schema: &Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

/// `list_users` is `listUsers`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}
