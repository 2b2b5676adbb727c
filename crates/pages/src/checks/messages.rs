//! Every message in every language.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use meibo_domain::ErrorCode;

use crate::{Language, text::message_id};

/// `error` of OAuth 2.0, OpenID Connect and RFC 8707, which `oidc.` stands before, and the one
/// that tells of an address that is not registered.
const PROTOCOL_ERRORS: [&str; 25] = [
    "access_denied",
    "account_selection_required",
    "consent_required",
    "insufficient_scope",
    "interaction_required",
    "invalid_client",
    "invalid_grant",
    "invalid_redirect_uri",
    "invalid_request",
    "invalid_request_object",
    "invalid_request_uri",
    "invalid_scope",
    "invalid_target",
    "invalid_token",
    "login_required",
    "registration_not_supported",
    "request_not_supported",
    "request_uri_not_supported",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unmet_authentication_requirements",
    "unsupported_grant_type",
    "unsupported_response_mode",
    "unsupported_response_type",
];

/// Why a password is refused, with the argument that the message takes.
const PASSWORD_REJECTIONS: [(&str, &str); 6] = [
    ("password_rejected.too_short", "min"),
    ("password_rejected.too_long", "max"),
    ("password_rejected.unsupported_characters", ""),
    ("password_rejected.pwned", ""),
    ("password_rejected.restricted.user_info", ""),
    ("password_rejected.restricted.repetition", ""),
];

type Messages = BTreeMap<String, BTreeSet<String>>;

/// The messages of a language with the arguments that each takes.
fn messages(language: Language) -> Messages {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../locales")
        .join(language.tag());
    let mut found = Messages::new();
    for file in fs::read_dir(folder).unwrap() {
        let source = fs::read_to_string(file.unwrap().path()).unwrap();
        let resource =
            fluent_syntax::parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                assert!(
                    message.attributes.is_empty(),
                    "{}: attributes are not used here",
                    message.id.name
                );
                let mut arguments = BTreeSet::new();
                collect(
                    &message.value.expect("a message has a value"),
                    &mut arguments,
                );
                assert!(
                    found.insert(message.id.name.clone(), arguments).is_none(),
                    "{} twice",
                    message.id.name
                );
            }
        }
    }
    found
}

fn collect(pattern: &Pattern<String>, arguments: &mut BTreeSet<String>) {
    let mut inline = |expression: &InlineExpression<String>| match expression {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.clone());
        }
        other => panic!("only arguments stand in braces here, not {other:?}"),
    };
    let mut variants = Vec::new();
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(expression) => inline(expression),
                Expression::Select {
                    selector,
                    variants: some,
                } => {
                    inline(selector);
                    variants.extend(some);
                }
            }
        }
    }
    for variant in variants {
        collect(&variant.value, arguments);
    }
}

/// Everything that could name a message: the templates, and the code without its tests.
fn sources() -> String {
    fn read(folder: &Path, all: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("checks") {
                read(&path, all);
            } else if path.is_file() {
                let source = fs::read_to_string(&path).unwrap();
                all.push_str(source.split("#[cfg(test)]").next().unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = String::new();
    read(&root.join("../../templates"), &mut all);
    read(&root.join("src"), &mut all);
    all
}

#[test]
fn every_language_has_the_same_messages_with_the_same_arguments() {
    let english = messages(Language::En);
    assert!(english.len() > 150);
    for language in Language::ALL {
        assert_eq!(messages(language), english, "{language:?}");
    }
}

#[test]
fn every_error_code_has_a_message() {
    let messages = messages(Language::En);
    let protocol = PROTOCOL_ERRORS.iter().map(|error| format!("oidc.{error}"));
    for code in ErrorCode::ALL
        .iter()
        .map(|code| code.as_str().to_owned())
        .chain(protocol)
    {
        let arguments = messages
            .get(&message_id(&code))
            .unwrap_or_else(|| panic!("{code} has no message"));
        assert!(arguments.is_empty(), "{code}: callers give no arguments");
    }
    for (code, argument) in PASSWORD_REJECTIONS {
        let arguments = messages
            .get(&message_id(code))
            .unwrap_or_else(|| panic!("{code} has no message"));
        assert_eq!(
            arguments.iter().map(String::as_str).collect::<String>(),
            argument,
            "{code}"
        );
    }
}

#[test]
fn no_message_is_unused() {
    let codes: BTreeSet<String> = ErrorCode::ALL
        .iter()
        .map(|code| message_id(code.as_str()))
        .chain(
            PROTOCOL_ERRORS
                .iter()
                .map(|error| message_id(&format!("oidc.{error}"))),
        )
        .chain(PASSWORD_REJECTIONS.iter().map(|(code, _)| message_id(code)))
        .collect();
    let sources = sources();
    let named_by_prefix = ["scope-", "rule-"];
    for id in messages(Language::En).keys() {
        let is_named = sources.contains(&format!("\"{id}\""))
            || codes.contains(id)
            || named_by_prefix.iter().any(|prefix| {
                id.strip_prefix(prefix).is_some_and(|rest| {
                    sources.contains(&format!("\"{rest}\""))
                        || sources.contains(&format!("`{rest}`"))
                })
            });
        assert!(is_named, "{id} is used nowhere");
    }
}

#[test]
fn every_message_that_a_template_names_exists() {
    let messages = messages(Language::En);
    let sources = sources();
    let mut count = 0;
    for start in [
        "layout.text(\"",
        "layout.text_with(\"",
        "form_title(\"",
        "text(language, \"",
    ] {
        for piece in sources.split(start).skip(1) {
            let id = piece.split('"').next().unwrap();
            assert!(messages.contains_key(id), "{id} is named but not written");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn words_are_calm() {
    for language in Language::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../locales")
            .join(language.tag());
        for file in fs::read_dir(folder).unwrap() {
            let source = fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(!source.contains(['!', '！']), "no exclamation marks");
        }
    }
}
