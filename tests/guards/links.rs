//! What a document points at is there: links, headings, and files named in `code`.

use std::path::{Component, Path, PathBuf};

use super::tree::TextFile;
use super::{assert_none, tree};

/// Documents of record: they may name files that are gone since.
const RECORDS: &[&str] = &["CHANGELOG.md", "docs/adr/"];

#[test]
fn links_lead_somewhere() {
    let files = tree::text_files();
    let mut offenders = Vec::new();
    for file in files.iter().filter(|file| file.is_markdown()) {
        for (number, line) in prose(&file.text) {
            for link in links(&without_code(line)) {
                if let Err(why) = follow(file, &link, &files) {
                    offenders.push(format!("{}:{number}: {link}: {why}", file.path));
                }
            }
        }
    }
    assert_none(&offenders, "Correct these links:");
}

#[test]
fn files_named_in_documents_exist() {
    let files = tree::text_files();
    let mut offenders = Vec::new();
    for file in files.iter().filter(|file| file.is_markdown()) {
        if RECORDS.iter().any(|record| file.path.starts_with(record)) {
            continue;
        }
        for (number, line) in prose(&file.text) {
            for name in code_spans(line) {
                if names_file(name) && !exists_near(file, name) {
                    offenders.push(format!("{}:{number}: {name}", file.path));
                }
            }
        }
    }
    assert_none(&offenders, "These documents name files that do not exist:");
}

/// Numbered lines outside of fenced code.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_fenced = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let is_fence = ["```", "~~~"]
            .iter()
            .any(|fence| line.trim_start().starts_with(fence));
        is_fenced ^= is_fence;
        (!is_fence && !is_fenced).then_some((at + 1, line))
    })
}

/// What stands between single backticks.
fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// Targets of `[text](target)`, `[name]: target` and of `src` and `href`.
fn links(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (opening, closing) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
        for rest in line.split(opening).skip(1) {
            found.extend(rest.split(closing).next());
        }
    }
    if line.starts_with('[')
        && let Some((_, target)) = line.split_once("]: ")
    {
        found.push(target);
    }
    found
        .into_iter()
        .filter_map(|target| target.split_whitespace().next())
        .map(|target| target.trim_matches(['<', '>']).to_owned())
        .collect()
}

fn follow(from: &TextFile, link: &str, files: &[TextFile]) -> Result<(), String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return Ok(());
    }
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() {
        from.path.clone()
    } else {
        resolve(from, path)
    };
    if !tree::root().join(&target).exists() {
        return Err(format!("there is no {target}"));
    }
    let Some(document) = files
        .iter()
        .find(|file| file.path == target && file.is_markdown())
    else {
        return Ok(());
    };
    if heading.is_empty()
        || anchors(&document.text)
            .iter()
            .any(|anchor| anchor == heading)
    {
        return Ok(());
    }
    Err(format!("{target} has no such heading"))
}

/// `path` as seen from `from`, relative to the repository; `..` is taken out.
fn resolve(from: &TextFile, path: &str) -> String {
    let base = match path.strip_prefix('/') {
        Some(_) => Path::new(""),
        None => Path::new(&from.path).parent().unwrap_or(Path::new("")),
    };
    let mut resolved = PathBuf::new();
    for component in base.join(path.trim_start_matches('/')).components() {
        match component {
            Component::ParentDir => {
                resolved.pop();
            }
            Component::Normal(name) => resolved.push(name),
            _ => {}
        }
    }
    resolved.to_string_lossy().into_owned()
}

/// Anchors of headings as repository hosts make them: lower case, spaces to hyphens, punctuation dropped.
fn anchors(text: &str) -> Vec<String> {
    let headings = prose(text).filter(|(_, line)| line.starts_with('#'));
    headings
        .map(|(_, line)| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// A path from a top folder of the repository, or a Markdown file; nothing with a placeholder in it.
fn names_file(name: &str) -> bool {
    let is_path = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
    let Some((top, _)) = name.split_once('/') else {
        return is_path && name.ends_with(".md") && name != ".md";
    };
    let is_ours = !top.is_empty() && !top.starts_with("..") && top != "." && top != "target";
    is_path && is_ours && tree::root().join(top).is_dir()
}

fn exists_near(file: &TextFile, name: &str) -> bool {
    let root = tree::root();
    root.join(name).exists() || root.join(resolve(file, name)).exists()
}

#[test]
fn targets_are_read_out_of_lines() {
    let line = "see [a](b.md#c) and ![d](e.png \"title\"), `[x](y)`, <img src=\"f.svg\">";
    assert_eq!(links(&without_code(line)), ["b.md#c", "e.png", "f.svg"]);
    assert_eq!(links("[name]: docs/x.md"), ["docs/x.md"]);
    assert_eq!(code_spans("a `b` c `d`").collect::<Vec<_>>(), ["b", "d"]);
    assert_eq!(
        anchors("# A, b & `C`!\n```\n# no\n```\n## D e"),
        ["a-b--c", "d-e"]
    );
}

#[test]
fn dead_links_are_found() {
    let text = "# Here\n".to_owned();
    let file = TextFile {
        path: "docs/made-up.md".to_owned(),
        text,
    };
    assert_eq!(resolve(&file, "../LICENSE"), "LICENSE");
    for (link, expected) in [
        ("../LICENSE", true),
        ("/LICENSE", true),
        ("https://example.com/nowhere", true),
        ("../NO-SUCH-FILE", false),
        ("LICENSE", false),
    ] {
        assert_eq!(follow(&file, link, &[]).is_ok(), expected, "{link}");
    }
    let own = TextFile {
        path: "LICENSE.md".to_owned(),
        text: "# Terms of use".to_owned(),
    };
    let from = TextFile {
        path: "SECURITY.md".to_owned(),
        text: "# Reports".to_owned(),
    };
    let files = [own, from];
    assert!(follow(&files[1], "#reports", &files).is_ok());
    assert!(follow(&files[1], "#nothing", &files).is_err());
    assert!(names_file("tests/no_such_file.rs") && !exists_near(&file, "tests/no_such_file.rs"));
    assert!(!names_file("application/json") && !names_file("tests/<name>.rs"));
}
