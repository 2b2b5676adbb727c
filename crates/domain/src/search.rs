//! What a list of users may be searched for, read from the contract's query parameters.

use crate::{Error, ErrorCode, Result};

/// Terms that one search may have.
pub const MAX_TERMS: usize = 50;

/// A member of a user that can be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchField {
    /// `id`
    Id,
    /// `primaryEmail`
    PrimaryEmail,
    /// `primaryPhone`
    PrimaryPhone,
    /// `username`
    Username,
    /// `name`
    Name,
}

impl SearchField {
    /// All of them, which `search=` looks through.
    pub const ALL: &[Self] = &[
        Self::Id,
        Self::PrimaryEmail,
        Self::PrimaryPhone,
        Self::Username,
        Self::Name,
    ];

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "id" => Self::Id,
            "primaryEmail" => Self::PrimaryEmail,
            "primaryPhone" => Self::PrimaryPhone,
            "username" => Self::Username,
            "name" => Self::Name,
            _ => return None,
        })
    }
}

/// How a value is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// Any of the values, as a whole.
    Exact(Vec<String>),
    /// A pattern with `%` for any text and `_` for any character.
    Like(String),
}

/// One condition: the pattern holds for at least one of the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Where to look.
    pub fields: Vec<SearchField>,
    /// What to look for.
    pub matching: Match,
}

/// A search; no condition means every user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserSearch {
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// Must all conditions hold, or one?
    pub all_must_hold: bool,
    /// Does case matter?
    pub is_case_sensitive: bool,
}

impl UserSearch {
    /// Reads `search`, `search.<field>`, `mode`, `mode.<field>`, `joint` and `isCaseSensitive`;
    /// other parameters are not for it.
    ///
    /// # Errors
    /// `request.invalid_input` for an unknown field or mode, for the modes `similar_to` and `posix`
    /// (they are not offered), for an empty value, and for several values outside the mode exact.
    pub fn parse(parameters: &[(String, String)]) -> Result<Self> {
        let one = |name: &str| {
            parameters
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let is_exact = |mode: Option<&str>| match mode {
            None | Some("like") => Ok(false),
            Some("exact") => Ok(true),
            Some(other) => Err(refused(format!("mode {other:.32}: use exact or like"))),
        };
        let default_exact = is_exact(one("mode"))?;
        let mut search = Self {
            conditions: Vec::new(),
            all_must_hold: match one("joint") {
                None | Some("or") => false,
                Some("and") => true,
                Some(_) => return Err(refused("joint: use and or or")),
            },
            is_case_sensitive: one("isCaseSensitive") == Some("true"),
        };
        for name in parameters
            .iter()
            .map(|(key, _)| key.as_str())
            .filter(|key| key.starts_with("mode."))
        {
            name.strip_prefix("mode.")
                .and_then(SearchField::parse)
                .ok_or_else(|| refused(format!("{name:.64}: unknown field")))?;
        }
        let mut seen: Vec<&str> = Vec::new();
        for (key, _) in parameters {
            let field = match key.as_str() {
                "search" => None,
                key => match key.strip_prefix("search.") {
                    Some(field) => Some(field),
                    None => continue,
                },
            };
            if seen.contains(&key.as_str()) {
                continue;
            }
            seen.push(key);
            let (fields, exact) = match field {
                None => (SearchField::ALL.to_vec(), default_exact),
                Some(field) => {
                    let parsed = SearchField::parse(field)
                        .ok_or_else(|| refused(format!("{key:.64}: unknown field")))?;
                    let exact = match one(&format!("mode.{field}")) {
                        None => default_exact,
                        mode => is_exact(mode)?,
                    };
                    (vec![parsed], exact)
                }
            };
            let values: Vec<String> = parameters
                .iter()
                .filter(|(name, _)| name == key)
                .map(|(_, value)| value.clone())
                .collect();
            if values.len() > MAX_TERMS {
                return Err(refused(format!("at most {MAX_TERMS} values")));
            }
            if values
                .iter()
                .any(|value| value.is_empty() || value.len() > 256 || value.contains('\0'))
            {
                return Err(refused(format!("{key:.64}: a value of 1 to 256 bytes")));
            }
            let matching = match (exact, values.as_slice()) {
                (true, _) => Match::Exact(values),
                (false, [pattern]) => Match::Like(pattern.clone()),
                (false, _) => return Err(refused("several values need the mode exact")),
            };
            search.conditions.push(Condition { fields, matching });
        }
        Ok(search)
    }
}

fn refused(detail: impl Into<String>) -> Error {
    Error::new(ErrorCode::InvalidRequest).detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<UserSearch> {
        UserSearch::parse(
            &url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn conditions() {
        let search = parse("search=%25al%25&page=2").unwrap();
        assert_eq!(
            search.conditions,
            [Condition {
                fields: SearchField::ALL.to_vec(),
                matching: Match::Like("%al%".into())
            }]
        );
        let search = parse(
            "search.id=a&search.id=b&mode.id=exact&search.name=%25x&joint=and&isCaseSensitive=true",
        )
        .unwrap();
        assert_eq!(
            search.conditions[0].matching,
            Match::Exact(vec!["a".into(), "b".into()])
        );
        assert_eq!(search.conditions.len(), 2);
        assert!(search.all_must_hold && search.is_case_sensitive);
        assert_eq!(parse("page=1").unwrap(), UserSearch::default());
    }

    #[test]
    fn refuses() {
        for bad in [
            "search=",
            "search.x=1",
            "search=a&mode=posix",
            "search=a&mode=similar_to",
            "search=a&search=b",
            "joint=xor",
            "mode.x=exact",
            "search=%00",
        ] {
            assert_eq!(
                parse(bad).unwrap_err().code(),
                ErrorCode::InvalidRequest,
                "{bad}"
            );
        }
    }
}
