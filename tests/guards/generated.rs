//! Documents that are made from the code say what the code says.

use std::{env, fs, path::Path};

const UPDATE: &str = "MEIBO_UPDATE_DOCS";

/// Compares a document with what it should be, or writes it when the environment asks for that.
fn assert_fresh(name: &str, content: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(name);
    if env::var_os(UPDATE).is_some() {
        fs::write(&path, content).unwrap();
    }
    let present = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        present == content,
        "docs/{name} is stale: run `make docs` ({UPDATE}=1) and commit it"
    );
}

#[test]
fn the_api_document_is_fresh() {
    let document = serde_json::to_string_pretty(&meibo_web::openapi_document()).unwrap();
    assert_fresh("openapi.json", &format!("{document}\n"));
}

#[test]
fn the_error_table_is_fresh() {
    let heading = "# Error codes\n\nThe member `code` of an error. It stays the same between versions; the message \
        beside it is for people and follows `Accept-Language`.\n\n";
    assert_fresh(
        "errors.md",
        &format!("{heading}{}", meibo_web::error_table()),
    );
}

#[test]
fn the_settings_are_fresh() {
    assert_fresh("settings.md", &meibo_server::settings_table());
}

#[test]
fn the_tables_of_key_maps_are_fresh() {
    use meibo_domain::key_map::{reference::fill, words::Language};
    for (name, language) in [
        ("en/key-maps.md", Language::En),
        ("ja/key-maps.md", Language::Ja),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../docs")
            .join(name);
        let page = fs::read_to_string(path).unwrap();
        assert_fresh(name, &fill(&page, language));
    }
}
