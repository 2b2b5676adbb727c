//! Paths into a reply: normalized paths (RFC 9535 section 2.7) and singular queries (section 2.3.5.1).

use std::fmt::Write as _;

use rsonpath_syntax::{Index, ParserBuilder, Segment, Selector};

use super::document::Json;

/// Writes a normalized path, segment by segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalizedPath(String);

impl Default for NormalizedPath {
    fn default() -> Self {
        Self("$".to_owned())
    }
}

impl NormalizedPath {
    /// The path of a member of what this path leads to.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.0.push_str("['");
        for character in name.chars() {
            match character {
                '\u{8}' => self.0.push_str("\\b"),
                '\u{c}' => self.0.push_str("\\f"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                '\'' => self.0.push_str("\\'"),
                '\\' => self.0.push_str("\\\\"),
                // Writing to a `String` cannot fail.
                '\0'..='\u{1f}' => {
                    let _ = write!(self.0, "\\u{:04x}", u32::from(character));
                }
                _ => self.0.push(character),
            }
        }
        self.0.push_str("']");
        self
    }

    /// The path of an item of what this path leads to.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        let _ = write!(self.0, "[{index}]");
        self
    }

    /// The path as text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// One step of a singular query.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    FromStart(usize),
    /// 1 is the last item.
    FromEnd(usize),
}

/// A query that leads to one place at most: names and indices only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingularQuery(Vec<Step>);

/// Why a query is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryFault {
    /// RFC 9535 does not know it.
    Syntax,
    /// It can lead to several places.
    NotSingular,
}

impl SingularQuery {
    /// Reads a query that begins with `$`.
    ///
    /// # Errors
    /// It is no query, or not a singular one.
    pub fn parse(text: &str) -> Result<Self, QueryFault> {
        // A singular query has no filter, so nothing in it nests.
        let parser = ParserBuilder::new().set_recursion_limit(Some(4)).build();
        let query = parser.parse(text).map_err(|error| {
            if error.is_nesting_limit_exceeded() {
                QueryFault::NotSingular
            } else {
                QueryFault::Syntax
            }
        })?;
        query
            .segments()
            .iter()
            .map(step)
            .collect::<Option<Vec<_>>>()
            .map(Self)
            .ok_or(QueryFault::NotSingular)
    }

    /// Where the query leads in `root`, with the path of that place.
    #[must_use]
    pub fn find<'r, 'a>(&self, root: &'r Json<'a>) -> Option<(&'r Json<'a>, NormalizedPath)> {
        let start = (root, NormalizedPath::default());
        self.0
            .iter()
            .try_fold(start, |(value, path), step| match (step, value) {
                (Step::Name(name), Json::Object(_)) => {
                    value.member(name).map(|value| (value, path.name(name)))
                }
                (Step::FromStart(index), Json::Array(items)) => {
                    items.get(*index).map(|value| (value, path.index(*index)))
                }
                (Step::FromEnd(back), Json::Array(items)) => {
                    let index = items.len().checked_sub(*back)?;
                    items.get(index).map(|value| (value, path.index(index)))
                }
                _ => None,
            })
    }
}

