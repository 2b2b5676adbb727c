//! Nothing unfinished and nothing of one machine is left in the tree.

use super::{assert_none, tree};

// Put together here, so that this file does not find itself.
const MARKS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
];
const MACROS: &[&str] = &[
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("#[", "ignore"),
];
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/")];

#[test]
fn nothing_is_left_unfinished() {
    let offenders: Vec<String> = tree::text_files()
        .iter()
        .flat_map(|file| file.lines_where(is_unfinished))
        .collect();
    assert_none(
        &offenders,
        "Finish these, or write an issue and remove the mark:",
    );
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    let offenders: Vec<String> = tree::text_files()
        .iter()
        .flat_map(|file| file.lines_where(names_machine_path))
        .collect();
    assert_none(
        &offenders,
        "Name these paths relative to the repository or as a setting:",
    );
}

fn is_unfinished(line: &str) -> bool {
    MARKS.iter().any(|mark| has_word(line, mark)) || MACROS.iter().any(|name| line.contains(name))
}

/// Whether `word` stands in `line` with no letter, digit or underscore beside it.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_word_part) && !after.is_some_and(is_word_part)
    })
}

/// A folder at the root of a file system, not one inside a longer path or URL.
fn names_machine_path(line: &str) -> bool {
    MACHINE_PATHS.iter().any(|path| {
        line.match_indices(path).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|c| is_word_part(c) || ".-~}".contains(c))
        })
    })
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn marks_are_found_as_words() {
    let [mark, _, crosses] = MARKS else {
        panic!("three marks are looked for")
    };
    for (line, expected) in [
        (format!("// {mark}: later"), true),
        (mark.to_string(), true),
        (format!("{mark}S"), false),
        (format!("MY_{mark}"), false),
        (format!("{crosses}{crosses}"), false),
        (format!("    {})", MACROS[0]), true),
        (format!("mktemp -d name-{crosses}{crosses}"), false),
    ] {
        assert_eq!(is_unfinished(&line), expected, "{line}");
    }
    let path = MACHINE_PATHS[0];
    for (line, expected) in [
        (format!("see {path}main"), true),
        (format!("\"{path}\""), true),
        (format!("https://example.com{path}x"), false),
        (format!("./home{path}"), false),
    ] {
        assert_eq!(names_machine_path(&line), expected, "{line}");
    }
}
