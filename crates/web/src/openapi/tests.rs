use std::collections::HashSet;

use super::*;

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let methods = paths.iter().flat_map(|(path, methods)| {
        methods
            .as_object()
            .unwrap()
            .iter()
            .map(|(method, operation)| (path.clone(), method.clone(), operation.clone()))
    });
    methods.collect()
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_route_is_one_operation_with_its_own_name() {
    let (document, table) = (openapi_document(), management_api::routes());
    let operations = operations(&document);
    assert_eq!(
        operations.len(),
        table.len(),
        "two routes have one method and path"
    );
    let names: HashSet<_> = operations
        .iter()
        .map(|(_, _, operation)| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.len(), operations.len());
    assert!(names.contains("listUsers"), "{names:?}");
}

#[test]
fn every_operation_says_what_it_is() {
    let document = openapi_document();
    let tags: Vec<_> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect();
    for (path, method, operation) in operations(&document) {
        let place = format!("{method} {path}");
        assert!(
            !operation["summary"].as_str().unwrap().is_empty(),
            "{place}"
        );
        assert!(tags.contains(&&operation["tags"][0]), "{place}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{place}"
        );
        if operation["security"][0].is_object() {
            for status in ["401", "403", "500", "503"] {
                assert!(responses.contains_key(status), "{place} {status}");
            }
        }
        for name in path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        {
            let parameters = operation["parameters"].as_array().unwrap();
            let is_it = |parameter: &&Value| parameter["name"] == name && parameter["in"] == "path";
            assert_eq!(parameters.iter().filter(is_it).count(), 1, "{place} {name}");
        }
    }
}

#[test]
fn every_tag_is_described() {
    for tag in openapi_document()["tags"].as_array().unwrap() {
        assert!(!tag["description"].as_str().unwrap().is_empty(), "{tag}");
    }
}

#[test]
fn every_reference_resolves() {
    let document = openapi_document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 50, "{}", found.len());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn every_schema_is_used_and_its_members_are_described() {
    let document = openapi_document();
    let mut found = Vec::new();
    references(&document, &mut found);
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(
            found.contains(&format!("#/components/schemas/{name}").as_str()),
            "{name}"
        );
        for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
            let is_described = [schema, &schema["oneOf"][0]]
                .iter()
                .any(|schema| schema["description"].is_string());
            assert!(is_described, "{name}.{member}: {schema}");
        }
    }
}

#[test]
fn the_document_is_of_version_3_1_and_always_the_same() {
    let document = openapi_document();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(
        !document.to_string().contains("\"nullable\""),
        "3.1 has no nullable"
    );
    assert_eq!(document.to_string(), openapi_document().to_string());
}
