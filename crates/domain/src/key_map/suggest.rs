//! Suggestions: entries for the six properties of the login API, from the names and values of a reply.
//! A person accepts them; nothing here writes a map.

use serde::Serialize;

use super::{
    coerce::{Coerced, Coercion},
    document::Json,
    entry::{EntryText, When},
    find::find,
    key::Key,
    path::NormalizedPath,
    property::Property,
    reply::Reply,
    value::PropertyValue,
};

/// Why an entry is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The member's name ends in a name of the property.
    NameEnds,
    /// The member's name is a name of the property.
    Name,
}

/// One suggested entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// The entry.
    #[serde(flatten)]
    pub entry: EntryText,
    /// Where its value stands in the reply.
    pub found_at: String,
    /// The value as it would be stored.
    pub value: PropertyValue,
    /// Why it is suggested.
    pub ground: Ground,
}

/// Names that a property goes by in other systems, without case and separators; the best first.
const NAMES: &[(Property, &[&str])] = &[
    (
        Property::Birthday,
        &[
            "birthday",
            "birthdate",
            "dateofbirth",
            "dob",
            "birth",
            "生年月日",
            "誕生日",
        ],
    ),
    (
        Property::Nickname,
        &[
            "nickname",
            "nick",
            "displayname",
            "playername",
            "gamertag",
            "screenname",
            "handle",
            "username",
            "ニックネーム",
            "表示名",
        ],
    ),
    (
        Property::FirstName,
        &["firstname", "givenname", "forename", "名"],
    ),
    (
        Property::LastName,
        &["lastname", "familyname", "surname", "姓"],
    ),
    (Property::Gender, &["gender", "sex", "性別"]),
    (
        Property::ServerCustomId,
        &[
            "servercustomid",
            "customid",
            "playerid",
            "userid",
            "accountid",
            "customerid",
            "memberid",
            "uid",
            "uuid",
            "id",
        ],
    ),
];

/// Suggests at most one entry for each of the six properties, in their order. A value that the property could
/// not take is not suggested.
#[must_use]
pub fn suggest(reply: &Reply<'_>, coercion: &Coercion<'_>) -> Vec<Suggestion> {
    let leaves = leaves(reply);
    NAMES
        .iter()
        .filter_map(|(property, names)| {
            let candidates = leaves.iter().filter_map(|leaf| {
                let (ground, rank) = grade(&leaf.plain_name, names)?;
                match coercion.coerce(property.kind(), leaf.value) {
                    Coerced::Value(value) => Some((ground, rank, leaf, value)),
                    _ => None,
                }
            });
            // A whole name before an ending, the better name before the worse, the nearer place before the deeper;
            // of equals, the first of the document.
            let (ground, _, leaf, value) = candidates.min_by_key(|(ground, rank, leaf, _)| {
                (std::cmp::Reverse(*ground), *rank, leaf.depth)
            })?;
            Some(Suggestion {
                entry: EntryText {
                    property: property.to_string(),
                    key: leaf.key(reply)?,
                    when: When::Always,
                    required: false,
                },
                found_at: leaf.path.clone().into_string(),
                value,
                ground,
            })
        })
        .collect()
}

/// A scalar of the reply that stands in objects only.
struct Leaf<'r, 'a> {
    name: &'r str,
    plain_name: String,
    value: &'r Json<'a>,
    path: NormalizedPath,
    depth: usize,
}

impl Leaf<'_, '_> {
    /// The shortest key that finds just this place: its name, otherwise its normalized path. None when that
    /// is too long for a key.
    fn key(&self, reply: &Reply<'_>) -> Option<String> {
        let by_name = Key::parse(self.name).ok().filter(|key| {
            find(key, reply).is_some_and(|found| !found.is_ambiguous && found.path == self.path)
        });
        let by_path = || Key::parse(&self.path.clone().into_string()).ok();
        by_name.or_else(by_path).map(|key| key.as_str().to_owned())
    }
}

