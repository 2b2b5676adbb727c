//! What was given for each setting, and where: flags before environment before file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::PathBuf;

use super::problem::Problem;
use super::settings::Setting;

/// Where a value was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// On the command line.
    Flag,
    /// In the environment.
    Environment,
    /// In this file.
    File(PathBuf),
}

impl Origin {
    /// The setting as the person who gave it would call it.
    pub(crate) fn label(&self, setting: &Setting) -> String {
        match self {
            Self::Flag => setting.flag(),
            Self::Environment => setting.variable(),
            Self::File(path) => format!("{} in {}", setting.name, path.display()),
        }
    }
}

/// The values that one origin gives, by the setting's name; a list has one text for each of its members.
pub(crate) type Values = HashMap<&'static str, Vec<String>>;

/// What all origins give, the one that counts most first.
#[derive(Debug, Default)]
pub(crate) struct Given(Vec<(Origin, Values)>);

/// The values that count for one setting.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    origin: &'a Origin,
    setting: &'static Setting,
    /// How far the origin is from the one that counts most.
    pub(crate) rank: usize,
    /// None only for an empty list.
    values: &'a [String],
}

impl Given {
    /// Adds an origin that counts less than those before.
    pub(crate) fn add(&mut self, origin: Origin, values: Values) {
        self.0.push((origin, values));
    }

    /// What counts for `setting`.
    pub(crate) fn find(&self, setting: &'static Setting) -> Option<Found<'_>> {
        self.0
            .iter()
            .enumerate()
            .find_map(|(rank, (origin, values))| {
                let values = values.get(setting.name)?;
                Some(Found {
                    origin,
                    setting,
                    rank,
                    values,
                })
            })
    }

    /// Reads the one value of `setting`, if it was given; a value that cannot be read is added to `problems`.
    pub(crate) fn one<T>(
        &self,
        setting: &'static Setting,
        problems: &mut Vec<Problem>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let found = self.find(setting)?;
        match found.values {
            [value] => found.read(value, problems, read),
            _ => {
                problems.push(found.problem("takes one value, not a list"));
                None
            }
        }
    }

    /// Reads the members of a list, if it was given; commas part them.
    pub(crate) fn list<T>(
        &self,
        setting: &'static Setting,
        problems: &mut Vec<Problem>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let found = self.find(setting)?;
        let members = found.values.iter().flat_map(|value| value.split(','));
        Some(
            members
                .filter_map(|member| found.read(member.trim(), problems, &read))
                .collect(),
        )
    }
}

impl Found<'_> {
    /// A problem with this setting, named as it was given.
    pub(crate) fn problem(&self, reason: impl Into<String>) -> Problem {
        Problem::new(self.label(), reason)
    }

    /// The setting as it was given.
    pub(crate) fn label(&self) -> String {
        self.origin.label(self.setting)
    }

    /// Is it a list without members?
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn read<T>(
        &self,
        value: &str,
        problems: &mut Vec<Problem>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        if value.is_empty() {
            let right = format!("is empty; give {} or leave it out", self.setting.value);
            problems.push(self.problem(right));
            return None;
        }
        match read(value) {
            Ok(read) => Some(read),
            Err(reason) if self.setting.is_secret => {
                problems.push(self.problem(reason));
                None
            }
            Err(reason) => {
                let shown = without_user_information(value);
                problems.push(self.problem(format!("{shown:.100?} {reason}")));
                None
            }
        }
    }
}

/// The value as a problem repeats it: what stands between `//` and `@` of a URL may be a password.
fn without_user_information(value: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = value.split_once("//") else {
        return Cow::Borrowed(value);
    };
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest.get(..authority).and_then(|host| host.rfind('@')) {
        Some(at) => Cow::Owned(format!("{scheme}//…{}", rest.get(at..).unwrap_or_default())),
        None => Cow::Borrowed(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_not_repeated() {
        for (value, shown) in [
            ("https://me:s3cret@id.example/x", "https://…@id.example/x"),
            ("https://a@b:s3cret@id.example", "https://…@id.example"),
            ("//s3cret@", "//…@"),
            ("https://id.example/@me", "https://id.example/@me"),
            ("id.example", "id.example"),
        ] {
            assert_eq!(without_user_information(value), shown);
        }
    }
}
