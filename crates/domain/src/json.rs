//! Bounds on JSON that people hand in: depth and NUL, checked wherever free-form JSON is kept.

use serde_json::Value;

use crate::{Error, Result};

/// The deepest nesting that is taken.
pub const MAX_DEPTH: usize = 32;

/// Refuses JSON deeper than [`MAX_DEPTH`] and strings or member names with NUL, which PostgreSQL
/// cannot store.
///
/// # Errors
/// `guard.invalid_input` with the path of the member below `path`.
pub fn check_json(path: &str, value: &Value) -> Result<()> {
    walk(path, value, MAX_DEPTH)
}

fn walk(path: &str, value: &Value, depth_left: usize) -> Result<()> {
    let child = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    let deeper = || {
        depth_left
            .checked_sub(1)
            .ok_or_else(|| Error::invalid(path, "too_deep", format!("at most {MAX_DEPTH} levels")))
    };
    match value {
        Value::String(text) => check_nul(path, text),
        Value::Array(items) => {
            let left = deeper()?;
            items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| walk(&child(&index.to_string()), item, left))
        }
        Value::Object(members) => {
            let left = deeper()?;
            members.iter().try_for_each(|(name, item)| {
                check_nul(path, name)?;
                walk(&child(name), item, left)
            })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn check_nul(path: &str, text: &str) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::invalid(
            path,
            "control_character",
            "NUL is not taken",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_the_member() {
        let error = check_json("customData", &json!({"a": [1, {"b": "x\0"}]})).unwrap_err();
        assert_eq!(error.violations()[0].path, "customData.a.1.b");
        let mut deep = json!(1);
        for _ in 0..=MAX_DEPTH {
            deep = json!([deep]);
        }
        assert!(check_json("x", &deep).is_err());
        assert!(check_json("x", &json!({"k\0": 1})).is_err());
        assert!(check_json("x", &json!({"a": {"b": [null, true, 1.5, "é"]}})).is_ok());
    }
}
