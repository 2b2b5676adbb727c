//! `{{code}}`, `{{user.name}}`: the placeholders of a template.

use serde_json::{Map, Value};

/// What placeholders may name: `code`, `link`, `locale`, `application`, `user`, …
pub type Payload = Map<String, Value>;

/// How a value is written into the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// As it is.
    Text,
    /// `&`, `<`, `>`, `"` and `'` as character references.
    Html,
}

/// Fills the placeholders of `template`. A name whose first part the payload does not have stays as
/// it stands; a further part that is missing, or a value that is not text, a number or a boolean,
/// gives nothing. Values are not looked through again, so that braces in a name stay braces. Control
/// characters of a value become spaces: a value can begin no header line.
#[must_use]
pub fn fill(template: &str, payload: &Payload, escape: Escape) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else {
            break;
        };
        filled.push_str(before);
        match value_of(name.trim(), payload) {
            Some(value) => push(&mut filled, &value, escape),
            None => {
                filled.push_str("{{");
                filled.push_str(name);
                filled.push_str("}}");
            }
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// `None` when the payload has no member of the name's first part.
fn value_of(name: &str, payload: &Payload) -> Option<String> {
    let mut parts = name.split('.');
    let root = payload.get(parts.next()?)?;
    let found = parts.try_fold(root, |value, part| value.get(part));
    Some(match found {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        _ => String::new(),
    })
}

fn push(filled: &mut String, value: &str, escape: Escape) {
    for character in value.chars() {
        match (escape, character) {
            (_, character) if character.is_control() => filled.push(' '),
            (Escape::Html, '&') => filled.push_str("&amp;"),
            (Escape::Html, '<') => filled.push_str("&lt;"),
            (Escape::Html, '>') => filled.push_str("&gt;"),
            (Escape::Html, '"') => filled.push_str("&quot;"),
            (Escape::Html, '\'') => filled.push_str("&#39;"),
            (_, character) => filled.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn payload() -> Payload {
        let value = json!({
            "code": "012345", "user": {"name": "<b>{{code}}</b>\r\nBcc: x"}, "count": 3, "list": [1],
        });
        value.as_object().unwrap().clone()
    }

    #[test]
    fn contract_3_2_placeholders() {
        for (template, expected) in [
            ("Your code is {{code}}.", "Your code is 012345."),
            ("{{ code }}{{code}}", "012345012345"),
            ("{{count}} {{list}} {{code.x}}", "3  "),
            (
                "{{unknown}} {{unknown.name}}",
                "{{unknown}} {{unknown.name}}",
            ),
            ("{{user.missing}}|{{user}}|{{user.name.first}}", "||"),
            ("{{code", "{{code"),
            ("code}} {{", "code}} {{"),
            ("{{}}", "{{}}"),
        ] {
            assert_eq!(
                fill(template, &payload(), Escape::Text),
                expected,
                "{template}"
            );
        }
    }

    #[test]
    fn values_bring_neither_markup_nor_placeholders_nor_lines() {
        let name = "{{user.name}}";
        assert_eq!(
            fill(name, &payload(), Escape::Text),
            "<b>{{code}}</b>  Bcc: x"
        );
        assert_eq!(
            fill(name, &payload(), Escape::Html),
            "&lt;b&gt;{{code}}&lt;/b&gt;  Bcc: x"
        );
    }

    proptest! {
        #[test]
        fn what_has_no_placeholder_stays(text in "[^{]{0,64}") {
            prop_assert_eq!(fill(&text, &payload(), Escape::Html), text);
        }

        #[test]
        fn a_value_never_brings_markup_into_html(value in "\\PC{0,64}") {
            let mut payload = Payload::new();
            payload.insert("v".into(), value.into());
            let filled = fill("{{v}}", &payload, Escape::Html);
            prop_assert!(!filled.contains(['<', '>', '"', '\'', '\n', '\r']));
        }
    }
}