fn step(segment: &Segment) -> Option<Step> {
    let Segment::Child(selectors) = segment else {
        return None;
    };
    match selectors.as_slice() {
        [Selector::Name(name)] => Some(Step::Name(name.unquoted().to_owned())),
        // An index beyond the address space is beyond every array too.
        [Selector::Index(Index::FromStart(at))] => Some(Step::FromStart(
            usize::try_from(at.as_u64()).unwrap_or(usize::MAX),
        )),
        [Selector::Index(Index::FromEnd(back))] => Some(Step::FromEnd(
            usize::try_from(back.as_u64()).unwrap_or(usize::MAX),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::document::parse;
    use super::*;

    fn find(query: &str, text: &str) -> Option<(String, String)> {
        let root = parse(text).unwrap();
        let query = SingularQuery::parse(query).unwrap();
        query
            .find(&root)
            .map(|(value, path)| (path.into_string(), value.to_value().to_string()))
    }

    #[test]
    fn rfc9535_2_7_places_are_told_by_normalized_paths() {
        let text = r#"{"a":{"b":[10,20,30]},"it's":{"x\ny":"z","\u000b":"v"},"日本":1,"\\":2}"#;
        for (query, expected) in [
            ("$.a.b[0]", Some(("$['a']['b'][0]", "10"))),
            ("$['a'][\"b\"][-1]", Some(("$['a']['b'][2]", "30"))),
            ("$ ['a'] .b [ 1 ]", Some(("$['a']['b'][1]", "20"))),
            (
                "$['it\\'s'][\"x\\ny\"]",
                Some(("$['it\\'s']['x\\ny']", "\"z\"")),
            ),
            (
                "$['it\\'s'][\"\\u000B\"]",
                Some(("$['it\\'s']['\\u000b']", "\"v\"")),
            ),
            ("$.日本", Some(("$['日本']", "1"))),
            ("$['\\\\']", Some(("$['\\\\']", "2"))),
            ("$.a.b[3]", None),
            ("$.a.b[-4]", None),
            ("$.a.b['0']", None),
            ("$.a[0]", None),
            ("$.A", None),
        ] {
            let expected = expected.map(|(path, value)| (path.to_owned(), value.to_owned()));
            assert_eq!(find(query, text), expected, "{query}");
        }
        assert_eq!(find("$", "{}").unwrap().0, "$");
    }

    #[test]
    fn rfc9535_2_3_5_1_only_singular_queries_are_taken() {
        for (query, fault) in [
            ("$..a", QueryFault::NotSingular),
            ("$.*", QueryFault::NotSingular),
            ("$[*]", QueryFault::NotSingular),
            ("$.a[0,1]", QueryFault::NotSingular),
            ("$['a','b']", QueryFault::NotSingular),
            ("$[0:1]", QueryFault::NotSingular),
            ("$[?@.a]", QueryFault::NotSingular),
            ("$[?(@.a == 1)]", QueryFault::NotSingular),
            ("$[?@[?@[?@[?@[?@[?@]]]]]]", QueryFault::NotSingular),
            ("$.", QueryFault::Syntax),
            ("$a", QueryFault::Syntax),
            ("$.a b", QueryFault::Syntax),
            ("$[", QueryFault::Syntax),
            ("$[a]", QueryFault::Syntax),
            ("$[01]", QueryFault::Syntax),
            ("$[-0]", QueryFault::Syntax),
            ("$[9007199254740992]", QueryFault::Syntax),
            ("$['a", QueryFault::Syntax),
            ("$.a ", QueryFault::Syntax),
            (" $.a", QueryFault::Syntax),
            ("", QueryFault::Syntax),
        ] {
            assert_eq!(SingularQuery::parse(query).unwrap_err(), fault, "{query}");
        }
    }

    proptest! {
        #[test]
        fn a_normalized_path_is_a_query_for_its_place(names in prop::collection::vec(any::<String>(), 1..5)) {
            let mut text = "1".to_owned();
            let mut path = NormalizedPath::default();
            for name in &names {
                path = path.name(name);
            }
            for name in names.iter().rev() {
                text = format!("[0,{{{}:{text}}}]", serde_json::json!(name));
                text = format!("{{\"x\":{text}}}");
            }
            // Each level is reached through an array, so the names alone lead nowhere.
            let root = parse(&text).unwrap();
            let path = path.into_string();
            prop_assert!(SingularQuery::parse(&path).unwrap().find(&root).is_none());
            let whole = names.iter().fold(NormalizedPath::default(), |path, name| {
                path.name("x").index(1).name(name)
            });
            let whole = whole.into_string();
            let (value, again) = SingularQuery::parse(&whole).unwrap().find(&root).unwrap();
            prop_assert_eq!((value, again.into_string()), (&Json::Number("1"), whole));
        }

        #[test]
        fn no_query_makes_it_panic(text in r#"\$[\[\].'"?@*:,&|!=<>(){}a\\u0-9 é-]{0,40}"#) {
            let _ = SingularQuery::parse(&text);
        }
    }
}
