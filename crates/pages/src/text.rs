//! Words by message id and language.
//!
//! Ids of pages are the ones in `locales/<language>/pages.ftl`. The id of an error is `error-` and
//! the wire code with `-` for each dot: `user.username_already_in_use` is
//! `error-user-username_already_in_use`. What a member must be is `rule-` and the rule's word.

use std::collections::HashMap;

use fluent_templates::{LanguageIdentifier, fluent_bundle::FluentValue, langid};

use crate::Language;

mod loader {
    fluent_templates::static_loader! {
        pub(super) static LOCALES = {
            locales: "../../locales",
            fallback_language: "en",
            // The marks around arguments would stand in attributes and JSON; names are made safe by `shown`.
            customise: |bundle| bundle.set_use_isolating(false),
        };
    }
}

static ENGLISH: LanguageIdentifier = langid!("en");
static JAPANESE: LanguageIdentifier = langid!("ja");

/// A named argument of a message: text or a number, which also chooses the plural.
pub type Argument<'a> = (&'static str, FluentValue<'a>);

/// The message `id` without arguments. As [`text_with`].
#[must_use]
pub fn text(language: Language, id: &str) -> String {
    text_with(language, id, &[])
}

/// The message `id` with `arguments`, as plain text that is still to be escaped for HTML.
///
/// A message that `language` lacks is given in English, one that nobody has as its id; the tests
/// of this crate let neither happen for an id that a page uses.
#[must_use]
pub fn text_with(language: Language, id: &str, arguments: &[Argument<'_>]) -> String {
    find(language, id, arguments).unwrap_or_else(|| id.to_owned())
}

/// What to tell a person about the wire code `code`, for example `session.invalid_credentials`.
///
/// `None` when the code has no message, or when its message names an argument that is not among
/// `arguments` (`min` for `password_rejected.too_short`, `max` for `password_rejected.too_long`;
/// no other code takes any).
#[must_use]
pub fn error_message(language: Language, code: &str, arguments: &[Argument<'_>]) -> Option<String> {
    find(language, &message_id(code), arguments)
}

/// A longer wait is told in hours.
const MINUTES_TOLD: u32 = 120;

/// What to tell a person about a wire code that a wait of `seconds` mends, with the minutes to wait, or
/// the hours when there are many. `None` for any other code.
#[must_use]
pub fn wait_message(language: Language, code: &str, seconds: u32) -> Option<String> {
    let (in_minutes, in_hours) = match code {
        "request.message_rate_limited" => ("wait-codes", "wait-codes-hours"),
        "session.verification_blocked_too_many_attempts" => {
            ("wait-attempts", "wait-attempts-hours")
        }
        _ => return None,
    };
    let minutes = seconds.div_ceil(60).max(1);
    if minutes > MINUTES_TOLD {
        let hours = minutes.div_ceil(60);
        return find(language, in_hours, &[("hours", hours.into())]);
    }
    find(language, in_minutes, &[("minutes", minutes.into())])
}

/// What a member must be, by the word of the rule that it broke: `required`, `too_long`,
/// `username`, `email`, `phone` or `phone_country`. `None` for any other.
#[must_use]
pub fn rule_message(language: Language, rule: &str) -> Option<String> {
    find(language, &format!("rule-{rule}"), &[])
}

/// The id of the message of an error code.
pub(crate) fn message_id(code: &str) -> String {
    format!("error-{}", code.replace('.', "-"))
}

fn find(language: Language, id: &str, arguments: &[Argument<'_>]) -> Option<String> {
    // A dot would mean an attribute of a message; no message has one.
    if id.contains('.') {
        return None;
    }
    let arguments: HashMap<&str, FluentValue<'_>> = arguments.iter().cloned().collect();
    let lookup = |language| {
        loader::LOCALES
            .lookup_single_language(language, id, Some(&arguments))
            .ok()
    };
    match language {
        Language::En => lookup(&ENGLISH),
        Language::Ja => lookup(&JAPANESE).or_else(|| lookup(&ENGLISH)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_differ_by_language() {
        assert_eq!(text(Language::En, "password"), "Password");
        assert_eq!(text(Language::Ja, "password"), "パスワード");
    }

    #[test]
    fn numbers_choose_the_plural() {
        for (seconds, expected) in [
            (0, "in a minute."),
            (60, "in a minute."),
            (61, "in 2 minutes."),
            (300, "in 5 minutes."),
            (7_200, "in 120 minutes."),
            (7_201, "in 3 hours."),
        ] {
            let codes = [
                "request.message_rate_limited",
                "session.verification_blocked_too_many_attempts",
            ];
            for code in codes {
                let wait = wait_message(Language::En, code, seconds).unwrap();
                assert!(wait.ends_with(expected), "{code} {seconds} {wait}");
            }
        }
        assert_eq!(wait_message(Language::En, "server.unavailable", 60), None);
    }

    #[test]
    fn arguments_are_not_read_as_messages() {
        let hostile = "{ $minutes } {password}\n.attribute = x";
        let lead = text_with(
            Language::En,
            "sign-in-lead",
            &[("application", hostile.into())],
        );
        assert_eq!(lead, format!("Continue to {hostile} with your account."));
    }

    #[test]
    fn an_unknown_id_is_given_as_it_is() {
        assert_eq!(text(Language::Ja, "no-such-message"), "no-such-message");
    }

    #[test]
    fn codes_find_their_messages() {
        let taken = error_message(Language::En, "user.username_already_in_use", &[]);
        assert_eq!(
            taken.as_deref(),
            Some("This username is taken. Please choose another one.")
        );
        assert_eq!(error_message(Language::Ja, "user.no_such_code", &[]), None);
        assert_eq!(error_message(Language::En, "../../etc/passwd", &[]), None);
        let short = error_message(
            Language::Ja,
            "password_rejected.too_short",
            &[("min", 8.into())],
        );
        assert_eq!(short.as_deref(), Some("8文字以上で設定してください。"));
        assert_eq!(
            error_message(Language::Ja, "password_rejected.too_short", &[]),
            None
        );
    }

    #[test]
    fn rules_find_their_messages() {
        assert!(rule_message(Language::En, "username").is_some());
        assert_eq!(rule_message(Language::En, "no_such_rule"), None);
    }
}
