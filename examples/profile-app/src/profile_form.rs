//! The form of the profile page as a browser sends it.

use std::collections::{BTreeMap, HashMap};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use meibo_sdk::Change;

use crate::channel::Channel;
use crate::language::Language;
use crate::number::Number;
use crate::problem::Problem;
use crate::profile::{Profile, Submission};

/// A whole form. Every field must be there, once.
pub(crate) struct ProfileForm {
    pub(crate) csrf: String,
    pub(crate) submission: Submission,
    /// Numbers that were typed and are none.
    pub(crate) number_problems: Vec<(Number, Problem)>,
    /// The codes as typed; empty when none was.
    pub(crate) codes: HashMap<Channel, String>,
}

impl ProfileForm {
    /// Reads `application/x-www-form-urlencoded`; `None` for a form that no page of this app sent.
    pub(crate) fn read(body: &Result<Bytes, BytesRejection>, language: Language) -> Option<Self> {
        let mut fields = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(body.as_ref().ok()?) {
            if fields
                .insert(name.into_owned(), value.into_owned())
                .is_some()
            {
                return None;
            }
        }
        let profile = Profile::read(|name| fields.remove(name))?.normalised(language);
        let mut numbers = BTreeMap::new();
        let mut number_problems = Vec::new();
        for number in Number::ALL {
            let typed = fields.remove(number.name())?;
            let is_removed = fields.contains_key(&format!("remove_{}", number.name()));
            match read_number(number, typed.trim(), is_removed) {
                Ok(change) => {
                    numbers.insert(number, change);
                }
                Err(problem) => number_problems.push((number, problem)),
            }
        }
        let codes = Channel::ALL.into_iter().map(|channel| {
            let typed = fields.remove(channel.code_name()).unwrap_or_default();
            (channel, typed.trim().to_owned())
        });
        Some(Self {
            codes: codes.collect(),
            csrf: fields.remove("csrf")?,
            submission: Submission {
                profile,
                numbers,
                version: Some(fields.remove("version")?),
            },
            number_problems,
        })
    }

    /// The code typed for `channel`.
    pub(crate) fn code(&self, channel: Channel) -> &str {
        self.codes.get(&channel).map_or("", String::as_str)
    }
}

/// What was typed wins over the mark to remove; nothing at all keeps what is there.
fn read_number(number: Number, typed: &str, is_removed: bool) -> Result<Change<String>, Problem> {
    match (typed, is_removed) {
        ("", false) => Ok(Change::Keep),
        ("", true) => Ok(Change::Clear),
        (typed, _) => number.parse(typed).map(Change::Set),
    }
}
