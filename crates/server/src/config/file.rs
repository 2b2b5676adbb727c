//! Settings from a TOML file: flat, the keys are the names of the flags.

use std::path::Path;

use toml::Value;

use super::given::Values;
use super::nearest::nearest;
use super::problem::Problem;
use super::settings::{self, Setting};

/// Reads the settings in `text`, the content of the file at `path`.
pub(super) fn read(path: &Path, text: &str, problems: &mut Vec<Problem>) -> Values {
    let shown = path.display().to_string();
    let table = match text.parse::<toml::Table>() {
        Ok(table) => table,
        Err(error) => {
            // only the message and the line: the library's full text quotes the line, which may hold a secret
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.matches('\n').count() + 1);
            let reason = format!("line {line} is not TOML: {}", error.message());
            problems.push(Problem::new(shown, reason));
            return Values::new();
        }
    };
    let mut values = Values::new();
    for (key, value) in table {
        let name = format!("{key} in {shown}");
        let Some(setting) = settings::find(&key).filter(|setting| setting.is_in_file()) else {
            problems.push(Problem::new(name, unknown(&key)));
            continue;
        };
        match texts(setting, value) {
            Some(texts) => {
                values.insert(setting.name, texts);
            }
            None => {
                let right = if setting.is_list {
                    "give a text or a list of texts"
                } else {
                    "give a text or a whole number"
                };
                problems.push(Problem::new(name, format!("has the wrong type; {right}")));
            }
        }
    }
    values
}

fn texts(setting: &Setting, value: Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Array(members) if setting.is_list => members
            .into_iter()
            .map(|member| match member {
                Value::String(text) => Some(text),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

fn unknown(key: &str) -> String {
    match nearest(key).filter(|near| *near != key) {
        Some(near) => format!("there is no such setting; did you mean `{near}`?"),
        None if settings::find(key).is_some() => {
            "cannot stand in the file; give it as flag or variable".to_owned()
        }
        None => "there is no such setting; `meibo serve --help` lists them".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Values, Vec<String>) {
        let mut problems = Vec::new();
        let values = read(Path::new("meibo.toml"), text, &mut problems);
        (values, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_setting_but_the_files_own_has_a_key() {
        for setting in settings::ALL {
            let (values, problems) = read_text(&format!("{} = \"x\"", setting.name));
            assert_eq!(values.contains_key(setting.name), setting.is_in_file());
            assert_eq!(problems.is_empty(), setting.is_in_file(), "{problems:?}");
        }
    }

    #[test]
    fn texts_numbers_and_lists_are_read() {
        let (values, problems) = read_text(
            "max-connections = 5\nlisten = ['[::1]:1', 'localhost:2']\ndata-dir = 'd'\n\
             trusted-proxies = []",
        );
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(values["max-connections"], ["5"]);
        assert_eq!(values["listen"], ["[::1]:1", "localhost:2"]);
        assert_eq!(values["data-dir"], ["d"]);
        assert!(values["trusted-proxies"].is_empty());
    }

    #[test]
    fn wrong_keys_and_types_are_named() {
        for (text, expected) in [
            (
                "data_dir = 'd'",
                "data_dir in meibo.toml: there is no such setting; did you mean `data-dir`?",
            ),
            (
                "colour = 1",
                "colour in meibo.toml: there is no such setting; `meibo serve --help` lists them",
            ),
            (
                "config = 'x'",
                "config in meibo.toml: cannot stand in the file; give it as flag or variable",
            ),
            (
                "[listen]\nport = 1",
                "listen in meibo.toml: has the wrong type; give a text or a list of texts",
            ),
            (
                "data-dir = ['a']",
                "data-dir in meibo.toml: has the wrong type; give a text or a whole number",
            ),
            (
                "max-connections = 1.5",
                "max-connections in meibo.toml: has the wrong type; give a text or a whole number",
            ),
        ] {
            assert_eq!(read_text(text).1, [expected]);
        }
    }

    #[test]
    fn broken_files_are_reported_by_line_without_their_text() {
        for text in [
            "a = 1\nsecret-key = \"s3cret",
            "\nsecret-key = s3cret",
            "x = 1\nsecret-key = 's3cret'\nsecret-key = 's3cret'",
        ] {
            let (values, problems) = read_text(text);
            assert!(values.is_empty());
            let [problem] = problems.as_slice() else {
                panic!("{problems:?}");
            };
            assert!(problem.starts_with("meibo.toml: line "), "{problem}");
            assert!(!problem.contains("line 1 "), "{problem}");
            assert!(!problem.contains("s3cret"), "{problem}");
        }
    }
}
