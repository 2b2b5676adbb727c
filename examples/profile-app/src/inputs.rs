//! The fields of the profile form as the template shows them.

use crate::business::Business;
use crate::channel::Channel;
use crate::code_problem::CodeProblem;
use crate::field::Field;
use crate::number::Number;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::proofs::Standing;
use crate::words::Words;

/// One field of the form.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) value: String,
    pub(crate) autocomplete: &'static str,
    pub(crate) input_mode: &'static str,
    pub(crate) problem: Option<&'static str>,
    /// What is stored, where it is not what the field shows.
    pub(crate) stored: Option<String>,
    /// Ids of the texts that describe the field.
    pub(crate) described_by: String,
    pub(crate) has_lines: bool,
    /// The choices as (value, words); none for a text field.
    pub(crate) choices: Vec<(String, String)>,
}

/// What the fields of one page show.
pub(crate) struct Entries<'a> {
    pub(crate) words: &'static Words,
    pub(crate) profile: &'a Profile,
    pub(crate) problems: &'a [(Field, Problem)],
    /// What is stored, when the page has to show where it differs.
    pub(crate) stored: Option<&'a Profile>,
}

impl Entries<'_> {
    pub(crate) fn inputs(&self, fields: impl IntoIterator<Item = Field>) -> Vec<Input> {
        fields.into_iter().map(|field| self.input(field)).collect()
    }

    /// What a field shows.
    pub(crate) fn shown(&self, field: Field) -> String {
        shown(field, self.profile)
    }

    fn input(&self, field: Field) -> Input {
        let (name, hint) = (field.name(), self.words.hint(field));
        let problem = find(self.problems, &field).map(|problem| self.words.problem(problem));
        let stored = self
            .stored
            .filter(|stored| stored.get(field) != self.profile.get(field))
            .map(|stored| match stored.get(field) {
                "" => self.words.nothing_stored.to_owned(),
                _ => shown(field, stored),
            });
        let value = self.shown(field);
        let choices = if field == Field::Gender {
            gender_choices(self.words, &value)
        } else {
            Vec::new()
        };
        Input {
            name,
            label: self.words.label(field),
            hint,
            value,
            autocomplete: field.autocomplete(),
            input_mode: match field {
                Field::Email => "email",
                Field::Phone => "tel",
                Field::Picture => "url",
                Field::Age => "numeric",
                _ => "text",
            },
            described_by: described_by(
                name,
                &[
                    ("problem", problem.is_some()),
                    ("stored", stored.is_some()),
                    ("hint", !hint.is_empty()),
                ],
            ),
            problem,
            stored,
            has_lines: field.has_lines(),
            choices,
        }
    }
}

/// An address with the way to verify a new one.
pub(crate) struct ContactInput {
    pub(crate) input: Input,
    /// The end of the paths that send and check its code.
    pub(crate) channel: &'static str,
    pub(crate) code_name: &'static str,
    /// How far it is verified, in words, and whether that is far enough.
    pub(crate) state: Option<(&'static str, bool)>,
    /// Whether a code is under way, so that it can be entered.
    pub(crate) is_code_sent: bool,
    pub(crate) code_problem: Option<&'static str>,
    pub(crate) code_described_by: String,
}

impl ContactInput {
    /// `known` is the address on file and whether it is verified.
    pub(crate) fn new(
        entries: &Entries<'_>,
        channel: Channel,
        standing: Standing,
        known: Option<(&str, bool)>,
        problem: Option<CodeProblem>,
    ) -> Self {
        let (words, field) = (entries.words, channel.field());
        let mut input = entries.input(field);
        let code_problem = problem.map(|problem| words.code_problem(problem));
        let is_code_sent = standing == Standing::CodeSent;
        let name = channel.code_name();
        let problem_name = ("problem", code_problem.is_some());
        if code_problem.is_some() && !is_code_sent {
            let own = std::mem::take(&mut input.described_by);
            input.described_by = format!("{name}-problem {own}").trim_end().to_owned();
        }
        let typed = entries.profile.get(field);
        let state = match (standing, known) {
            (Standing::Verified, _) => Some((words.verified_unsaved, true)),
            (_, Some((known, true))) if known == typed => Some((words.verified, true)),
            (_, Some((known, false))) if known == typed => Some((words.unverified, false)),
            // The problem, or the field for the code, says what to do.
            _ if input.problem.is_some() || is_code_sent => None,
            _ => Some((words.new_address, false)),
        };
        let state = state.filter(|_| !typed.is_empty());
        if state.is_some() {
            let own = std::mem::take(&mut input.described_by);
            input.described_by = format!("{own} {}-state", field.name())
                .trim_start()
                .to_owned();
        }
        Self {
            input,
            channel: field.name(),
            code_name: name,
            state,
            is_code_sent,
            code_problem,
            code_described_by: described_by(name, &[problem_name, ("hint", true)]),
        }
    }
}

/// A number that is never shown whole.
pub(crate) struct NumberInput {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) last_four: Option<String>,
    pub(crate) problem: Option<&'static str>,
    pub(crate) described_by: String,
}

impl NumberInput {
    /// Every number; what was typed is not shown again.
    pub(crate) fn all(
        words: &'static Words,
        business: Option<&Business>,
        problems: &[(Number, Problem)],
    ) -> Vec<Self> {
        let input = |number: Number| {
            let (label, hint) = words.number(number);
            let problem = find(problems, &number).map(|problem| words.problem(problem));
            let last_four = business.and_then(|business| business.last_four(number));
            Self {
                name: number.name(),
                label,
                hint,
                last_four: last_four.map(str::to_owned),
                problem,
                described_by: described_by(
                    number.name(),
                    &[
                        ("problem", problem.is_some()),
                        ("kept", last_four.is_some()),
                        ("hint", true),
                    ],
                ),
            }
        };
        Number::ALL.into_iter().map(input).collect()
    }
}

/// A member as people read it: a phone number with `+` in front.
fn shown(field: Field, profile: &Profile) -> String {
    let value = profile.get(field);
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if field == Field::Phone && is_number {
        format!("+{value}")
    } else {
        value.to_owned()
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

fn find<K: PartialEq>(problems: &[(K, Problem)], key: &K) -> Option<Problem> {
    problems
        .iter()
        .find(|(wrong, _)| wrong == key)
        .map(|(_, problem)| *problem)
}

/// The ids of those texts about the field `name` that are there.
fn described_by(name: &str, texts: &[(&str, bool)]) -> String {
    let ids: Vec<String> = texts
        .iter()
        .filter(|(_, is_there)| *is_there)
        .map(|(text, _)| format!("{name}-{text}"))
        .collect();
    ids.join(" ")
}
