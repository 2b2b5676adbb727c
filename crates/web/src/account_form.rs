//! What was wrong with a chosen username and password, said beside the field that it is about.

use meibo_domain::{Error, ErrorCode};
use meibo_pages::{Field, FormError, Language, rule_message};
use serde_json::Value;

/// The errors of a form with the fields username and password.
pub(crate) fn form_errors(
    language: Language,
    username_field: Field,
    error: &Error,
) -> Vec<FormError> {
    match error.code() {
        ErrorCode::InvalidInput => error
            .violations()
            .iter()
            .map(|violation| match rule_message(language, violation.rule) {
                Some(message) => FormError {
                    field: username_field,
                    message,
                },
                None => FormError::from_code(language, username_field, error.code().as_str(), &[]),
            })
            .collect(),
        ErrorCode::PasswordRejected => rejections(language, error),
        ErrorCode::UsernameInUse => vec![FormError::from_code(
            language,
            username_field,
            error.code().as_str(),
            &[],
        )],
        other => vec![FormError::from_code_after(
            language,
            Field::Form,
            other.as_str(),
            error.retry_after_seconds(),
        )],
    }
}

fn rejections(language: Language, error: &Error) -> Vec<FormError> {
    let issues = error
        .data_value()
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    issues
        .iter()
        .filter_map(|issue| {
            let code = issue.get("code")?.as_str()?;
            let number = |name: &str| {
                issue
                    .pointer(&format!("/interpolation/{name}"))
                    .and_then(Value::as_i64)
            };
            let arguments: Vec<_> = ["min", "max"]
                .into_iter()
                .filter_map(|name| Some((name, number(name)?.into())))
                .collect();
            Some(FormError::from_code(
                language,
                Field::Password,
                code,
                &arguments,
            ))
        })
        .collect()
}
