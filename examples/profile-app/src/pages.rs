//! The pages: what each template is given.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use meibo_sdk::UserClaims;

use crate::language::Language;
use crate::profile::{Field, Problem, Profile};
use crate::visits::SignedIn;
use crate::words::{Message, Words};

/// What the frame around every page needs.
pub(crate) struct Frame {
    pub(crate) words: &'static Words,
    pub(crate) lang: &'static str,
    /// The form token when someone is signed in: the page then offers to sign out.
    pub(crate) csrf: Option<String>,
    /// Where the language links lead back to.
    pub(crate) path: &'static str,
}

impl Frame {
    pub(crate) fn new(language: Language, person: Option<&SignedIn>, path: &'static str) -> Self {
        Self {
            words: Words::of(language),
            lang: language.tag(),
            csrf: person.map(|person| person.csrf.clone()),
            path,
        }
    }
}

#[derive(Template)]
#[template(path = "home.html")]
pub(crate) struct HomePage {
    pub(crate) frame: Frame,
    /// The name to greet, when someone is signed in.
    pub(crate) person: Option<String>,
    pub(crate) has_session_ended: bool,
}

#[derive(Template)]
#[template(path = "profile.html")]
pub(crate) struct ProfilePage {
    pub(crate) frame: Frame,
    pub(crate) csrf: String,
    pub(crate) is_saved: bool,
    /// Why nothing was saved, or why the page may be out of date.
    pub(crate) alert: Option<&'static str>,
    pub(crate) fields: Vec<Input>,
    pub(crate) contacts: Vec<Contact>,
}

#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct MessagePage {
    pub(crate) frame: Frame,
    pub(crate) message: Message,
    /// Where to go from here, and the words for it.
    pub(crate) link: (&'static str, &'static str),
}

/// One field of the form.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) value: String,
    pub(crate) autocomplete: &'static str,
    pub(crate) problem: Option<&'static str>,
    /// Ids of the texts that describe the field.
    pub(crate) described_by: String,
    /// The choices as (value, words); none for a text field.
    pub(crate) choices: Vec<(String, String)>,
}

impl Input {
    /// Every field of `profile`, with what is wrong in it.
    pub(crate) fn all(
        words: &'static Words,
        profile: &Profile,
        problems: &[(Field, Problem)],
    ) -> Vec<Self> {
        let input = |field: Field| {
            let problem = problems
                .iter()
                .find(|(wrong, _)| *wrong == field)
                .map(|(_, problem)| words.problem(*problem));
            Self::new(words, field, profile.get(field), problem)
        };
        Field::ALL.into_iter().map(input).collect()
    }

    fn new(
        words: &'static Words,
        field: Field,
        value: &str,
        problem: Option<&'static str>,
    ) -> Self {
        let (name, hint) = (field.name(), words.hint(field));
        let mut described_by = Vec::new();
        if problem.is_some() {
            described_by.push(format!("{name}-problem"));
        }
        if !hint.is_empty() {
            described_by.push(format!("{name}-hint"));
        }
        let choices = if field == Field::Gender {
            gender_choices(words, value)
        } else {
            Vec::new()
        };
        let autocomplete = match field {
            Field::Name => "name",
            Field::Nickname => "nickname",
            Field::GivenName => "given-name",
            Field::FamilyName => "family-name",
            Field::Picture => "photo",
            Field::Gender => "sex",
            Field::Birthdate => "bday",
        };
        Self {
            name,
            label: words.label(field),
            hint,
            value: value.to_owned(),
            autocomplete,
            problem,
            described_by: described_by.join(" "),
            choices,
        }
    }
}

/// The usual choices, and the person's own word when it is another, so that saving keeps it.
fn gender_choices(words: &'static Words, value: &str) -> Vec<(String, String)> {
    let usual = words.genders();
    let own = (!usual.iter().any(|(usual, _)| *usual == value))
        .then(|| (value.to_owned(), value.to_owned()));
    usual
        .into_iter()
        .map(|(value, label)| (value.to_owned(), label.to_owned()))
        .chain(own)
        .collect()
}

/// A way to reach the person, to be read only.
pub(crate) struct Contact {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    /// The address, and whether it was verified.
    pub(crate) value: Option<(String, &'static str)>,
}

impl Contact {
    pub(crate) fn all(words: &'static Words, claims: &UserClaims) -> Vec<Self> {
        let value = |value: &Option<String>, is_verified: Option<bool>| {
            let state = if is_verified == Some(true) {
                words.verified
            } else {
                words.unverified
            };
            value.clone().map(|value| (value, state))
        };
        vec![
            Self {
                id: "email",
                label: words.email,
                value: value(&claims.email, claims.email_verified),
            },
            Self {
                id: "phone",
                label: words.phone,
                value: value(&claims.phone_number, claims.phone_number_verified),
            },
        ]
    }
}

/// Renders.
pub(crate) fn page(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page with one message and one way on.
pub(crate) fn message(
    status: StatusCode,
    language: Language,
    choose: impl FnOnce(&'static Words) -> (Message, (&'static str, &'static str)),
) -> Response {
    let (message, link) = choose(Words::of(language));
    page(
        status,
        &MessagePage {
            frame: Frame::new(language, None, "/"),
            message,
            link,
        },
    )
}
