//! Finding: which value of a reply a key means. The first rule that applies decides.
//!
//! All keys of a map are looked for together: one pass over the nested objects answers every bare
//! name, so the time is linear in the reply, however many entries there are.

use serde::{Deserialize, Serialize};

use super::{
    document::{Json, Member, member},
    key::{Key, KeyForm},
    path::NormalizedPath,
    reply::Reply,
    words::{Words, words},
};

/// The rule by which a value was found; in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingRule {
    /// The key begins with `$`: a JSONPath (RFC 9535) that is a singular query.
    JsonPath,
    /// A member of exactly that name at the top level.
    TopLevel,
    /// A path of member names, separated by dots.
    Dotted,
    /// A bare name in a nested object: nearest to the top first, then in document order.
    Nested,
}

/// One row of the table of the reference page.
#[derive(Debug, Clone, Copy)]
pub struct FindingRow {
    /// The rule, as records name it.
    pub name: &'static str,
    /// Keys that it is for.
    pub key: Words,
    /// What it finds.
    pub finds: Words,
}

/// The finding rules, in the order in which they are tried.
pub const FINDING_RULES: [FindingRow; 4] = [
    FindingRow {
        name: "json_path",
        key: words(
            "begins with `$`, such as `$.user.id` or `$['first name']`",
            "`$` で始まる（`$.user.id`、`$['first name']` など）",
        ),
        finds: words(
            "the place that the JSONPath leads to (RFC 9535); names and indices only, so that it is one place at most",
            "JSONPath（RFC 9535）が指す場所。名前と添字だけが使え、指す場所は多くても 1 つです",
        ),
    },
    FindingRow {
        name: "top_level",
        key: words("any name", "任意の名前"),
        finds: words(
            "the member of exactly that name at the top level",
            "最上位にある、まったく同じ名前のメンバー",
        ),
    },
    FindingRow {
        name: "dotted",
        key: words(
            "has a `.`, such as `user.id`",
            "`.` を含む（`user.id` など）",
        ),
        finds: words(
            "the member at the end of the path of names",
            "名前をたどった先のメンバー",
        ),
    },
    FindingRow {
        name: "nested",
        key: words(
            "a bare name, such as `player_id`",
            "`.` を含まない名前（`player_id` など）",
        ),
        finds: words(
            "the member of that name in a nested object: the nearest to the top, and on one level the first of the document, marked as ambiguous if there are more; arrays are not entered",
            "入れ子のオブジェクトにある、その名前のメンバー。最上位に近いものを優先し、同じ階層では先に書かれたものを取ります。複数ある場合は「あいまい」と表示します。配列の中は探しません",
        ),
    },
];

/// A value of a reply and where it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'r, 'a> {
    /// The value.
    pub value: &'r Json<'a>,
    /// Its place.
    pub path: NormalizedPath,
    /// How it was found.
    pub rule: FindingRule,
    /// Another member of that name stands on the same level; the first was taken.
    pub is_ambiguous: bool,
}

/// The keys of a map, made ready for looking.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Keys {
    keys: Vec<Key>,
    /// Positions of the bare names, sorted by name.
    bare: Vec<usize>,
}

/// What was found for each key, and how many members were looked at.
#[derive(Debug)]
pub(super) struct Finds<'r, 'a> {
    pub(super) found: Vec<Option<Found<'r, 'a>>>,
    #[cfg(test)]
    pub(super) visits: usize,
}

/// Finds one key. Looking for many is quicker with a map.
#[must_use]
pub fn find<'r, 'a>(key: &Key, reply: &'r Reply<'a>) -> Option<Found<'r, 'a>> {
    Keys::new(vec![key.clone()])
        .find(reply)
        .found
        .pop()
        .flatten()
}