fn leaves<'r, 'a>(reply: &'r Reply<'a>) -> Vec<Leaf<'r, 'a>> {
    let mut leaves = Vec::new();
    gather(reply.root(), &NormalizedPath::default(), 0, &mut leaves);
    leaves
}

fn gather<'r, 'a>(
    json: &'r Json<'a>,
    path: &NormalizedPath,
    depth: usize,
    leaves: &mut Vec<Leaf<'r, 'a>>,
) {
    let Json::Object(members) = json else { return };
    for member in members {
        let path = path.clone().name(&member.name);
        match &member.value {
            Json::Object(_) => gather(&member.value, &path, depth + 1, leaves),
            Json::Null | Json::Array(_) => {}
            value => leaves.push(Leaf {
                name: &member.name,
                plain_name: plain(&member.name),
                value,
                path,
                depth,
            }),
        }
    }
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// How well a name fits: by what, and the rank of the name that it fits.
fn grade(name: &str, names: &[&str]) -> Option<(Ground, usize)> {
    if let Some(rank) = names.iter().position(|known| *known == name) {
        return Some((Ground::Name, rank));
    }
    // Short names end too many others: `void` ends in `id`.
    let ends = |known: &&str| known.chars().count() > 3 && name.ends_with(*known);
    let rank = names.iter().position(ends)?;
    Some((Ground::NameEnds, rank))
}

#[cfg(test)]
mod tests {
    use super::super::{coerce::GenderSynonyms, reply::ReplyLimits};
    use super::*;
    use crate::time::Timestamp;

    /// (property, key, where it leads)
    fn suggested(text: &str) -> Vec<(String, String, String)> {
        let synonyms = GenderSynonyms::default();
        let coercion = Coercion::new(Timestamp::from_seconds(1_795_435_200), &synonyms);
        let reply = Reply::parse(text.as_bytes(), ReplyLimits::default()).unwrap();
        let suggestions = suggest(&reply, &coercion).into_iter();
        suggestions
            .map(|suggestion| {
                let key = Key::parse(&suggestion.entry.key).unwrap();
                let found = find(&key, &reply).unwrap();
                assert_eq!(
                    found.path.into_string(),
                    suggestion.found_at,
                    "a key leads to its place"
                );
                (
                    suggestion.entry.property,
                    suggestion.entry.key,
                    suggestion.found_at,
                )
            })
            .collect()
    }

    #[test]
    fn names_and_shapes_decide() {
        let text = r#"{
            "id": "not an id!", "void": "7", "user": {"userId": 7, "email": "a@b.example"},
            "person": {"sex": "F", "Date-of-Birth": "1990-05-15", "birthday": "soon"},
            "names": {"family_name": "Doe", "their_given_name": "John", "nick.name": ""},
            "friend": {"display_name": "Bob"}, "pet": {"display_name": "Rex"}
        }"#;
        let expected = [
            ("birthday", "Date-of-Birth", "$['person']['Date-of-Birth']"),
            (
                "nickname",
                "$['friend']['display_name']",
                "$['friend']['display_name']",
            ),
            (
                "first_name",
                "their_given_name",
                "$['names']['their_given_name']",
            ),
            ("last_name", "family_name", "$['names']['family_name']"),
            ("gender", "sex", "$['person']['sex']"),
            ("server_custom_id", "userId", "$['user']['userId']"),
        ];
        let expected =
            expected.map(|(property, key, path)| (property.into(), key.into(), path.into()));
        assert_eq!(suggested(text), expected);
    }

    #[test]
    fn nothing_is_suggested_from_arrays_and_from_nothing() {
        assert_eq!(suggested("{}"), []);
        assert_eq!(
            suggested(r#"{"players":[{"player_id":1}],"gender":null}"#),
            []
        );
        let name = format!("{}nickname", "x".repeat(300));
        assert_eq!(suggested(&format!(r#"{{"{name}":"a"}}"#)), []);
    }
}
