//! The profile page as it answers: with what is known, or with what was typed and what is wrong.

use axum::http::StatusCode;
use axum::response::Response;

use crate::app::App;
use crate::business::Business;
use crate::channel::Channel;
use crate::code_problem::CodeProblem;
use crate::field::Field;
use crate::inputs::{ContactInput, Entries, NumberInput};
use crate::language::Language;
use crate::number::Number;
use crate::pages::{Frame, ProfilePage, page};
use crate::problem::Problem;
use crate::profile::Profile;
use crate::source::Source;
use crate::visits::SignedIn;
use crate::words::Words;

/// Where the page is.
pub(crate) const PATH: &str = "/profile";

/// Why a page is not simply the profile.
#[derive(Clone, Copy)]
pub(crate) enum Alert {
    /// Fields that cannot be saved are marked.
    Marked,
    /// The identity server refused without naming a field.
    Refused,
    /// The profile was changed meanwhile.
    Changed,
    /// Not saved, since the identity server is away.
    Unavailable,
    /// Not saved, since the app's own database failed.
    OwnUnavailable,
    /// The identity server did not say whether it saved.
    Uncertain,
    /// The identity server saved its part, the app did not save its own.
    HalfSaved,
}

impl Alert {
    fn text(self, words: &'static Words) -> &'static str {
        match self {
            Self::Marked => words.not_saved,
            Self::Refused => words.refused,
            Self::Changed => words.changed,
            Self::Unavailable => words.unavailable_save,
            Self::OwnUnavailable => words.unavailable_own,
            Self::Uncertain => words.uncertain,
            Self::HalfSaved => words.half_saved,
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Marked | Self::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Changed => StatusCode::CONFLICT,
            Self::Unavailable | Self::OwnUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::HalfSaved => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Uncertain => StatusCode::GATEWAY_TIMEOUT,
        }
    }
}

/// What became of a code.
#[derive(Clone, Copy)]
pub(crate) enum CodeOutcome {
    Sent(Channel),
    Right,
    Problem(Channel, CodeProblem),
}

/// The signed-in browser that the page is for.
pub(crate) struct Visitor {
    /// The visit's id.
    pub(crate) id: String,
    pub(crate) person: SignedIn,
    pub(crate) language: Language,
}

/// What the page shows. The default is nothing.
#[derive(Default)]
pub(crate) struct Shown<'a> {
    pub(crate) profile: Profile,
    pub(crate) version: String,
    /// The app's own model, when it could be read.
    pub(crate) business: Option<Business>,
    pub(crate) source: Source,
    pub(crate) is_saved: bool,
    pub(crate) alert: Option<Alert>,
    pub(crate) code: Option<CodeOutcome>,
    pub(crate) problems: &'a [(Field, Problem)],
    pub(crate) number_problems: &'a [(Number, Problem)],
    /// What is stored, when the page has to show where it differs.
    pub(crate) stored: Option<&'a Profile>,
}

/// The page.
pub(crate) fn show(app: &App, visitor: &Visitor, shown: &Shown<'_>) -> Response {
    let frame = Frame::new(visitor.language, Some(&visitor.person), PATH);
    let words = frame.words;
    let entries = Entries {
        words,
        profile: &shown.profile,
        problems: shown.problems,
        stored: shown.stored,
    };
    let claims = visitor.person.known_claims();
    let contacts = Channel::ALL.into_iter().map(|channel| {
        let standing =
            app.visits
                .standing(&visitor.id, channel, shown.profile.get(channel.field()));
        let (known, is_verified) = match channel {
            Channel::Email => (&claims.email, claims.email_verified),
            Channel::Phone => (&claims.phone_number, claims.phone_number_verified),
        };
        let known = known
            .as_deref()
            .map(|known| (known, is_verified == Some(true)));
        let problem = match shown.code {
            Some(CodeOutcome::Problem(of, problem)) if of == channel => Some(problem),
            _ => None,
        };
        ContactInput::new(&entries, channel, standing, known, problem)
    });
    let sources = Source::ALL
        .into_iter()
        .map(|source| (source.name(), source.label(words), source == shown.source));
    let view = ProfilePage {
        csrf: visitor.person.csrf.clone(),
        version: shown.version.clone(),
        is_saved: shown.is_saved,
        notice: match shown.code {
            Some(CodeOutcome::Sent(channel)) => Some(format!(
                "{} {}",
                words.code_sent(channel),
                entries.shown(channel.field())
            )),
            Some(CodeOutcome::Right) => Some(words.code_right.to_owned()),
            _ => None,
        },
        alert: shown.alert.map(|alert| alert.text(words)),
        contacts: contacts.collect(),
        about: entries.inputs(Field::ABOUT),
        address: entries.inputs(Field::ADDRESS),
        business: entries.inputs(Field::BUSINESS),
        numbers: NumberInput::all(words, shown.business.as_ref(), shown.number_problems),
        sources: sources.collect(),
        frame,
    };
    let status = match (shown.code, shown.alert) {
        (Some(CodeOutcome::Problem(_, problem)), _) => {
            StatusCode::from_u16(problem.status()).unwrap_or_default()
        }
        (_, Some(alert)) => alert.status(),
        _ => StatusCode::OK,
    };
    page(status, &view)
}