impl Keys {
    pub(super) fn new(keys: Vec<Key>) -> Self {
        let mut bare: Vec<usize> = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            if key.form == KeyForm::Bare {
                bare.push(at);
            }
        }
        let mut keys = Self { keys, bare };
        let mut bare = std::mem::take(&mut keys.bare);
        bare.sort_by(|one, other| keys.name(*one).cmp(keys.name(*other)));
        keys.bare = bare;
        keys
    }

    fn name(&self, at: usize) -> &str {
        self.keys.get(at).map_or("", Key::as_str)
    }

    /// Positions of the bare keys of this name.
    fn named<'k>(&'k self, name: &str) -> &'k [usize] {
        let start = self.bare.partition_point(|at| self.name(*at) < name);
        let rest = self.bare.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|at| self.name(**at) == name).count();
        rest.get(..length).unwrap_or_default()
    }

    pub(super) fn find<'r, 'a>(&self, reply: &'r Reply<'a>) -> Finds<'r, 'a> {
        let found = self.keys.iter().map(|key| match &key.form {
            KeyForm::Query(query) => query.find(reply.root()).map(|(value, path)| Found {
                value,
                path,
                rule: FindingRule::JsonPath,
                is_ambiguous: false,
            }),
            KeyForm::Dotted => {
                top_level(key.as_str(), reply).or_else(|| dotted(key.as_str(), reply))
            }
            KeyForm::Bare => None,
        });
        let mut finds = Finds {
            found: found.collect(),
            #[cfg(test)]
            visits: 0,
        };
        if !self.bare.is_empty() {
            self.search(reply, &mut finds);
        }
        finds
    }

    /// Looks for the bare names, level by level, until every one is found or nothing is left. The level
    /// on which a name is found is read to its end: another hit there makes it ambiguous.
    fn search<'r, 'a>(&self, reply: &'r Reply<'a>, finds: &mut Finds<'r, 'a>) {
        let mut places = vec![Place {
            parent: None,
            name: "",
            members: reply.members(),
        }];
        let mut hits: Vec<Option<Hit<'r, 'a>>> = vec![None; self.keys.len()];
        let mut missing = self.bare.len();
        let (mut level, mut depth) = (0..1, 0);
        while missing > 0 && !level.is_empty() {
            let next = places.len();
            for at in level {
                let members = places.get(at).map_or(&[][..], |place| place.members);
                for member in members {
                    #[cfg(test)]
                    {
                        finds.visits += 1;
                    }
                    for key in self.named(&member.name) {
                        match hits.get_mut(*key) {
                            Some(Some(hit)) => hit.is_ambiguous |= hit.depth == depth,
                            Some(empty) => {
                                *empty = Some(Hit {
                                    member,
                                    at,
                                    depth,
                                    is_ambiguous: false,
                                });
                                missing -= 1;
                            }
                            None => {}
                        }
                    }
                    if let Json::Object(members) = &member.value {
                        places.push(Place {
                            parent: Some(at),
                            name: &member.name,
                            members,
                        });
                    }
                }
            }
            level = next..places.len();
            depth += 1;
        }
        for (found, hit) in finds.found.iter_mut().zip(hits) {
            if let Some(hit) = hit {
                *found = Some(Found {
                    value: &hit.member.value,
                    path: path_of(&places, hit.at).name(&hit.member.name),
                    rule: if hit.depth == 0 {
                        FindingRule::TopLevel
                    } else {
                        FindingRule::Nested
                    },
                    is_ambiguous: hit.is_ambiguous,
                });
            }
        }
    }
}

/// An object that is searched, and how it was reached.
struct Place<'r, 'a> {
    parent: Option<usize>,
    name: &'r str,
    members: &'r [Member<'a>],
}

#[derive(Clone, Copy)]
struct Hit<'r, 'a> {
    member: &'r Member<'a>,
    /// The place it stands in.
    at: usize,
    depth: usize,
    is_ambiguous: bool,
}

/// The path of a place; at most as deep as a reply may be.
fn path_of(places: &[Place<'_, '_>], at: usize) -> NormalizedPath {
    match places.get(at) {
        Some(Place {
            parent: Some(parent),
            name,
            ..
        }) => path_of(places, *parent).name(name),
        _ => NormalizedPath::default(),
    }
}

fn top_level<'r, 'a>(name: &str, reply: &'r Reply<'a>) -> Option<Found<'r, 'a>> {
    member(reply.members(), name).map(|value| Found {
        value,
        path: NormalizedPath::default().name(name),
        rule: FindingRule::TopLevel,
        is_ambiguous: false,
    })
}

fn dotted<'r, 'a>(key: &str, reply: &'r Reply<'a>) -> Option<Found<'r, 'a>> {
    let start = (reply.root(), NormalizedPath::default());
    let (value, path) = key.split('.').try_fold(start, |(value, path), name| {
        value.member(name).map(|value| (value, path.name(name)))
    })?;
    Some(Found {
        value,
        path,
        rule: FindingRule::Dotted,
        is_ambiguous: false,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{path::SingularQuery, reply::ReplyLimits};
    use super::*;

    fn parsed(text: &str) -> Reply<'_> {
        Reply::parse(text.as_bytes(), ReplyLimits::default()).unwrap()
    }

    /// (path, compact value, rule, ambiguous)
    fn found(key: &str, text: &str) -> Option<(String, String, FindingRule, bool)> {
        let reply = parsed(text);
        find(&Key::parse(key).unwrap(), &reply).map(|found| {
            let value = found.value.to_value().to_string();
            (
                found.path.into_string(),
                value,
                found.rule,
                found.is_ambiguous,
            )
        })
    }

    #[test]
    fn the_first_rule_that_applies_decides() {
        use FindingRule::{Dotted, JsonPath, Nested, TopLevel};
        let text = r#"{
            "a": {"id": 1, "b": {"id": 2, "deep": 3}, "x.y": 4},
            "id": 5,
            "a.id": 6,
            "list": [{"hidden": 7}],
            "c": {"twice": 8, "d": {"deeper": {"x": 0}}},
            "e": {"twice": 9, "none": null},
            "f": {"deep": 10},
            "$money": 11,
            "": 12
        }"#;
        for (key, expected) in [
            ("$.a.id", Some(("$['a']['id']", "1", JsonPath, false))),
            (
                "$.list[0].hidden",
                Some(("$['list'][0]['hidden']", "7", JsonPath, false)),
            ),
            ("$['$money']", Some(("$['$money']", "11", JsonPath, false))),
            ("$.a.none", None),
            // A member at the top wins over nested ones, and over a path of its own spelling.
            ("id", Some(("$['id']", "5", TopLevel, false))),
            ("a.id", Some(("$['a.id']", "6", TopLevel, false))),
            ("a.b.id", Some(("$['a']['b']['id']", "2", Dotted, false))),
            // A dotted key is no bare name, and its parts are whole names.
            ("x.y", None),
            ("a.x.y", None),
            ("list.hidden", None),
            // The nearest level wins over document order: `f.deep` is nearer than `a.b.deep`.
            ("deep", Some(("$['f']['deep']", "10", Nested, false))),
            ("twice", Some(("$['c']['twice']", "8", Nested, true))),
            // null is found; an array is not entered; names are case-sensitive.
            ("none", Some(("$['e']['none']", "null", Nested, false))),
            ("hidden", None),
            ("ID", None),
            (
                "deeper",
                Some(("$['c']['d']['deeper']", "{\"x\":0}", Nested, false)),
            ),
            (
                "b",
                Some(("$['a']['b']", "{\"id\":2,\"deep\":3}", Nested, false)),
            ),
        ] {
            let expected = expected
                .map(|(path, value, rule, flag)| (path.to_owned(), value.to_owned(), rule, flag));
            assert_eq!(found(key, text), expected, "{key}");
        }
    }

    #[test]
    fn the_rows_are_named_as_records_name_the_rules() {
        use FindingRule::{Dotted, JsonPath, Nested, TopLevel};
        for (row, rule) in FINDING_RULES
            .iter()
            .zip([JsonPath, TopLevel, Dotted, Nested])
        {
            assert_eq!(serde_json::json!(rule), serde_json::json!(row.name));
        }
    }

    #[test]
    fn two_hits_on_different_levels_are_not_ambiguous() {
        let found = found("x", r#"{"a":{"b":{"x":1}},"c":{"x":2}}"#).unwrap();
        assert_eq!((found.0.as_str(), found.3), ("$['c']['x']", false));
    }

    /// Every member is looked at once, however many keys are searched for and wherever they stand.
    #[test]
    fn the_work_is_linear_in_the_reply() {
        let keys = |count: usize| {
            let keys = (0..count).map(|at| Key::parse(&format!("missing{at}")).unwrap());
            Keys::new(keys.collect())
        };
        for size in [10, 1_000, 5_000] {
            let wide: Vec<String> = (0..size).map(|at| format!(r#""m{at}":{{}}"#)).collect();
            let text = format!("{{{}}}", wide.join(","));
            let limits = ReplyLimits {
                bytes: 1 << 20,
                characters: None,
            };
            let reply = Reply::parse(text.as_bytes(), limits).unwrap();
            for count in [1, 6, 64] {
                assert_eq!(keys(count).find(&reply).visits, size);
            }
        }
    }

    #[test]
    fn the_search_ends_with_the_level_that_answers() {
        let reply = parsed(r#"{"a":1,"b":{"c":{"d":{"e":1}}}}"#);
        let keys = Keys::new(vec![Key::parse("a").unwrap()]);
        assert_eq!(keys.find(&reply).visits, 2);
    }

    fn replies() -> impl Strategy<Value = serde_json::Value> {
        let name = "[a-c.]{1,2}";
        let leaf = prop_oneof![
            Just(serde_json::json!(null)),
            any::<u8>().prop_map(Into::into)
        ];
        leaf.prop_recursive(4, 40, 5, move |inner| {
            prop_oneof![
                prop::collection::vec((name, inner.clone()), 0..5).prop_map(|members| {
                    serde_json::Value::Object(members.into_iter().collect())
                }),
                prop::collection::vec(inner, 0..3).prop_map(serde_json::Value::Array),
            ]
        })
        .prop_filter("an object", serde_json::Value::is_object)
    }

    /// The four rules once more, the slow way.
    fn slowly(key: &str, reply: &serde_json::Value) -> Option<serde_json::Value> {
        if let Some(value) = reply.get(key) {
            return Some(value.clone());
        }
        if key.contains('.') {
            return key
                .split('.')
                .try_fold(reply, |value, name| value.as_object()?.get(name))
                .cloned();
        }
        let mut level = vec![reply];
        while !level.is_empty() {
            if let Some(value) = level.iter().find_map(|value| value.get(key)) {
                return Some(value.clone());
            }
            let members = level.iter().filter_map(|value| value.as_object()).flatten();
            level = members
                .map(|(_, value)| value)
                .filter(|value| value.is_object())
                .collect();
        }
        None
    }

    proptest! {
        #[test]
        fn one_pass_finds_what_a_search_for_each_key_finds(
            reply in replies(), keys in prop::collection::vec("[a-c.]{1,3}", 1..8)
        ) {
            let text = reply.to_string();
            let parsed = parsed(&text);
            let all: Vec<Key> = keys.iter().map(|key| Key::parse(key).unwrap()).collect();
            let together = Keys::new(all).find(&parsed).found;
            for (key, found) in keys.iter().zip(together) {
                prop_assert_eq!(found.as_ref().map(|found| found.value.to_value()), slowly(key, &reply));
                if let Some(found) = found {
                    let query = SingularQuery::parse(&found.path.clone().into_string()).unwrap();
                    prop_assert_eq!(query.find(parsed.root()), Some((found.value, found.path)));
                }
            }
        }
    }
}
